import { LineCounter, isAlias, isMap, isScalar, isSeq, parseDocument } from 'yaml'
import type { Document, Node, Pair } from 'yaml'
import type { Mistake } from '../../kernel/grammar/place.ts'
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
  readonly reach: Reach
}

/** What whoever reads a file can reach beside it: the files of a machine, or what a browser was given; the server's grammars. */
export interface Reach {
  /** The path that a path written in a file of `folder` stands for. */
  resolve(folder: string, path: string): string
  /** Reads the YAML file at a path; throws a Failure where there is none. */
  open(path: string): Promise<Source>
  /** What there is at a path: a file, the names in a folder, or undefined for nothing. */
  look(path: string): Promise<'file' | readonly string[] | undefined>
  /** What to say to somebody whose path leads nowhere from a folder: where it was looked for. */
  lookedIn(folder: string): string
  readonly grammars: Grammars
}

/** Documents of which some or all is a grammar of the server's own. */
export type Grammar =
  | 'dataContract'
  | 'releasePlan'
  | 'alertRule'
  | 'alertRouting'
  | 'silence'
  | 'repository'
  | 'signal'

/** What a grammar says of the words that stand at a path; the mistakes' paths begin with it. */
export type Judge = (words: Readonly<Record<string, unknown>>, path: Path) => readonly Mistake[]

/** Makes the judge of a document's words: by the grammar itself, or with what a server said of that document. */
export type Grammars = Readonly<Record<Grammar, (source: Source) => Promise<Judge>>>

/** Half-open range of offsets in a source's text. */
export type Range = readonly [start: number, end: number]

/** Parses YAML 1.2 with merge keys. Mistakes are in `document.errors`; see `syntaxProblems`. */
export function parseSource(text: string, file: string, folder: string, reach: Reach): Source {
  const lines = new LineCounter()
  // Duplicate keys are found again, as warnings, while the document is checked: old templates have them.
  const document = parseDocument(text, {
    lineCounter: lines,
    uniqueKeys: false,
    merge: true,
    prettyErrors: false,
  })
  return { file, folder, text, document, lines, reach }
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
