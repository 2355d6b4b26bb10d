import { readFile, readdir } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The templates lie beside `src/` in the repository and beside `dist/` in the package: as deep below either. */
const root = fileURLToPath(new URL('../../../../templates/project', import.meta.url))

/** Folders of templates whose files go elsewhere than they lie. */
const places: Readonly<Record<string, string>> = {
  github: '.github/workflows',
  'azure-pipelines': '.azure-pipelines',
}

/** Files that npm would not pack, or that git would obey here, under their names in a project. */
const renamed: Readonly<Record<string, string>> = { gitignore: '.gitignore' }

/**
 * The files of some template folders by their path in the project, with each `<<word>>` replaced. Throws for a word that
 * has no value: a template is wrong then, never the user.
 */
export async function fillTemplates(
  folders: readonly string[],
  words: Readonly<Record<string, string>>,
): Promise<ReadonlyMap<string, string>> {
  const files = new Map<string, string>()
  for (const folder of folders)
    for (const entry of await readdir(join(root, folder), { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue
      const path = relative(join(root, folder), join(entry.parentPath, entry.name)).split(sep).join('/')
      const text = await readFile(join(entry.parentPath, entry.name), 'utf8')
      files.set(join(places[folder] ?? '', renamed[path] ?? path), fill(text, words, path))
    }
  return files
}

const fill = (text: string, words: Readonly<Record<string, string>>, path: string) =>
  text.replaceAll(/<<(\w+)>>/g, (_, word: string) => {
    const value = words[word]
    if (value === undefined) throw new Error(`the template ${path} wants <<${word}>>, which nobody gives`)
    return value
  })
