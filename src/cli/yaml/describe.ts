import { lookAt, type Fields, type Look, type Shape } from './shape.ts'
import { keyText, pairsOf, resolved, type Grammar, type Source } from './source.ts'
import { isMap, isSeq } from 'yaml'
import { aboutField } from './about.ts'

/** A JSON Schema as the server tells it of its own grammars. */
export type JsonSchema = Readonly<Record<string, unknown>>

/** What may stand at a place of a document, for completion and explanation. */
export interface Described {
  /** `a whole number`, `one of key, aml_token`. */
  readonly says: string
  /** What it is for, in a sentence. */
  readonly about?: string | undefined
  readonly kind: 'any' | 'boolean' | 'text' | 'number' | 'choice' | 'list' | 'map' | 'object'
  readonly values?: readonly string[] | undefined
  readonly default?: unknown
  /** Named fields of an object. */
  readonly fields: ReadonlyMap<string, Field>
  /** Any item of a list, or the value under any name. */
  readonly each?: ((look: Look | undefined) => readonly Described[]) | undefined
}

export interface Field {
  readonly isRequired: boolean
  readonly about: string | undefined
  readonly is: (look: Look | undefined) => readonly Described[]
}

/** The schema of a grammar of the server's own, as far as it is known. */
export type Schemas = (grammar: Grammar) => JsonSchema | undefined

const none: ReadonlyMap<string, Field> = new Map()

/** Looks at nothing there: what `choose` then gives is what may stand there. */
const blank = (kind: Look['kind']): Look => ({
  kind,
  text: undefined,
  field: () => undefined,
  has: () => false,
})

/** The shape that stands for another which is made later, or the shape itself. */
const settled = (shape: Shape<unknown>): Shape<unknown> =>
  shape.form.kind === 'later' ? settled(shape.form.shape()) : shape

/** What may stand where a shape is expected: by what stands there (`look`), or everything that might. */
export function alternatives(shape: Shape<unknown>, look: Look | undefined): readonly Shape<unknown>[] {
  const one = settled(shape)
  const { form } = one
  if (form.kind !== 'choose') return [one]
  if (look !== undefined && look.kind !== 'empty') return alternatives(form.pick(look), look)
  const any = (['scalar', 'map', 'list'] as const).map((kind) => form.pick(blank(kind)))
  return [...new Set([...any, ...(form.among?.() ?? [])])].flatMap((each) => alternatives(each, look))
}

/** The named fields of a shape, of all its alternatives; undefined where it has none. */
export function fieldsOf(shape: Shape<unknown>): Fields | undefined {
  const found = alternatives(shape, undefined).flatMap(({ form }) =>
    form.kind === 'object' ? [form.fields] : [],
  )
  return found.length === 0 ? undefined : Object.assign({}, ...found)
}

/** Describes what may stand where a shape is expected. `look` is at what stands there. */
export const describe = (shape: Shape<unknown>, schemas: Schemas, look?: Look): readonly Described[] =>
  alternatives(shape, look).map((one): Described => {
    const { says, form } = one
    switch (form.kind) {
      case 'choice':
        return { says, kind: 'choice', values: form.values, fields: none }
      case 'list':
      case 'map':
        return { says, kind: form.kind, fields: none, each: (look) => describe(form.of, schemas, look) }
      case 'object':
        return {
          says,
          kind: 'object',
          fields: objectFields(says, form.fields, form.grammar && schemas(form.grammar), schemas, look),
        }
      case 'choose':
      case 'later':
        return { says, kind: 'any', fields: none }
      default:
        return { says, kind: form.kind, fields: none }
    }
  })

function objectFields(
  title: string,
  fields: Fields,
  schema: JsonSchema | undefined,
  schemas: Schemas,
  look: Look | undefined,
): ReadonlyMap<string, Field> {
  const spoken = schema === undefined ? none : (ofSchema(schema, schema, look)[0]?.fields ?? none)
  const own = Object.entries(fields).map(([name, shape]): [string, Field] => {
    const better = spoken.get(name)
    const isBetter = better !== undefined && (shape.form.kind === 'any' || title === 'a signal')
    return [
      name,
      {
        isRequired: shape.required === true || better?.isRequired === true,
        about: better?.about ?? aboutField(title, name),
        is: isBetter ? better.is : (look) => describe(shape, schemas, look),
      },
    ]
  })
  return new Map([...own, ...[...spoken].filter(([name]) => !(name in fields))])
}

