import { createReadStream } from 'node:fs'
import type { Compiled } from '../../gateway/instances/native/compiled.ts'
import { rowReader } from '../../gateway/instances/native/read-rows.ts'
import { Declined, type Item } from './item.ts'
import { keptColumns, packedValues, type ReadRows } from './kept.ts'

const most = 2048

/** A JSON Lines file, or a part of one. Of columns that the model does not know only texts can be kept. */
export function readJsonLines(compiled: Compiled, keep: readonly string[], { path, start = 0, end }: Item) {
  const reader = rowReader(compiled)
  const kept = keptColumns(keep, compiled, () => 'VARCHAR')

  function read(records: readonly Record<string, unknown>[]): ReadRows {
    const rows = reader.score({ dataframe_records: records })
    if (rows === undefined) throw new Declined('a row has values that may not fit the signature')
    const values = kept.map(({ name, known }) =>
      known ? packedValues(name, compiled, rows) : records.map((record) => textOf(record[name], name)),
    )
    return { rows, kept: values }
  }

  async function* rows(): AsyncGenerator<ReadRows, void> {
    let records: Record<string, unknown>[] = []
    for await (const line of linesOf(path, start, end)) {
      records.push(recordOf(line))
      if (records.length < most) continue
      yield read(records)
      records = []
    }
    if (records.length > 0) yield read(records)
  }
  return { kept, rows: rows() }
}

/** Lines that are not blank. A break inside of a text (U+2028) is none of a line. */
async function* linesOf(path: string, start: number, end: number | undefined): AsyncGenerator<string, void> {
  const bounds = end === undefined ? { start } : { start, end: end - 1 }
  let rest = ''
  for await (const text of createReadStream(path, {
    ...bounds,
    encoding: 'utf8',
    highWaterMark: 1024 * 1024,
  })) {
    const lines = (rest + (text as string)).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) if (line.trim() !== '') yield line
  }
  if (rest.trim() !== '') yield rest
}

function recordOf(line: string): Record<string, unknown> {
  try {
    return JSON.parse(line) as Record<string, unknown>
  } catch (cause) {
    throw new Declined('a line is no JSON', { cause })
  }
}

function textOf(value: unknown, name: string): string | null {
  if (value === null || typeof value === 'string') return value
  throw new Declined(`column ${name}, which is kept, has values that are no texts`)
}
