/**
 * Makes one Parquet file of the parts of a batch scoring job, for environments without pyarrow: told on standard input,
 * `{ parts, target }`, by python/twinloop_batch/parts.py.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { z } from 'zod'
import { openColumns } from '../../../analytics/columns/columns.ts'
import { assembleParquet } from './assemble-parquet.ts'

const memoryBytes = 512 * 1024 * 1024
const order = z.object({ parts: z.array(z.string()), target: z.string() })

const { parts, target } = order.parse(JSON.parse(await text(process.stdin)))
const spill = await mkdtemp(join(tmpdir(), 'twinloop-batch-'))
try {
  const columns = await openColumns({ memoryBytes, spill })
  await assembleParquet(columns, parts, target)
  columns.close()
} finally {
  await rm(spill, { recursive: true, force: true })
}
