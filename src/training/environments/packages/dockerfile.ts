import { condaDependency, readCondaFile } from './conda.ts'
import { curatedEnvironment, curatedName } from './curated.ts'
import { problemOf, requirementLines } from './requirement.ts'

/** The text files of a build context, by path relative to it. */
export type ContextFiles = Readonly<Record<string, string>>

/** What a Dockerfile installs for Python, in pip's words. */
export interface DockerfileContent {
  /** PEP 440 specifiers of the interpreter; '' for any. */
  readonly python: string
  readonly requirements: readonly string[]
  readonly variables: Readonly<Record<string, string>>
  readonly notes: readonly string[]
}

/**
 * Reads what a Dockerfile installs with pip and conda, so that an environment with a build context can stand where no
 * image can be built: `FROM python:3.11`, `RUN pip install …`, `RUN conda …`, `ENV`. Everything else (system packages,
 * scripts) is not done, and noted. Files are found by their path or, once copied elsewhere, by their name.
 */
export function readDockerfile(dockerfile: string, files: ContextFiles): DockerfileContent {
  const found = instructions(dockerfile).map(({ instruction, rest }): Partial<DockerfileContent> => {
    if (instruction === 'FROM') return baseImage(rest)
    if (instruction === 'ENV') return { variables: assignments(rest) }
    if (instruction !== 'RUN') return {}
    return merge(rest.split(/&&|\|\||;/).map((command) => shellCommand(command.trim(), files)))
  })
  return merge(found)
}

function merge(parts: readonly Partial<DockerfileContent>[]): DockerfileContent {
  return {
    python: parts.findLast((part) => part.python)?.python ?? '',
    requirements: [...new Set(parts.flatMap((part) => part.requirements ?? []))],
    variables: Object.assign({}, ...parts.map((part) => part.variables)) as Readonly<Record<string, string>>,
    notes: parts.flatMap((part) => part.notes ?? []),
  }
}

function baseImage(rest: string): Partial<DockerfileContent> {
  const image = rest.split(/\s+/).find((word) => !word.startsWith('--')) ?? ''
  const version = /(?:^|\/)python:(\d+(?:\.\d+)?)/.exec(image)?.[1]
  return {
    ...curatedEnvironment(curatedName(image) ?? ''),
    ...(version === undefined ? {} : { python: `==${version}.*` }),
  }
}

function shellCommand(command: string, files: ContextFiles): Partial<DockerfileContent> {
  const words = wordsOf(command)
  const installed = installedBy(words, files)
  if (installed) return installed
  if (words.length === 0 || /^(echo|rm|mkdir|cd|true|set|export)$/.test(words[0] ?? '')) return {}
  return { notes: [`The Dockerfile's ${command.slice(0, 80)} is not run on this machine.`] }
}

/** What a command of pip, uv or conda installs; undefined for any other. */
function installedBy(words: readonly string[], files: ContextFiles): Partial<DockerfileContent> | undefined {
  const module = words[1] === '-m' && /python[\d.]*$/.test(words[0] ?? '')
  const [program = '', ...rest] = module ? words.slice(2) : words
  const verb = rest.find((word) => verbs.has(word)) ?? ''
  const after = rest.slice(rest.indexOf(verb) + 1)
  if (/(^|\/)uv$/.test(program) && verb === 'pip') return installedBy(['pip', ...after], files)
  if (/(^|\/)pip[\d.]*$/.test(program) && verb === 'install') return pipInstall(after, files)
  if (!/(^|\/)(conda|mamba|micromamba)$/.test(program) || verb === '') return undefined
  const at = after.findIndex((word) => word === '-f' || word === '--file')
  if (at >= 0) return fromFile(after[at + 1] ?? '', files, readCondaFile)
  return verb === 'env' ? {} : condaInstall(after)
}

function pipInstall(words: readonly string[], files: ContextFiles): DockerfileContent {
  const found: Partial<DockerfileContent>[] = []
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? ''
    const [option, joined] = word.startsWith('--') ? splitOnce(word, '=') : [word, undefined]
    const value = joined ?? words[i + 1] ?? ''
    if (option === '-r' || option === '--requirement')
      found.push(fromFile(value, files, (text) => ({ requirements: requirementLines(text) })))
    else if (indexOptions.has(option)) found.push({ requirements: [`${option} ${value}`] })
    else if (!word.startsWith('-'))
      found.push(
        problemOf(word) === undefined && !word.includes('$')
          ? { requirements: [word] }
          : { notes: [`The Dockerfile's pip install ${word} is not done on this machine.`] },
      )
    if (joined === undefined && (indexOptions.has(option) || otherOptions.has(option))) i++
  }
  return merge(found)
}

function condaInstall(words: readonly string[]): Partial<DockerfileContent> {
  const options = new Set(['-c', '--channel', '-n', '--name', '-p', '--prefix'])
  const packages = words.filter((word, i) => !word.startsWith('-') && !options.has(words[i - 1] ?? ''))
  return readCondaFile({ dependencies: packages.filter((word) => condaDependency(word) !== undefined) })
}

function fromFile(
  path: string,
  files: ContextFiles,
  read: (text: string) => Partial<DockerfileContent>,
): Partial<DockerfileContent> {
  const text = findFile(path, files)
  if (text !== undefined) return read(text)
  return { notes: [`The build context has no file ${path}: what it lists is not installed.`] }
}

/** What pip, conda and uv are told to do, of what matters here. */
const verbs = new Set(['install', 'create', 'update', 'env', 'pip'])

/** Options of pip install that say where packages come from; each has a value. */
const indexOptions = new Set(['-i', '--index-url', '--extra-index-url', '-f', '--find-links'])

/** Its other options that are followed by a value. */
const otherOptions = new Set(
  '-r --requirement -c --constraint -t --target --prefix --timeout --retries --trusted-host --cache-dir'.split(
    ' ',
  ),
)

function instructions(text: string): readonly { readonly instruction: string; readonly rest: string }[] {
  return text
    .split(/\r?\n/)
    .filter((line) => !/^\s*#/.test(line))
    .join('\n')
    .replaceAll(/\\[ \t]*\n/g, ' ')
    .split('\n')
    .flatMap((line) => {
      const [, instruction = '', rest = ''] = /^\s*([A-Za-z]+)\s+(.*)$/.exec(line) ?? []
      return instruction === '' ? [] : [{ instruction: instruction.toUpperCase(), rest: rest.trim() }]
    })
}

/** Words of a shell command, quotes taken off. */
const wordsOf = (command: string): readonly string[] =>
  Array.from(command.matchAll(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g), ([word]) => word.replaceAll(/["']/g, ''))

function assignments(text: string): Readonly<Record<string, string>> {
  const words = wordsOf(text).map((word) => splitOnce(word, '='))
  // `ENV NAME some value` is the older way.
  if (words[0]?.[1] === undefined) return { [words[0]?.[0] ?? '']: text.replace(/^\S+\s+/, '') }
  return Object.fromEntries(
    words.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])),
  )
}

function findFile(path: string, files: ContextFiles): string | undefined {
  const relative = path.replace(/^(\.?\/)+/, '')
  if (files[relative] !== undefined) return files[relative]
  const name = relative.split('/').at(-1)
  const found = Object.keys(files).filter((file) => file.split('/').at(-1) === name)
  return found.length === 1 ? files[found[0] ?? ''] : undefined
}

function splitOnce(text: string, separator: string): [string, string | undefined] {
  const at = text.indexOf(separator)
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + separator.length)]
}
