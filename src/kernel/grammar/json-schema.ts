import { z } from 'zod'

/** A JSON Schema, draft 2020-12, as far as it explains a document: what may stand where, and what that is. */
export type JsonSchema = Readonly<Record<string, unknown>>

/** A map that knows these fields and no other. */
export const mapOf = (
  description: string,
  properties: Readonly<Record<string, JsonSchema>>,
  required: readonly string[] = [],
): JsonSchema => ({
  type: 'object',
  description,
  properties,
  ...(required.length === 0 ? {} : { required }),
  additionalProperties: false,
})

/** A list, each of whose items is so. */
export const listOf = (description: string, items: JsonSchema): JsonSchema => ({
  type: 'array',
  description,
  items,
})

/** Names of a user's own, each with such a value. */
export const namesWith = (description: string, additionalProperties: JsonSchema): JsonSchema => ({
  type: 'object',
  description,
  additionalProperties,
})

/** One of several shapes. */
export const eitherOf = (description: string, ...anyOf: readonly JsonSchema[]): JsonSchema => ({
  description,
  anyOf,
})

export const word = (description: string, ...examples: readonly string[]): JsonSchema => ({
  type: 'string',
  description,
  ...(examples.length === 0 ? {} : { examples }),
})
export const oneOfWords = (description: string, ...values: readonly string[]): JsonSchema => ({
  enum: values,
  description,
})
export const yesOrNo = (description: string): JsonSchema => ({ type: 'boolean', description })
export const amount = (description: string): JsonSchema => ({ type: 'number', description })
/** A number, or one with a unit: `5%`, `250ms`. */
export const limit = (description: string, ...examples: readonly string[]): JsonSchema => ({
  type: ['number', 'string'],
  description,
  ...(examples.length === 0 ? {} : { examples }),
})

/** Of a schema: other spellings are taken, too, which it has no words for. It explains; it does not refuse. */
export const takesMore = 'x-takes-more'

/** What a zod schema takes, with a description; what JSON Schema has no words for is anything. */
export function takenBy(schema: z.ZodType, description?: string): JsonSchema {
  const { $schema: _, ...found } = z.toJSONSchema(schema, {
    io: 'input',
    unrepresentable: 'any',
    // What is preprocessed takes what comes after, and more.
    override({ zodSchema, jsonSchema }) {
      if (zodSchema instanceof z.ZodPipe && zodSchema.in instanceof z.ZodTransform)
        Object.assign(jsonSchema, takenBy(zodSchema.out as z.ZodType), { [takesMore]: true })
    },
  })
  return { ...found, ...(description === undefined ? {} : { description }) }
}

/**
 * A schema whose parts bring definitions of their own, with all of these at its root, where its references lead. `name`
 * begins their names, which are then no other schema's.
 */
export function rooted(schema: JsonSchema, name: string): JsonSchema {
  const all: Record<string, unknown> = {}
  let parts = 0
  const walk = (value: unknown, prefix: string): unknown => {
    if (Array.isArray(value)) return value.map((one) => walk(one, prefix))
    if (typeof value !== 'object' || value === null) return value
    const { $defs, ...rest } = value as JsonSchema
    const own = $defs === undefined ? prefix : `${name}${++parts}.`
    for (const [key, one] of Object.entries($defs ?? {})) all[own + key] = walk(one, own)
    return Object.fromEntries(
      Object.entries(rest).map(([key, one]) => [
        key,
        key === '$ref' && typeof one === 'string'
          ? one.replace('#/$defs/', `#/$defs/${own}`)
          : walk(one, own),
      ]),
    )
  }
  const found = walk(schema, '') as JsonSchema
  return Object.keys(all).length === 0 ? found : { ...found, $defs: all }
}
