import { isExactNumber, parseExactly } from './exact-json.ts'
import { csvRecords, csvValue } from './read-csv.ts'

/** One row by column. */
export type Row = Readonly<Record<string, unknown>>

type Json = Readonly<Record<string, unknown>>

const isJson = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !isExactNumber(value)

/** What a model's signature says of its inputs. */
export interface Columns {
  /** Their names in their order, for rows without names. */
  readonly columns: readonly string[]
  /** Those that are texts, whatever CSV has in them. */
  readonly texts?: readonly string[] | undefined
}

/**
 * The rows of a scoring request in any of the shapes that a model without a script takes; undefined where the body is
 * none of them.
 */
export function requestRows(
  body: string,
  contentType: string,
  operation: 'score' | 'invocations' | 'infer',
  { columns, texts = [] }: Columns,
): readonly Row[] | undefined {
  if (/^text\/csv\b/i.test(contentType)) return csvRows(body, texts)
  if (!/json/i.test(contentType) && contentType !== '') return undefined
  const value = parse(body)
  if (!isJson(value)) return undefined
  if (operation === 'infer') return tensorRows(value['inputs'])
  const { input_data, dataframe_split, dataframe_records, instances, inputs } = value
  const input = input_data ?? dataframe_split ?? dataframe_records ?? instances ?? inputs
  if (isJson(input) && Array.isArray(input['data']))
    return named(input['data'], Array.isArray(input['columns']) ? input['columns'].map(String) : columns)
  if (Array.isArray(input)) return named(input, columns)
  return isJson(input) ? byColumn(input) : undefined
}

/** The rows of an answer: one for each row of the request; undefined where the answer is no prediction. */
export function answerRows(
  body: string,
  operation: 'score' | 'invocations' | 'infer',
): readonly Row[] | undefined {
  const value = parse(body)
  if (operation === 'infer') return isJson(value) ? tensorRows(value['outputs']) : undefined
  const predictions = isJson(value) && 'predictions' in value ? value['predictions'] : value
  if (Array.isArray(predictions)) return predictions.map(predictionRow)
  return isJson(predictions) ? byColumn(predictions) : undefined
}

/** A prediction under the names by which the platform calls what has none: `prediction`, `prediction_0`, … */
function predictionRow(value: unknown): Row {
  if (isJson(value)) return value
  if (!Array.isArray(value)) return { prediction: value }
  if (value.length === 1) return { prediction: value[0] }
  return Object.fromEntries(value.map((part, i) => [`prediction_${i}`, part]))
}

function named(rows: readonly unknown[], columns: readonly string[]): readonly Row[] {
  return rows.map((row) => {
    if (isJson(row)) return row
    const values: readonly unknown[] = Array.isArray(row) ? row : [row]
    return Object.fromEntries(values.map((value, i) => [columns[i] ?? `column_${i}`, value]))
  })
}

/** `{ a: [1, 2], b: [3, 4] }`; undefined unless all are of one length. */
function byColumn(columns: Json): readonly Row[] | undefined {
  const entries = Object.entries(columns).map(
    ([name, values]) => [name, Array.isArray(values) ? (values as readonly unknown[]) : [values]] as const,
  )
  const length = entries[0]?.[1].length ?? 0
  if (length === 0 || entries.some(([, values]) => values.length !== length)) return undefined
  return Array.from({ length }, (_, row) =>
    Object.fromEntries(entries.map(([name, values]) => [name, values[row]])),
  )
}

/** The tensors of the Open Inference Protocol: one for each column, or one of all columns. */
function tensorRows(tensors: unknown): readonly Row[] | undefined {
  if (!Array.isArray(tensors)) return undefined
  const columns: [string, readonly unknown[]][] = []
  for (const tensor of tensors as readonly unknown[]) {
    if (!isJson(tensor) || !Array.isArray(tensor['shape']) || !Array.isArray(tensor['data'])) return undefined
    const [rows = 0, width = 1] = tensor['shape'].map(Number)
    const flat = tensor['data'].flat(Infinity)
    if (flat.length !== rows * width) return undefined
    const name = String(tensor['name'])
    for (let i = 0; i < width; i++)
      columns.push([
        width === 1 ? name : `${name}_${i}`,
        Array.from({ length: rows }, (_, row) => flat[row * width + i]),
      ])
  }
  return byColumn(Object.fromEntries(columns))
}

function csvRows(body: string, texts: readonly string[]): readonly Row[] | undefined {
  const [header, ...records] = csvRecords(body) ?? []
  if (header === undefined || records.some((record) => record.length !== header.length)) return undefined
  return records.map((record) =>
    Object.fromEntries(header.map((name, i) => [name, csvValue(record[i] ?? '', texts.includes(name))])),
  )
}

/** JSON, also as Python writes it: NaN and infinities, which JSON has not, are missing values. */
function parse(text: string): unknown {
  try {
    return parseExactly(text)
  } catch {
    try {
      return parseExactly(text.replaceAll(stringOrNaN, (found) => (found.startsWith('"') ? found : 'null')))
    } catch {
      return undefined
    }
  }
}

const stringOrNaN = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\b(?:NaN|Infinity)\b/g
