/** A column that a request has, as the endpoint's OpenAPI document tells it. */
export interface RequestField {
  readonly name: string
  readonly kind: 'number' | 'integer' | 'boolean' | 'text' | 'time'
  readonly required: boolean
}

interface Schema {
  readonly type?: string
  readonly format?: string
  readonly items?: Schema
  readonly oneOf?: readonly Schema[]
  readonly required?: readonly string[]
  readonly properties?: Readonly<Record<string, Schema>>
}
interface Document {
  readonly paths?: Readonly<
    Record<
      string,
      {
        readonly post?: {
          readonly requestBody?: { readonly content?: Readonly<Record<string, { readonly schema?: Schema }>> }
        }
      }
    >
  >
}

/** The columns of `/score`, in their order; undefined where the model has no signature of columns. */
export function requestFields(document: unknown): readonly RequestField[] | undefined {
  const schema = (document as Document | undefined)?.paths?.['/score']?.post?.requestBody?.content?.[
    'application/json'
  ]?.schema
  const row = schema?.properties?.['input_data']?.oneOf?.find(({ items }) => items?.type === 'object')?.items
  if (row?.properties === undefined) return undefined
  return Object.entries(row.properties).map(([name, field]) => ({
    name,
    kind: kindOf(field),
    required: row.required?.includes(name) === true,
  }))
}

function kindOf({ type, format }: Schema): RequestField['kind'] {
  if (type === 'integer' || type === 'boolean' || type === 'number') return type
  return format === 'date-time' ? 'time' : 'text'
}

export type Row = Readonly<Record<string, unknown>>

/** The first row of an example, in any of the shapes in which MLflow keeps examples. */
export function exampleRow(example: unknown): Row | undefined {
  const {
    dataframe_split: split,
    dataframe_records: records,
    inputs,
  } = (example ?? {}) as {
    dataframe_split?: { columns: readonly string[]; data: readonly (readonly unknown[])[] }
    dataframe_records?: readonly Row[]
    inputs?: readonly Row[]
  }
  if (split !== undefined)
    return Object.fromEntries(split.columns.map((name, i) => [name, split.data[0]?.[i]]))
  const first: unknown = records?.[0] ?? (Array.isArray(inputs) ? inputs[0] : undefined)
  return typeof first === 'object' && first !== null && !Array.isArray(first) ? (first as Row) : undefined
}

/** The request of one row: numbers as numbers, what was left empty as missing. */
export const requestOf = (fields: readonly RequestField[], texts: Readonly<Record<string, string>>) => ({
  input_data: [
    Object.fromEntries(fields.map((field) => [field.name, valueOf(field, texts[field.name] ?? '')])),
  ],
})

function valueOf({ kind }: RequestField, text: string): unknown {
  if (text.trim() === '') return null
  if (kind === 'boolean') return text === 'true'
  if (kind !== 'number' && kind !== 'integer') return text
  const value = Number(text)
  // The model says better than this form what is wrong with a number that is none.
  return Number.isNaN(value) ? text : value
}
