import { anything, choice, object, report } from '../shape.ts'
import type { Shape } from '../shape.ts'
import type { Grammar, Judge, Source } from '../source.ts'
import { header } from './values.ts'

/**
 * Fields as any file has them, and in them what the server's own grammar says of each, at its place in the file. Where
 * the fields themselves are wrong the grammar is not asked.
 */
export function spoken<T extends object>(fields: Shape<T>, grammar: Grammar): Shape<T> {
  const judges = new WeakMap<Source, Judge>()
  return {
    ...fields,
    form: fields.form.kind === 'object' ? { ...fields.form, grammar } : fields.form,
    async load(source) {
      judges.set(source, await source.reach.grammars[grammar](source))
    },
    read(reading, node, path) {
      const before = reading.problems.length
      const value = fields.read(reading, node, path)
      if (value === undefined || reading.problems.slice(before).some((p) => p.severity === 'error'))
        return value
      for (const { path: at, part, message, hint } of judges.get(reading.source)?.(ownWords(value), path) ??
        [])
        report(reading, at, message, { part, hint })
      return value
    },
  }
}

/** A file's words without those that every file has. */
export const ownWords = (value: object): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    Object.entries(value).filter(([word, one]) => one !== undefined && !(word in header) && word !== 'type'),
  )

/** Fields of a file in a grammar's own words: which there are, of what only the grammar knows what they say. */
export const wordsOf = <const W extends string>(title: string, type: string, words: readonly W[]) =>
  object(title, {
    ...header,
    type: choice(type),
    ...(Object.fromEntries(words.map((word) => [word, anything()])) as Record<W, Shape<unknown>>),
  })
