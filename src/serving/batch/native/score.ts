import { rename, rm } from 'node:fs/promises'
import type { Column } from '../../../analytics/analytics.ts'
import type { Columns, ColumnValue } from '../../../analytics/columns/columns.ts'
import type { openNativeModel } from '../../gateway/instances/native/native-model.ts'
import { Declined, type Item, type Settings } from './item.ts'
import type { KeptColumn, ReadRows } from './kept.ts'
import { predictionColumns, predictionValues } from './predictions.ts'
import { readColumns } from './read-columns.ts'
import { csvRelation } from './read-csv.ts'
import { readJsonLines } from './read-json-lines.ts'
import { parquetRelation } from './read-parquet.ts'
import { textWriter } from './write-text.ts'

type Model = Awaited<ReturnType<typeof openNativeModel>>

interface Input {
  readonly kept: readonly KeptColumn[]
  readonly rows: AsyncIterable<ReadRows>
  release?(): Promise<void>
}

/**
 * Scores the items of a mini-batch, and writes what it gave to the file `part` (unless only a summary is wanted): whole
 * or not at all. Answers how many rows there were. Throws `Declined` for what is Python's to score.
 */
export async function scoreItems(
  items: readonly Item[],
  by: { readonly model: Model; readonly columns: Columns; readonly settings: Settings },
  part: string,
): Promise<number> {
  const { model, settings } = by
  const predicted = predictionColumns(model.compiled)
  if (predicted === undefined) throw new Declined(`its answers are ${model.compiled.answer.datatype}`)
  let output: Awaited<ReturnType<typeof openOutput>> | undefined
  let first: string | undefined
  let count = 0
  try {
    for (const [index, item] of items.entries()) {
      const input = await openInput(item, by, `${part}.${index}`)
      try {
        const described = outputColumns(input.kept, predicted)
        const shape = JSON.stringify(described.map(({ name, type }) => [name, type]))
        if (shape !== (first ??= shape)) throw new Declined('its files differ in the types of what is kept')
        if (settings.output_action !== 'summary_only') output ??= await openOutput(part, described, by)
        let row = item.first_row ?? 0
        for await (const { rows, kept } of input.rows) {
          const ran = await model.run([rows], rows.count)
          if ((ran['refused']?.data as Uint8Array | undefined)?.includes(1))
            throw new Declined('the compiled model leaves some of its rows to Python')
          const answers = ran['answer']?.data as Parameters<typeof predictionValues>[2]
          const numbers = Array.from({ length: rows.count }, (_, i): ColumnValue => BigInt(row + i))
          const names = Array.from<ColumnValue>({ length: rows.count }).fill(item.name)
          const values = predictionValues(model.compiled, predicted, answers)
          await output?.append([numbers, ...kept, ...values, names])
          row += rows.count
          count += rows.count
        }
      } finally {
        await input.release?.()
      }
    }
    await output?.close()
  } catch (error) {
    await output?.abandon()
    throw error
  }
  return count
}

const outputColumns = (kept: readonly Column[], predicted: readonly Column[]): readonly Column[] => [
  { name: 'row', type: 'BIGINT' },
  ...kept,
  ...predicted,
  { name: 'file', type: 'VARCHAR' },
]

async function openInput(
  item: Item,
  { model, columns, settings }: Parameters<typeof scoreItems>[1],
  scratch: string,
): Promise<Input> {
  const { compiled } = model
  const keep = settings.keep_columns
  if (/\.(?:parquet|pq)$/i.test(item.path))
    return readColumns(columns, compiled, keep, await parquetRelation(columns, item))
  if (/\.(?:jsonl|ndjson)$/i.test(item.path)) return readJsonLines(compiled, keep, item)
  if (!/\.(?:csv|tsv|txt)$/i.test(item.path))
    throw new Declined('it is neither Parquet nor CSV nor JSON Lines')
  const relation = await csvRelation(item, scratch)
  return { ...readColumns(columns, compiled, keep, relation), release: () => relation.release() }
}

async function openOutput(
  part: string,
  described: readonly Column[],
  { columns, settings }: Parameters<typeof scoreItems>[1],
) {
  const ending = settings.output_file_name.split('.').at(-1)?.toLowerCase() ?? ''
  if (['jsonl', 'ndjson', 'json'].includes(ending)) return textWriter(part, described, 'jsonl')
  if (!['parquet', 'pq'].includes(ending)) return textWriter(part, described, 'csv')
  const temporary = `${part}.new`
  const writer = await columns.writeParquet(temporary, described)
  return {
    async append(values: readonly (readonly ColumnValue[])[]) {
      writer.append(values)
    },
    async close() {
      await writer.close()
      await rename(temporary, part)
    },
    async abandon() {
      await writer.abandon()
      await rm(temporary, { force: true })
    },
  }
}
