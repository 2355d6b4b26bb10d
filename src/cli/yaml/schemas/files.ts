import { rooted, type JsonSchema } from '../../../kernel/grammar/json-schema.ts'
import type { FileSchemas } from '../../../kernel/http/schema-routes.ts'
import { grammarOf } from '../grammars.ts'
import { kindNamed, kinds, type Kind } from '../kinds.ts'
import type { Grammar } from '../source.ts'
import { schemaOfShape } from './of-shape.ts'

/** Kinds of file as commands and addresses write them: `alert-rule`, `command-job`. */
export const schemaNames: readonly string[] = Object.keys(kinds).map((kind) =>
  kind.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`),
)

/** What a kind of file is called in a sentence: `an alert rule`. Undefined for a name that is none. */
export const titleOf = (name: string): string | undefined => {
  const kind = kindNamed(name)
  return kind === undefined ? undefined : kinds[kind].says
}

/** The JSON Schema of files of a kind, by any spelling of its name and by Azure's; undefined for one that there is not. */
export async function schemaNamed(name: string): Promise<JsonSchema | undefined> {
  const kind: Kind | undefined = kindNamed(name)
  if (kind === undefined) return undefined
  // Which grammars a kind has something of, its shape says; each brings a room along.
  const asked = new Set<Grammar>()
  schemaOfShape(kinds[kind], (grammar) => {
    asked.add(grammar)
    return {}
  })
  const found = new Map<Grammar, JsonSchema>()
  for (const grammar of asked) found.set(grammar, rooted((await grammarOf(grammar)).schema(), grammar))
  return schemaOfShape(kinds[kind], (grammar) => found.get(grammar) ?? {})
}

/** All of them, as a server tells them to editors. */
export const fileSchemas: FileSchemas = { names: schemaNames, titleOf, schemaNamed }