/** What a JSON Schema says, as `describe` says it of shapes. References lead into `root`. */
function ofSchema(given: JsonSchema, root: JsonSchema, look: Look | undefined): readonly Described[] {
  const schema = dereferenced(given, root)
  const { anyOf, oneOf, allOf, description, type, enum: values, const: constant } = schema
  const about = typeof description === 'string' ? description : undefined
  const variants = (anyOf ?? oneOf ?? allOf) as readonly JsonSchema[] | undefined
  if (variants !== undefined) {
    const described = variants.flatMap((one) => ofSchema(one, root, look))
    return withSameType(described, look).map((one) => ({ ...one, about: one.about ?? about }))
  }
  const common = { about, default: schema['default'], fields: none }
  const words = constant === undefined ? values : [constant]
  if (Array.isArray(words))
    return [{ ...common, says: `one of ${words.join(', ')}`, kind: 'choice', values: words.map(String) }]
  const types = Array.isArray(type) ? (type as readonly string[]) : [typeof type === 'string' ? type : 'any']
  return types.map((one): Described => {
    switch (one) {
      case 'object':
        return ofObject(schema, root, about)
      case 'array': {
        const items = (schema['items'] ?? {}) as JsonSchema
        return { ...common, says: 'a list', kind: 'list', each: (look) => ofSchema(items, root, look) }
      }
      case 'boolean':
        return { ...common, says: 'true or false', kind: 'boolean' }
      case 'number':
      case 'integer':
        return { ...common, says: one === 'integer' ? 'a whole number' : 'a number', kind: 'number' }
      case 'string': {
        const examples = schema['examples'] as readonly string[] | undefined
        const says = examples === undefined ? 'text' : `text, such as ${examples.join(' or ')}`
        return { ...common, says, kind: 'text' }
      }
      default:
        return { ...common, says: 'anything', kind: 'any' }
    }
  })
}

function ofObject(schema: JsonSchema, root: JsonSchema, about: string | undefined): Described {
  const properties = Object.entries((schema['properties'] ?? {}) as Readonly<Record<string, JsonSchema>>)
  const required = new Set((schema['required'] ?? []) as readonly string[])
  const others = schema['additionalProperties']
  const fields = new Map(
    properties.map(([name, one]): [string, Field] => [
      name,
      {
        isRequired: required.has(name),
        about: dereferenced(one, root)['description'] as string | undefined,
        is: (look) => ofSchema(one, root, look),
      },
    ]),
  )
  const hasOthers = typeof others === 'object' && others !== null
  return {
    says: hasOthers && fields.size === 0 ? 'names with values' : 'a map of fields',
    about,
    kind: hasOthers && fields.size === 0 ? 'map' : 'object',
    fields,
    each: hasOthers ? (look) => ofSchema(others as JsonSchema, root, look) : undefined,
  }
}

/** Of variants that are told apart by their `type`, those of the type that stands there, or one with all types. */
function withSameType(described: readonly Described[], look: Look | undefined): readonly Described[] {
  const typed = described.filter(({ fields }) => fields.get('type')?.is(undefined)[0]?.values?.length === 1)
  if (typed.length < 2) return described
  const typeOf = ({ fields }: Described) => fields.get('type')?.is(undefined)[0]?.values?.[0]
  const same = typed.filter((one) => typeOf(one) === look?.field('type'))
  if (same.length > 0) return same
  const values = typed.map(typeOf).filter((one) => one !== undefined)
  const abouts = new Map(typed.map((one) => [typeOf(one), one.about]))
  const type: Field = {
    isRequired: true,
    about: [...abouts].map(([name, about]) => `${name}: ${about}`).join('\n'),
    is: () => [{ says: `one of ${values.join(', ')}`, kind: 'choice', values, fields: none }],
  }
  return [{ says: 'a map of fields', kind: 'object', fields: new Map([['type', type]]) }]
}

function dereferenced(schema: JsonSchema, root: JsonSchema): JsonSchema {
  const { $ref: ref } = schema
  if (typeof ref !== 'string') return schema
  let found: unknown = root
  for (const step of ref.split('/').slice(1)) found = (found as JsonSchema | undefined)?.[step]
  return typeof found === 'object' && found !== null ? dereferenced(found as JsonSchema, root) : {}
}

/** What may stand at a path of a document, as far as what stands above it tells. */
export function describeAt(
  root: Shape<unknown>,
  source: Source,
  path: readonly (string | number)[],
  schemas: Schemas,
): readonly Described[] {
  const reading = { source, problems: [] }
  let node: unknown = source.document.contents
  let here = describe(root, schemas, lookAt(reading, node))
  for (const step of path) {
    const found = resolved(source, node)
    node =
      typeof step === 'number'
        ? isSeq(found)
          ? found.items[step]
          : undefined
        : isMap(found)
          ? pairsOf(source, found).findLast((pair) => keyText(pair) === step)?.value
          : undefined
    const look = node === undefined ? undefined : lookAt(reading, node)
    here = here.flatMap((one) =>
      typeof step === 'number'
        ? one.kind === 'list'
          ? (one.each?.(look) ?? [])
          : []
        : (one.fields.get(step)?.is(look) ?? one.each?.(look) ?? []),
    )
  }
  return here
}
