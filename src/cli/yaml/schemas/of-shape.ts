import { takesMore, type JsonSchema } from '../../../kernel/grammar/json-schema.ts'
import { aboutField } from '../about.ts'
import { alternatives } from '../describe.ts'
import type { Fields, Shape } from '../shape.ts'
import type { Grammar } from '../source.ts'

/** The schema of a grammar of the server's own, with its references from its root. */
export type GrammarSchema = (grammar: Grammar) => JsonSchema

/**
 * The JSON Schema (draft 7) of files of a shape, for editors: it takes whatever the command line takes, with every spelling
 * of words and expressions in place of values, and promises less. Shapes that refer to themselves are in `definitions`.
 */
export function schemaOfShape(root: Shape<unknown>, grammarSchema: GrammarSchema): JsonSchema {
  const definitions: Record<string, JsonSchema> = {}
  const later = new Map<Shape<unknown>, string>()
  const hoisted = (grammar: Grammar): JsonSchema => {
    const { $defs = {}, ...schema } = grammarSchema(grammar)
    Object.assign(definitions, $defs)
    return fitted(schema) as JsonSchema
  }

  const schemaOf = (shape: Shape<unknown>): JsonSchema => {
    const { form, says } = shape
    switch (form.kind) {
      case 'any':
        return {}
      case 'boolean':
        return {
          anyOf: [
            { type: 'boolean' },
            { type: 'string', pattern: '^(?:[tT]rue|[fF]alse|TRUE|FALSE|yes|no|on|off)$|\\$\\{\\{' },
          ],
        }
      case 'text':
        return { type: ['string', 'number', 'boolean'] }
      case 'number': {
        const { min, max, integer = false } = form
        const bounds = {
          ...(min === undefined ? {} : { minimum: min }),
          ...(max === undefined ? {} : { maximum: max }),
        }
        return {
          anyOf: [
            { type: integer ? 'integer' : 'number', ...bounds },
            { type: 'string', pattern: '^\\s*[-+]?[\\d.]|\\$\\{\\{' },
          ],
        }
      }
      case 'choice':
        return { anyOf: [{ enum: form.values }, { type: 'string', pattern: anySpelling(form.values) }] }
      case 'list':
        return { type: 'array', items: schemaOf(form.of) }
      case 'map':
        return { type: 'object', additionalProperties: orNothing(schemaOf(form.of)) }
      case 'object':
        return ofObject(says, form.fields, form.isOpen, form.grammar)
      case 'choose': {
        const each = alternatives(shape, undefined).map(schemaOf)
        return each.length === 1 ? (each[0] ?? {}) : { anyOf: each }
      }
      case 'later': {
        const target = form.shape()
        const name = later.get(target) ?? `own${later.size + 1}`
        if (!later.has(target)) {
          later.set(target, name)
          definitions[name] = schemaOf(target)
        }
        return { $ref: `#/definitions/${name}` }
      }
    }
  }

  const ofObject = (
    title: string,
    fields: Fields,
    isOpen: boolean,
    grammar: Grammar | undefined,
  ): JsonSchema => {
    const spoken = grammar === undefined ? {} : hoisted(grammar)
    const own = Object.fromEntries(
      Object.entries(fields).map(([name, shape]) => [
        name,
        explained(
          shape.required === true ? schemaOf(shape) : orNothing(schemaOf(shape)),
          aboutField(title, name),
        ),
      ]),
    )
    const required = Object.entries(fields).flatMap(([name, shape]) =>
      shape.required === true ? [name] : [],
    )
    const closed = isOpen ? {} : { additionalProperties: false }
    const variants = spoken['anyOf'] as readonly JsonSchema[] | undefined
    if (variants !== undefined)
      return {
        description: spoken['description'],
        anyOf: variants.map((variant) => ({
          ...variant,
          properties: joined(own, propertiesOf(variant), fields),
          required,
        })),
      }
    return {
      type: 'object',
      ...(typeof spoken['description'] === 'string' ? { description: spoken['description'] } : {}),
      properties: joined(own, propertiesOf(spoken), fields),
      required: [...new Set([...required, ...((spoken['required'] ?? []) as readonly string[])])],
      ...closed,
    }
  }

  const { description = root.says, ...schema } = schemaOf(root)
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: String(description),
    ...schema,
    ...(Object.keys(definitions).length === 0 ? {} : { definitions: fitted(definitions) }),
  }
}

/** Fields of a file with what a grammar says of them: where a shape takes anything the grammar alone, otherwise either. */
function joined(
  own: Readonly<Record<string, JsonSchema>>,
  spoken: Readonly<Record<string, JsonSchema>>,
  fields: Fields,
): Readonly<Record<string, JsonSchema>> {
  const said = Object.entries(spoken).map(([name, schema]): [string, JsonSchema] => {
    const mine = own[name]
    const isMine = mine !== undefined && fields[name]?.form.kind !== 'any'
    if (name === 'type' || !isMine) return [name, orNothing(schema)]
    const { description = mine['description'] } = schema
    return [name, { description, anyOf: [schema, mine] }]
  })
  return { ...own, ...Object.fromEntries(said) }
}

const propertiesOf = (schema: JsonSchema) =>
  (schema['properties'] ?? {}) as Readonly<Record<string, JsonSchema>>

const explained = (schema: JsonSchema, about: string | undefined): JsonSchema =>
  about === undefined ? schema : { description: about, ...schema }

/** The same, or nothing: a field without a value is as one that is not there. */
function orNothing(schema: JsonSchema): JsonSchema {
  const { type, anyOf, description } = schema
  if (Object.keys(schema).every((key) => key === 'description')) return schema
  if (Array.isArray(anyOf))
    return { ...schema, anyOf: [...(anyOf as readonly JsonSchema[]), { type: 'null' }] }
  if (type !== undefined && schema['enum'] === undefined && schema['const'] === undefined)
    return { ...schema, type: [...(Array.isArray(type) ? (type as readonly string[]) : [type]), 'null'] }
  return { ...(description === undefined ? {} : { description }), anyOf: [schema, { type: 'null' }] }
}

/** Words in any case, with - and _ for each other and left out; an expression may stand for any of them. */
const anySpelling = (values: readonly string[]): string => {
  const spelled = values.map((value) =>
    Array.from(value.replaceAll(/[-_]/g, ''), (letter) =>
      /[a-z]/i.test(letter) ? `[${letter.toLowerCase()}${letter.toUpperCase()}]` : letter,
    ).join('[-_]*'),
  )
  return `^(?:${spelled.join('|')})$|\\$\\{\\{`
}

/** A grammar's schema as one that refuses nothing that is right, in draft 7: its definitions are in `definitions`. */
function fitted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(fitted)
  if (typeof value !== 'object' || value === null) return value
  const { [takesMore]: more, ...schema } = value as JsonSchema
  const found = Object.fromEntries(
    Object.entries(schema).map(([key, one]) => [
      key,
      key === '$ref' && typeof one === 'string' ? one.replace('#/$defs/', '#/definitions/') : fitted(one),
    ]),
  )
  const { description } = found
  return more === true ? { ...(description === undefined ? {} : { description }), anyOf: [found, {}] } : found
}
