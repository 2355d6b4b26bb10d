import type { CodeFile } from '../../../api/code.ts'

/** A folder of code: its folders and files, each in the order of their names. */
export interface Folder {
  readonly name: string
  /** From the outermost folder on; '' for that one. */
  readonly path: string
  readonly folders: readonly Folder[]
  readonly files: readonly CodeFile[]
}

/** Files by their paths as folders within folders. */
export function treeOf(files: readonly CodeFile[], path = '', name = ''): Folder {
  const below = path === '' ? '' : `${path}/`
  const own = files.filter((file) => file.path.startsWith(below))
  const isHere = (file: CodeFile) => !file.path.slice(below.length).includes('/')
  const names = new Set(
    own.filter((file) => !isHere(file)).map((file) => file.path.slice(below.length).split('/')[0] ?? ''),
  )
  return {
    name,
    path,
    folders: [...names].toSorted().map((one) => treeOf(own, `${below}${one}`, one)),
    files: own.filter(isHere).toSorted((a, b) => (a.path < b.path ? -1 : 1)),
  }
}

/** The file that a command runs, else what is read first, else the first one. */
export function firstFile(files: readonly CodeFile[], command = ''): CodeFile | undefined {
  const words = command.split(/[\s'"]+/).map((word) => word.replace(/^\.\//, ''))
  const named = (word: string) =>
    files.find(({ path }) => path === word || path === `${word.replaceAll('.', '/')}.py`)
  const run = words.map((word) => (word === '' ? undefined : named(word))).find((file) => file !== undefined)
  const [first] = files.toSorted((a, b) => depth(a) - depth(b) || (a.path < b.path ? -1 : 1))
  return run ?? files.find(({ path }) => /^readme(?:\.\w+)?$/i.test(path)) ?? first
}

const depth = ({ path }: CodeFile) => path.split('/').length

/** A place in the code of a job that its log speaks of. */
export interface Spot {
  readonly file: string
  readonly line: number
}

/** Where a job's process has its code, as every Python of it tells in a traceback. */
const frame = /File "(?:[^"\n]*?\/jobs\/[^"/\n]+\/code\/|\.\/)?([^"\n]+?)", line (\d+)/g

/** The places that tracebacks of a log name in the job's own code, the innermost last, each once. */
export function spotsIn(log: string): readonly Spot[] {
  const found = new Map<string, Spot>()
  for (const [, file = '', line = ''] of log.matchAll(frame)) {
    if (file.startsWith('/') || file.startsWith('<')) continue
    const key = `${file}:${line}`
    found.delete(key)
    found.set(key, { file, line: Number(line) })
  }
  return [...found.values()]
}
