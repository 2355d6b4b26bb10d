/**
 * A worker of a batch scoring job that scores with a compiled model: DuckDB reads, ONNX Runtime scores, and what is not
 * known for sure is declined. It is started by python/twinloop_batch/worker_process.py, which says how they speak.
 */
import { closeSync, createReadStream, writeSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { openColumns } from '../../../analytics/columns/columns.ts'
import { openNativeModel } from '../../gateway/instances/native/native-model.ts'
import { order, settingsSchema } from './item.ts'
import { scoreItems } from './score.ts'

/** What DuckDB may take before it spills; there is a worker for each core. */
const memoryBytes = 512 * 1024 * 1024

const [settingsText = '{}', folder = '', parts = '', orders = '', answers = ''] = process.argv.slice(2)
const settings = settingsSchema.parse(JSON.parse(settingsText))
const answer = (value: object) => writeSync(Number(answers), `${JSON.stringify(value)}\n`)
const wordsOf = (error: unknown) => (error instanceof Error ? error.message : String(error)).split('\n')[0]

const spill = await mkdtemp(join(tmpdir(), 'twinloop-batch-'))
try {
  const [model, columns] = await Promise.all([openNativeModel(folder), openColumns({ memoryBytes, spill })])
  answer({ started: true })
  const by = { model, columns, settings }
  for await (const line of createInterface({ input: createReadStream('', { fd: Number(orders) }) })) {
    const { index, items } = order.parse(JSON.parse(line))
    const part = join(parts, `${String(index).padStart(8, '0')}.part`)
    try {
      answer({ index, ok: true, rows: await scoreItems(items, by, part), failed: 0 })
    } catch (error) {
      // Whatever it is: Python scores it, or says what is wrong with it.
      answer({ index, ok: false, error: wordsOf(error) })
    }
  }
  columns.close()
} catch (error) {
  answer({ started: false, error: wordsOf(error) })
  process.exitCode = 1
} finally {
  await rm(spill, { recursive: true, force: true })
  closeSync(Number(answers))
}
