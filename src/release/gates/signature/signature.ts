import { parse } from 'yaml'
import { z } from 'zod'
import { errors } from '../../../kernel/errors.ts'

/** A type in a signature as MLflow writes it. */
export type FieldType =
  | { readonly kind: 'column'; readonly type: string }
  | { readonly kind: 'tensor'; readonly type: string; readonly shape: readonly number[] }
  | { readonly kind: 'array'; readonly items: FieldType }
  | { readonly kind: 'map'; readonly values: FieldType }
  | { readonly kind: 'object'; readonly fields: readonly Field[] }

export interface Field {
  /** Undefined for a model's only input or output, where it has none. */
  readonly name: string | undefined
  readonly type: FieldType
  readonly required: boolean
}

/** A parameter of a request; it always has a default. */
export interface Param {
  readonly name: string
  readonly type: string
  readonly isList: boolean
  /** As JSON. */
  readonly default: string
}

/** What a model takes and gives, as its MLmodel file says. */
export interface Signature {
  readonly inputs: readonly Field[]
  readonly outputs: readonly Field[]
  readonly params: readonly Param[]
}

const field = z.looseObject({
  type: z.string().optional(),
  name: z.string().nullish(),
  required: z.boolean().optional(),
  optional: z.boolean().optional(),
  'tensor-spec': z.object({ dtype: z.string(), shape: z.array(z.number()) }).optional(),
  items: z.unknown().optional(),
  values: z.unknown().optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
})

const param = z.looseObject({
  name: z.string(),
  type: z.string().optional(),
  dtype: z.string().optional(),
  shape: z.array(z.number()).nullish(),
  default: z.unknown(),
})

const mlmodel = z.looseObject({
  signature: z
    .looseObject({
      inputs: z.string().nullish(),
      outputs: z.string().nullish(),
      params: z.string().nullish(),
    })
    .nullish(),
})

/**
 * The signature that the text of an MLmodel file has; undefined where it has none. Throws badRequest for a file that
 * cannot be understood.
 */
export function signatureIn(text: string): Signature | undefined {
  try {
    const { signature } = mlmodel.parse(parse(text))
    if (!signature || (!signature.inputs && !signature.outputs && !signature.params)) return undefined
    const list = (json: string | null | undefined) => z.array(z.unknown()).parse(JSON.parse(json || '[]'))
    return {
      inputs: list(signature.inputs).map(readField),
      outputs: list(signature.outputs).map(readField),
      params: list(signature.params).map(readParam),
    }
  } catch (error) {
    throw errors.badRequest(`The MLmodel file's signature cannot be read: ${(error as Error).message}`, {
      cause: error,
    })
  }
}

function readField(given: unknown): Field {
  const { name, required, optional } = field.parse(given)
  return { name: name ?? undefined, type: readType(given), required: required ?? !(optional ?? false) }
}

function readType(given: unknown): FieldType {
  const { type = 'any', 'tensor-spec': tensor, items, values, properties } = field.parse(given)
  if (tensor !== undefined) return { kind: 'tensor', type: tensor.dtype, shape: tensor.shape }
  if (type === 'array') return { kind: 'array', items: readType(items) }
  if (type === 'map') return { kind: 'map', values: readType(values) }
  if (type === 'object')
    return {
      kind: 'object',
      fields: Object.entries(properties ?? {}).map(([name, inner]) => ({ ...readField(inner), name })),
    }
  return { kind: 'column', type }
}

function readParam(given: unknown): Param {
  const { name, type, dtype, shape, default: value } = param.parse(given)
  return {
    name,
    type: type ?? dtype ?? 'string',
    isList: Array.isArray(shape),
    default: JSON.stringify(value),
  }
}

/** A type as one says it: `long`, `float32[?, 3]`, `list of string`. */
export function typeInWords(type: FieldType): string {
  switch (type.kind) {
    case 'column':
      return type.type
    case 'tensor':
      return `${type.type}[${type.shape.map((n) => (n < 0 ? '?' : String(n))).join(', ')}]`
    case 'array':
      return `list of ${typeInWords(type.items)}`
    case 'map':
      return `map of ${typeInWords(type.values)}`
    case 'object':
      return `object of ${type.fields.map(({ name }) => name).join(', ')}`
  }
}
