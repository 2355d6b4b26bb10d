import { isMap, isScalar, isSeq } from 'yaml'
import { nearest } from '../../kernel/nearest.ts'
import type { Problem } from './problem.ts'
import { dotted, keyText, pairsOf, rangeAt, resolved } from './source.ts'
import type { Grammar, Path, Source } from './source.ts'

/**
 * What a piece of YAML must look like. Reading gives its plain value and reports every problem, with its place; a value
 * that has problems is not to be used.
 */
export interface Shape<T> {
  /** For messages: `a whole number`. */
  readonly says: string
  readonly required?: boolean
  readonly form: Form
  /** Loads what reading needs and most files do not. */
  load?(source: Source): Promise<void>
  read(reading: Reading, node: unknown, path: Path): T | undefined
}

/** What a shape is made of, for whoever explains it: completion, JSON Schema, forms. */
export type Form =
  | { readonly kind: 'any' | 'boolean' }
  | { readonly kind: 'text'; readonly pattern?: RegExp | undefined }
  | { readonly kind: 'number'; readonly min?: number; readonly max?: number; readonly integer?: boolean }
  | { readonly kind: 'choice'; readonly values: readonly string[] }
  | { readonly kind: 'list' | 'map'; readonly of: Shape<unknown> }
  | {
      readonly kind: 'object'
      readonly fields: Fields
      /** Other fields may stand there, too. */
      readonly isOpen: boolean
      /** Fields of any shape are in truth what this grammar of the server says of them. */
      readonly grammar?: Grammar
    }
  /** What it is depends on what stands there. */
  | {
      readonly kind: 'choose'
      readonly pick: (look: Look) => Shape<unknown>
      readonly among?: (() => readonly Shape<unknown>[]) | undefined
    }
  /** A shape that is not there yet when this one is made. */
  | { readonly kind: 'later'; readonly shape: () => Shape<unknown> }

/** A required one is never undefined once there are no problems. */
export interface RequiredShape<T> extends Shape<T> {
  readonly required: true
}

export type Infer<S> = S extends Shape<infer T> ? T : never
export type Fields = Readonly<Record<string, Shape<unknown>>>
export type ObjectOf<F extends Fields> = {
  readonly [K in keyof F as F[K] extends { required: true } ? K : never]: Infer<F[K]>
} & { readonly [K in keyof F as F[K] extends { required: true } ? never : K]?: Infer<F[K]> | undefined }

export interface Reading {
  readonly source: Source
  readonly problems: Problem[]
}

/** Reads a whole document. */
export function readShape<T>(shape: Shape<T>, source: Source, problems: Problem[]): T | undefined {
  return shape.read({ source, problems }, source.document.contents, [])
}

export function report(
  reading: Reading,
  path: Path,
  message: string,
  options: { hint?: string | undefined; part?: 'key' | 'value'; severity?: 'error' | 'warning' } = {},
): undefined {
  const { source, problems } = reading
  problems.push({
    source,
    range: rangeAt(source, path, options.part),
    severity: options.severity ?? 'error',
    message,
    hint: options.hint,
  })
}

export function required<T>(shape: Shape<T>): RequiredShape<T> {
  return { ...shape, required: true }
}

/** Text, kept as it was written: `version: 01` stays `01`, `1e-3` stays `1e-3`. */
export function text(options: { pattern?: RegExp; says?: string } = {}): Shape<string> {
  const says = options.says ?? 'text'
  return {
    says,
    form: { kind: 'text', pattern: options.pattern },
    read(reading, node, path) {
      const scalar = resolved(reading.source, node)
      if (!isScalar(scalar)) return wrong(reading, path, says)
      const value = scalarText(scalar)
      if (options.pattern !== undefined && !options.pattern.test(value) && !isExpression(value))
        return report(reading, path, `${dotted(path)}: "${value}" is not ${says}`)
      return value
    },
  }
}

/** A literal value, as Azure's SDK sends it: text, with booleans spelled `True` and `False`. */
export function literal(): Shape<string> {
  return {
    says: 'a value',
    form: { kind: 'text' },
    read(reading, node, path) {
      const scalar = resolved(reading.source, node)
      if (!isScalar(scalar)) return wrong(reading, path, 'a value')
      return typeof scalar.value === 'boolean' ? (scalar.value ? 'True' : 'False') : scalarText(scalar)
    },
  }
}

