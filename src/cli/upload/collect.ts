import { createHash } from 'node:crypto'
import { createReadStream, openAsBlob } from 'node:fs'
import { readdir, realpath, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { Failure } from '../failure.ts'
import { readIgnore } from './ignore.ts'
import type { Upload, UploadFile } from './upload.ts'

/**
 * Lists and hashes what is at `path`, less what its ignore file leaves out. `includes` are files and folders from
 * elsewhere that are laid beside its own. Throws a Failure if there is nothing to upload.
 */
export async function collect(path: string, includes: readonly string[] = []): Promise<Upload> {
  let isFolder: boolean
  try {
    isFolder = (await stat(path)).isDirectory()
  } catch (error) {
    throw new Failure(`there is no ${path} to upload`, { cause: error })
  }
  const files = isFolder ? await filesBelow(path) : [await fileAt(path, basename(path))]
  for (const include of includes) files.push(...(await includedFiles(include)))
  if (files.length === 0)
    throw new Failure(`${path} has no files to upload`, {
      hint: 'is everything in its .amlignore or .gitignore?',
    })
  files.sort((a, b) => (a.name < b.name ? -1 : 1))
  return { leaf: basename(path), isFolder, files, hash: await hashOf(files) }
}

async function includedFiles(include: string): Promise<readonly UploadFile[]> {
  const leaf = basename(include)
  if (!(await stat(include)).isDirectory()) return [await fileAt(include, leaf)]
  return (await filesBelow(include)).map((file) => ({ ...file, name: `${leaf}/${file.name}` }))
}

async function filesBelow(root: string): Promise<UploadFile[]> {
  const ignored = await readIgnore(root)
  const files: UploadFile[] = []
  // Links to folders are followed, as Azure's SDK does, but never round in a circle.
  const walk = async (folder: string, prefix: string, above: readonly string[]) => {
    const real = await realpath(folder)
    if (above.includes(real)) return
    for (const entry of await readdir(folder)) {
      const path = join(folder, entry)
      const name = prefix + entry
      const found = await stat(path)
      if (found.isDirectory()) {
        if (!ignored(`${name}/`)) await walk(path, `${name}/`, [...above, real])
      } else if (found.isFile() && !ignored(name)) files.push(fileOf(path, name, found.size))
    }
  }
  await walk(root, '', [])
  return files
}

async function fileAt(path: string, name: string): Promise<UploadFile> {
  return fileOf(path, name, (await stat(path)).size)
}

const fileOf = (path: string, name: string, size: number): UploadFile => ({
  path,
  name,
  size,
  open: () => openAsBlob(path),
})

async function hashOf(files: readonly UploadFile[]): Promise<string> {
  const hash = createHash('sha256')
  for (const file of files) {
    hash.update(`${file.name}\0${file.size}\0`)
    for await (const chunk of createReadStream(file.path) as AsyncIterable<Buffer>) hash.update(chunk)
  }
  return hash.digest('hex')
}
