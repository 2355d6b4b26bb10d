import { z } from 'zod'

const tensorSpec = z.object({ dtype: z.string(), shape: z.array(z.number().int()) })
const column = z.looseObject({
  type: z.string().optional(),
  name: z.string().optional(),
  required: z.boolean().optional(),
  optional: z.boolean().optional(),
  'tensor-spec': tensorSpec.optional(),
})

/** A column or a tensor of an MLflow model's signature. */
export interface Field {
  /** Undefined for a model's only input or output, where the signature does not name it. */
  readonly name: string | undefined
  /** MLflow's name of the type of a column (`double`, `long` …), or NumPy's of that of a tensor (`float64`). */
  readonly type: string
  /** A tensor's; -1 is any length. */
  readonly shape: readonly number[] | undefined
  readonly required: boolean
}

/**
 * The fields of `inputs` or `outputs` of an MLmodel file's signature, a JSON text. Undefined where there is none, or
 * one that says what no plain column or tensor says (nested objects, for instance).
 */
export function readFields(text: string | null | undefined): readonly Field[] | undefined {
  if (text === undefined || text === null) return undefined
  const { data } = z.array(column).safeParse(JSON.parse(text))
  const fields = data?.map((c) => {
    const spec = c['tensor-spec']
    const required = c.required ?? !(c.optional ?? false)
    return { name: c.name, type: spec?.dtype ?? c.type ?? '', shape: spec?.shape, required }
  })
  const plain = fields?.every(({ type, shape, name }) =>
    shape
      ? Object.hasOwn(tensorTypes, type)
      : name !== undefined || fields.length === 1 || type in columnTypes,
  )
  return plain ? fields : undefined
}

/** MLflow's column types as those of the Open Inference Protocol. */
const columnTypes: Readonly<Record<string, string>> = {
  boolean: 'BOOL',
  integer: 'INT32',
  long: 'INT64',
  float: 'FP32',
  double: 'FP64',
  string: 'BYTES',
  binary: 'BYTES',
  datetime: 'BYTES',
}

const tensorTypes: Readonly<Record<string, string>> = {
  bool: 'BOOL',
  uint8: 'UINT8',
  uint16: 'UINT16',
  uint32: 'UINT32',
  uint64: 'UINT64',
  int8: 'INT8',
  int16: 'INT16',
  int32: 'INT32',
  int64: 'INT64',
  float16: 'FP16',
  float32: 'FP32',
  float64: 'FP64',
  str: 'BYTES',
  object: 'BYTES',
}

/** A model as the Open Inference Protocol describes it. */
export interface ModelMetadata {
  readonly name: string
  readonly versions?: string[]
  readonly platform: string
  readonly inputs: readonly TensorMetadata[]
  readonly outputs: readonly TensorMetadata[]
}

interface TensorMetadata {
  readonly name: string
  readonly datatype: string
  readonly shape: readonly number[]
}

/** Tensors of these fields: a column is one of `[-1]`, and what has no name is `{prefix}-{number}`, as in MLServer. */
export const tensorsOf = (
  fields: readonly Field[] | undefined,
  prefix: 'input' | 'output',
): TensorMetadata[] =>
  (fields ?? []).map(({ name, type, shape }, i) => ({
    name: name ?? `${prefix}-${i}`,
    datatype: (shape ? tensorTypes[type] : columnTypes[type]) ?? 'BYTES',
    shape: shape ?? [-1],
  }))
