import { readFile, readdir } from 'node:fs/promises'
import { dirname, relative, resolve } from 'node:path'
import { Failure } from '../failure.ts'
import { grammars } from './grammars.ts'
import { parseSource } from './source.ts'
import type { Reach, Source } from './source.ts'

/** Reads a file of this machine; a missing one is a Failure. `file` is relative to `cwd`. */
export async function readSource(file: string, cwd: string): Promise<Source> {
  const path = resolve(cwd, file)
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ERR_INVALID_ARG_VALUE')
      throw new Failure(`there is no file ${file}`, { cause: error })
    if (code === 'EISDIR') throw new Failure(`${file} is a folder, not a YAML file`, { cause: error })
    throw error
  }
  return parseSource(text, relative(cwd, path) || path, dirname(path), disk)
}

/** What a process reaches: the files of its machine, and the grammars themselves. */
export const disk: Reach = {
  resolve,
  open: (path) => readSource(path, process.cwd()),
  async look(path) {
    try {
      return await readdir(path)
    } catch (error) {
      return (error as NodeJS.ErrnoException).code === 'ENOTDIR' ? 'file' : undefined
    }
  },
  lookedIn: (folder) => `looked in ${folder}`,
  grammars,
}
