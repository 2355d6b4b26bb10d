import { errors } from '../../../kernel/errors.ts'

/** What the bytes of a file are, as far as their beginning tells. */
export type Content = 'parquet' | 'gzip' | 'zstd' | 'json-lines' | 'json-array' | 'json' | 'csv'

/** Beginnings of formats that are no tables here, with what to say of them. */
const foreign: readonly (readonly [start: string, what: string])[] = [
  ['PK\u0003\u0004', 'a zip archive (or a spreadsheet)'],
  ['\u00D0\u00CF\u0011\u00E0', 'an old spreadsheet'],
  ['BZh91AY&SY', 'compressed by bzip2'],
  ['\u00FD7zXZ', 'compressed by xz'],
  ['Obj\u0001', 'Avro'],
  ['ARROW1', 'Arrow (Feather)'],
  ['%PDF', 'a PDF'],
  ['\u0089PNG', 'a picture'],
  ['\u00FF\u00D8\u00FF', 'a picture'],
  ['SQLite format 3\0', 'a SQLite database'],
  ['\u0080\u0003', 'a Python pickle'],
  ['\u0080\u0004', 'a Python pickle'],
  ['\u0080\u0005', 'a Python pickle'],
  ['\u0089HDF', 'HDF5'],
]

/** By their first bytes, or undefined for text. Throws badRequest for what is known to be no table. */
export function binaryContent(head: Uint8Array, shown: string): 'parquet' | 'gzip' | 'zstd' | undefined {
  const first = Buffer.from(head.subarray(0, 16)).toString('latin1')
  if (first.startsWith('PAR1')) return 'parquet'
  if (first.startsWith('\u001F\u008B')) return 'gzip'
  if (first.startsWith('\u0028\u00B5\u002F\u00FD')) return 'zstd'
  const what = foreign.find(([start]) => first.startsWith(start))?.[1]
  if (what !== undefined) throw noTable(shown, `it is ${what}`)
  if (/\.parquet$/i.test(shown))
    throw noTable(shown, 'it is called Parquet, but does not begin as Parquet does (PAR1)')
  return undefined
}

/**
 * What text is: JSON Lines, an array of JSON objects, JSON in another layout, or delimited. `text` is the beginning
 * of the file; `shown` its name without the suffix of a compression.
 */
export function textContent(text: string, shown: string): 'json-lines' | 'json-array' | 'json' | 'csv' {
  const start = text.trimStart()
  const isCalledJson = /\.(?:json|jsonl|ndjson)$/i.test(shown)
  if (start.startsWith('[') && (isCalledJson || /^\[\s*(?:\{|\])/.test(start))) return 'json-array'
  if (!start.startsWith('{')) {
    if (isCalledJson && start !== '')
      throw noTable(shown, 'it is called JSON, but begins with neither { nor [')
    return isCalledJson ? 'json-lines' : 'csv'
  }
  const line = start.slice(0, (start.indexOf('\n') + 1 || start.length + 1) - 1)
  if (isJsonObject(line)) return 'json-lines'
  // The first line may be longer than what was read of the file.
  if (!start.includes('\n')) return isCalledJson ? 'json-lines' : 'csv'
  return /^\{\s*(?:"|\}|$)/.test(line) ? (line.trimEnd().endsWith('}') ? 'json-lines' : 'json') : 'csv'
}

/** Whether a line is one JSON object, in which Python's NaN and Infinity may stand for numbers. */
export function isJsonObject(text: string): boolean {
  try {
    // Python writes NaN and Infinity into JSON, which DuckDB reads and JavaScript does not.
    const value: unknown = JSON.parse(text.replaceAll(/(?<=[:,[]\s*)-?(?:NaN|Infinity)\b/g, 'null'))
    return typeof value === 'object' && value !== null && !Array.isArray(value)
  } catch {
    return false
  }
}

export const noTable = (shown: string, why: string) =>
  errors.badRequest(
    `'${shown}' cannot be read as a table: ${why}. Expected CSV, JSON Lines, a JSON array or Parquet; text may be compressed by gzip or zstd.`,
  )