export function number(options: { min?: number; max?: number; integer?: boolean } = {}): Shape<number> {
  const bounds = [
    options.min === undefined ? '' : ` of at least ${options.min}`,
    options.max === undefined ? '' : ` of at most ${options.max}`,
  ].join(options.min !== undefined && options.max !== undefined ? ' and' : '')
  const says = `${options.integer === true ? 'a whole number' : 'a number'}${bounds}`
  return {
    says,
    form: { kind: 'number', ...options },
    read(reading, node, path) {
      const scalar = resolved(reading.source, node)
      if (!isScalar(scalar)) return wrong(reading, path, says)
      const value =
        typeof scalar.value === 'number' ? scalar.value : Number(scalarText(scalar).trim() || Number.NaN)
      if (isExpression(scalarText(scalar))) return scalarText(scalar) as unknown as number
      const bad =
        !Number.isFinite(value) ||
        (options.integer === true && !Number.isInteger(value)) ||
        value < (options.min ?? -Infinity) ||
        value > (options.max ?? Infinity)
      return bad ? report(reading, path, `${dotted(path)}: ${scalarText(scalar)} is not ${says}`) : value
    },
  }
}

export const integer = (options: { min?: number; max?: number } = {}) => number({ ...options, integer: true })

/** true or false; YAML 1.1's yes, no, on and off too, and quoted ones. */
export function boolean(): Shape<boolean> {
  const says = 'true or false'
  return {
    says,
    form: { kind: 'boolean' },
    read(reading, node, path) {
      const scalar = resolved(reading.source, node)
      if (!isScalar(scalar)) return wrong(reading, path, says)
      const value = scalarText(scalar)
      if (/^(true|yes|on)$/i.test(value)) return true
      if (/^(false|no|off)$/i.test(value)) return false
      if (isExpression(value)) return value as unknown as boolean
      return report(reading, path, `${dotted(path)}: "${value}" is not ${says}`)
    },
  }
}

/** One of a few words, in any case and with `-` for `_`; given back in its canonical spelling. */
export function choice<const V extends string>(...values: readonly V[]): Shape<V> {
  const says = values.length === 1 ? (values[0] ?? '') : `one of ${values.join(', ')}`
  return {
    says,
    form: { kind: 'choice', values },
    read(reading, node, path) {
      const scalar = resolved(reading.source, node)
      if (!isScalar(scalar)) return wrong(reading, path, says)
      const value = scalarText(scalar)
      const plain = (word: string) => word.toLowerCase().replaceAll(/[-_]/g, '')
      const found = values.find((v) => plain(v) === plain(value))
      if (found !== undefined || isExpression(value)) return found ?? (value as V)
      const near = nearest(value, values)
      return report(reading, path, `${dotted(path)}: "${value}" is not ${says}`, {
        hint: near === undefined ? undefined : `did you mean ${near}?`,
      })
    },
  }
}

/** Anything, as plain JSON. */
export function anything(): Shape<unknown> {
  return {
    says: 'anything',
    form: { kind: 'any' },
    read: (reading, node) => resolved(reading.source, node)?.toJS(reading.source.document) as unknown,
  }
}

export function list<T>(of: Shape<T>): Shape<readonly T[]> {
  return {
    says: 'a list',
    form: { kind: 'list', of },
    read(reading, node, path) {
      const seq = resolved(reading.source, node)
      if (!isSeq(seq)) return wrong(reading, path, 'a list')
      return seq.items.map((item, i) => of.read(reading, item, [...path, i])).filter((v) => v !== undefined)
    },
  }
}

/** Names of the user's own, each with a value of the same shape; an empty value is null. */
export function map<T>(
  of: Shape<T>,
  keys?: { pattern: RegExp; says: string },
): Shape<Readonly<Record<string, T | null>>> {
  return {
    says: 'names with values',
    form: { kind: 'map', of },
    read(reading, node, path) {
      const found = resolved(reading.source, node)
      if (!isMap(found)) return wrong(reading, path, 'names with values')
      const entries: [string, T | null][] = []
      for (const [key, value] of uniquePairs(reading, found, path)) {
        const at = [...path, key]
        if (keys !== undefined && !keys.pattern.test(key))
          report(reading, at, `${dotted(at)}: "${key}" is not ${keys.says}`, { part: 'key' })
        const read = isEmpty(reading, value) ? null : of.read(reading, value, at)
        if (read !== undefined) entries.push([key, read])
      }
      return Object.fromEntries(entries)
    },
  }
}

/**
 * Named fields. An unknown one is refused with the nearest name, or (`unknown: 'warn'`, where real files have typing
 * errors that Azure lets pass) warned of and kept.
 */
