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

/** The rows of an example, in any of the shapes in which MLflow keeps examples. */
export function exampleRows(example: unknown): readonly Row[] {
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
    return split.data.map((values) => Object.fromEntries(split.columns.map((name, i) => [name, values[i]])))
  const rows: unknown = records ?? inputs
  return Array.isArray(rows) ? (rows as readonly unknown[]).filter(isRow) : []
}

const isRow = (value: unknown): value is Row =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** A row as it is typed: a text for each field. */
export type Texts = Readonly<Record<string, string>>

export const textsOf = (fields: readonly RequestField[], row: Row): Texts =>
  Object.fromEntries(fields.map(({ name }) => [name, textOf(row[name])]))

export const textOf = (value: unknown): string =>
  value === null || value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value)

/** The request of some rows: numbers as numbers, what was left empty as missing. */
export const requestOf = (fields: readonly RequestField[], rows: readonly Texts[]) => ({
  input_data: rows.map((texts) =>
    Object.fromEntries(fields.map((field) => [field.name, valueOf(field, texts[field.name] ?? '')])),
  ),
})

function valueOf({ kind }: RequestField, text: string): unknown {
  if (text.trim() === '') return null
  if (kind === 'boolean') return /^(?:true|1|yes)$/i.test(text.trim())
  if (kind !== 'number' && kind !== 'integer') return text
  const value = Number(text)
  // The model says better than this form what is wrong with a number that is none.
  return Number.isNaN(value) ? text : value
}

/** The rows that a request in JSON has by name; undefined where it says them otherwise, or is none. */
export function rowsIn(json: string, fields: readonly RequestField[]): readonly Texts[] | undefined {
  try {
    const { input_data: rows } = JSON.parse(json) as { input_data?: unknown }
    if (!Array.isArray(rows) || rows.length === 0 || !rows.every(isRow)) return undefined
    return rows.map((row) => textsOf(fields, row))
  } catch {
    return undefined
  }
}
