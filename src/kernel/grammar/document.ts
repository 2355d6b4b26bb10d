import { z } from 'zod'
import { errors } from '../errors.ts'
import { nearest } from '../nearest.ts'
import type { Action, Json } from '../resources/resource.ts'
import { rooted, type JsonSchema } from './json-schema.ts'
import type { Mistake } from './place.ts'

/** A document, or a part of one, that people write in words of our own. */
export interface DocumentGrammar {
  /** `releasePlan`. */
  readonly name: string
  /** What is wrong with words that stand at a path, where the mistakes' paths begin. Asks nobody and makes nothing. */
  readonly mistakesIn: (words: Json, path: Mistake['path']) => readonly Mistake[]
  /** What may be written, for editors that complete and explain. It promises less than the grammar asks. */
  readonly schema: () => JsonSchema
}

/**
 * `POST {workspace}/checkDocument { grammar, document, path? }` answers `{ mistakes }`, each with its place, as a write would
 * tell them that needs nothing but the words; `POST {workspace}/documentSchema { grammar }` answers a JSON Schema. For
 * editors; both make nothing.
 */
export function documentActions(grammars: readonly DocumentGrammar[]): Readonly<Record<string, Action>> {
  const find = (name: string): DocumentGrammar => {
    const found = grammars.find((grammar) => grammar.name === name)
    if (found !== undefined) return found
    const names = grammars.map((grammar) => grammar.name)
    const near = nearest(name, names)
    throw errors.validation(
      `There is no grammar '${name}'; ${near === undefined ? `there are ${names.join(', ')}` : `did you mean ${near}?`}`,
      { target: 'grammar' },
    )
  }
  const grammar = z.string()
  return {
    checkDocument: {
      operation: 'read',
      input: z.object({
        grammar,
        document: z.record(z.string(), z.unknown()),
        path: z.array(z.union([z.string(), z.int()])).optional(),
      }),
      async run({ input }) {
        const {
          grammar,
          document,
          path = [],
        } = input as {
          grammar: string
          document: Json
          path?: Mistake['path']
        }
        return { body: { mistakes: find(grammar).mistakesIn(document, path) } }
      },
    },
    documentSchema: {
      operation: 'read',
      input: z.object({ grammar }),
      async run({ input }) {
        const { name, schema } = find((input as { grammar: string }).grammar)
        return { body: rooted(schema(), name) }
      },
    },
  }
}