export function object<const F extends Fields>(
  title: string,
  fields: F,
  options: { unknown?: 'refuse' | 'warn' | 'keep'; member?: string } = {},
): Shape<ObjectOf<F>> {
  return {
    says: title,
    form: { kind: 'object', fields, isOpen: options.unknown !== undefined && options.unknown !== 'warn' },
    read(reading, node, path) {
      const found = resolved(reading.source, node)
      if (!isMap(found)) return wrong(reading, path, title)
      const values: Record<string, unknown> = {}
      for (const [key, value] of uniquePairs(reading, found, path)) {
        const at = [...path, key]
        // A key may be the name of what every object has.
        const shape = Object.hasOwn(fields, key) ? fields[key] : undefined
        if (shape === undefined) {
          if (options.unknown !== 'keep') unknownKey(reading, at, title, fields, options)
          if (options.unknown !== undefined) values[key] = anything().read(reading, value, at)
        } else if (!isEmpty(reading, value)) values[key] = shape.read(reading, value, at)
      }
      const present = new Set(
        pairsOf(reading.source, found)
          .filter((p) => !isEmpty(reading, p.value))
          .map(keyText),
      )
      for (const [key, shape] of Object.entries(fields))
        if (shape.required === true && !present.has(key))
          report(reading, path, `${path.length === 0 ? title : `${dotted(path)}: ${title}`} needs ${key}`, {
            part: 'key',
            hint: `add ${key}: ${shape.says}`,
          })
      return values as ObjectOf<F>
    },
  }
}

/**
 * Chooses a shape by looking at the node. `among`: all that it may choose, where that depends on more than whether it is a
 * scalar, a map or a list.
 */
export function choose<T>(
  says: string,
  pick: (look: Look) => Shape<T>,
  among?: () => readonly Shape<T>[],
): Shape<T> {
  return {
    says,
    form: { kind: 'choose', pick, among },
    read: (reading, node, path) => pick(lookAt(reading, node)).read(reading, node, path),
  }
}

/** What `choose` may look at. */
export interface Look {
  readonly kind: 'scalar' | 'map' | 'list' | 'empty'
  /** Text of a scalar. */
  readonly text: string | undefined
  /** Text of a scalar in a field of a map. */
  field(name: string): string | undefined
  has(name: string): boolean
}

export function lookAt(reading: Reading, node: unknown): Look {
  const found = resolved(reading.source, node)
  const pair = (name: string) => pairsOf(reading.source, found).findLast((p) => keyText(p) === name)
  const textOf = (value: unknown) => {
    const scalar = resolved(reading.source, value)
    return isScalar(scalar) && scalar.value !== null ? scalarText(scalar) : undefined
  }
  return {
    kind: isMap(found) ? 'map' : isSeq(found) ? 'list' : isEmpty(reading, found) ? 'empty' : 'scalar',
    text: textOf(found),
    field: (name) => textOf(pair(name)?.value),
    has: (name) => pair(name) !== undefined,
  }
}

export const isExpression = (value: string) => value.includes('${{')

function isEmpty(reading: Reading, node: unknown): boolean {
  const found = resolved(reading.source, node)
  return found === null || found === undefined || (isScalar(found) && found.value === null)
}

function scalarText(scalar: { readonly value: unknown; readonly source?: string }): string {
  return typeof scalar.value === 'string' ? scalar.value : (scalar.source ?? String(scalar.value))
}

function wrong(reading: Reading, path: Path, expected: string): undefined {
  const where = path.length === 0 ? 'this file' : dotted(path)
  return report(reading, path, `${where} must be ${expected}`)
}

function uniquePairs(reading: Reading, node: unknown, path: Path): readonly (readonly [string, unknown])[] {
  const seen = new Map<string, unknown>()
  for (const pair of pairsOf(reading.source, node)) {
    const key = keyText(pair)
    if (seen.has(key))
      report(reading, [...path, key], `${dotted([...path, key])} is given twice; the last one counts`, {
        part: 'key',
        severity: 'warning',
      })
    seen.set(key, pair.value)
  }
  return [...seen]
}

function unknownKey(
  reading: Reading,
  path: Path,
  title: string,
  fields: Fields,
  options: { unknown?: 'refuse' | 'warn' | 'keep'; member?: string },
): void {
  const near = nearest(String(path.at(-1)), Object.keys(fields))
  report(reading, path, `${dotted(path)} is not a ${options.member ?? 'field'} of ${title}`, {
    part: 'key',
    severity: options.unknown === 'warn' ? 'warning' : 'error',
    hint:
      near === undefined
        ? `one of ${Object.keys(fields)
            .filter((f) => !f.startsWith('$'))
            .join(', ')}`
        : `did you mean ${near}?`,
  })
}
