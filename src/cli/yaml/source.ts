import { readFile } from 'node:fs/promises'
import { dirname, relative, resolve } from 'node:path'
import { LineCounter, isAlias, isMap, isScalar, isSeq, parseDocument } from 'yaml'
import type { Document, Node, Pair } from 'yaml'
import { Failure } from '../failure.ts'
import type { Problem } from './problem.ts'

/** Where in a document something stands: keys of maps and places in lists. */
export type Path = readonly (string | number)[]

/** A YAML file that was read, with every position kept. */
export interface Source {
  /** As shown in messages: relative to the working folder. */
  readonly file: string
  /** Folder that relative paths in it are relative to. */
  readonly folder: string
  readonly text: string
  readonly document: Document
  readonly lines: LineCounter
}

/** Half-open range of offsets in a source's text. */
export type Range = readonly [start: number, end: number]

/** Reads a file; a missing one is a Failure. `file` is relative to `cwd`. */
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
  return parseSource(text, relative(cwd, path) || path, dirname(path))
}

/** Parses YAML 1.2 with merge keys. Mistakes are in `document.errors`; see `syntaxProblems`. */
export function parseSource(text: string, file: string, folder: string): Source {
  const lines = new LineCounter()
  // Duplicate keys are found again, as warnings, while the document is checked: old templates have them.
  const document = parseDocument(text, {
    lineCounter: lines,
    uniqueKeys: false,
    merge: true,
    prettyErrors: false,
  })
  return { file, folder, text, document, lines }
}

/** What the parser refuses. */
export function syntaxProblems(source: Source): readonly Problem[] {
  return source.document.errors.map((error) => ({
    source,
    range: error.pos,
    severity: 'error',
    message: `this is not YAML: ${error.message}`,
  }))
}

/** The node itself, or the one that an alias stands for. */
export function resolved(source: Source, node: unknown): Node | null | undefined {
  return isAlias(node) ? resolved(source, node.resolve(source.document)) : (node as Node | null | undefined)
}

/** A map's pairs with merge keys spread; of a key that stands twice, all pairs in order. */
export function pairsOf(source: Source, node: unknown): readonly Pair[] {
  const map = resolved(source, node)
  if (!isMap(map)) return []
  const own = map.items.filter((pair) => keyText(pair) !== '<<')
  const names = new Set(own.map(keyText))
  const merged = map.items
    .filter((pair) => keyText(pair) === '<<')
    .flatMap((pair) => {
      const value = resolved(source, pair.value)
      return isSeq(value) ? value.items.flatMap((item) => pairsOf(source, item)) : pairsOf(source, value)
    })
  return [...merged.filter((pair) => !names.has(keyText(pair))), ...own]
}

export function keyText(pair: Pair): string {
  return isScalar(pair.key) ? (pair.key.source ?? String(pair.key.value)) : String(pair.key)
}

/** The node at a path, or undefined. */
export function nodeAt(source: Source, path: Path): Node | null | undefined {
  let node = resolved(source, source.document.contents)
  for (const step of path) {
    node =
      typeof step === 'number'
        ? isSeq(node)
          ? resolved(source, node.items[step])
          : undefined
        : resolved(source, pairsOf(source, node).findLast((pair) => keyText(pair) === step)?.value)
  }
  return node
}

/**
 * Range of the value at a path, or of its key; of what is missing, of the nearest thing above it. Undefined for what was
 * never in the file: it came from `--set`.
 */
export function rangeAt(source: Source, path: Path, part: 'key' | 'value' = 'value'): Range | undefined {
  const last = path.at(-1)
  if (part === 'key' && typeof last === 'string') {
    const pair = pairsOf(source, nodeAt(source, path.slice(0, -1))).findLast((p) => keyText(p) === last)
    if (isScalar(pair?.key)) return pair.key.range ? [pair.key.range[0], pair.key.range[1]] : undefined
  }
  const node = nodeAt(source, path)
  if (node !== null && node !== undefined) return node.range ? [node.range[0], node.range[1]] : undefined
  return path.length === 0 ? [0, 0] : rangeAt(source, path.slice(0, -1), 'key')
}

/** Whether an offset lies in the value at a path or in its key. */
export function isWithin(source: Source, path: Path, offset: number): boolean {
  const value = rangeAt(source, path)
  const start = rangeAt(source, path, 'key')?.[0]
  return value !== undefined && start !== undefined && start <= offset && offset < value[1]
}

/** Range of `text` inside the value at a path (an expression within a command), or of the whole value. */
export function rangeOf(source: Source, path: Path, text: string): Range | undefined {
  const range = rangeAt(source, path)
  if (range === undefined) return undefined
  const found = source.text.slice(...range).indexOf(text)
  return found < 0 ? range : [range[0] + found, range[0] + found + text.length]
}

/** `jobs.train.inputs.rate`, `schedules[0].action`. */
export function dotted(path: Path): string {
  return path
    .map((step, i) => (typeof step === 'number' ? `[${step}]` : i === 0 ? step : `.${step}`))
    .join('')
}
