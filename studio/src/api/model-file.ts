/** One input or output of a model: a column, or a tensor. */
export interface SignatureField {
  readonly name: string
  readonly type: string
  readonly required: boolean
}

export interface ModelFile {
  readonly inputs: readonly SignatureField[]
  readonly outputs: readonly SignatureField[]
  readonly parameters: readonly SignatureField[]
  readonly sizeBytes: number | undefined
  readonly mlflowVersion: string | undefined
  readonly madeAt: string | undefined
  readonly runId: string | undefined
}

interface Written {
  readonly signature?: {
    readonly inputs?: string | null
    readonly outputs?: string | null
    readonly params?: string | null
  }
  readonly model_size_bytes?: number
  readonly mlflow_version?: string
  readonly utc_time_created?: string
  readonly run_id?: string
}

/** What an MLmodel file says that people want to know. The reader of YAML is loaded when the first is read. */
export async function readModelFile(text: string): Promise<ModelFile> {
  const { parse } = await import('yaml')
  const written = (parse(text) ?? {}) as Written
  const { inputs, outputs, params } = written.signature ?? {}
  return {
    inputs: fieldsOf(inputs),
    outputs: fieldsOf(outputs),
    parameters: fieldsOf(params),
    sizeBytes: written.model_size_bytes,
    mlflowVersion: written.mlflow_version,
    madeAt: written.utc_time_created?.replace(' ', 'T').concat('Z'),
    runId: written.run_id,
  }
}

interface WrittenField {
  readonly name?: string
  readonly type?: string
  readonly dtype?: string
  readonly required?: boolean
  readonly optional?: boolean
  readonly 'tensor-spec'?: { readonly dtype: string; readonly shape: readonly number[] }
}

/** A schema as MLflow writes it: JSON in a text. What cannot be read is no schema. */
export function fieldsOf(text: string | null | undefined): readonly SignatureField[] {
  if (!text) return []
  let fields: unknown
  try {
    fields = JSON.parse(text)
  } catch {
    return []
  }
  if (!Array.isArray(fields)) return []
  return (fields as readonly WrittenField[]).map((field, i) => {
    const { name = `(${i + 1})`, 'tensor-spec': tensor, type, dtype, required, optional } = field
    return {
      name,
      type: tensor === undefined ? (type ?? dtype ?? 'any') : `${tensor.dtype} (${tensor.shape.join(', ')})`,
      required: required ?? optional !== true,
    }
  })
}
