// Fills a store with many jobs, runs and points of a metric, so that Studio's long lists can be looked at:
//   node bench/studio/seed.ts {home} [--jobs=100000] [--runs=100000] [--points=100000]
// The server of that home must be down, and must have been up once. Numbers are drawn from a fixed seed.
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { openSqlite } from '../../src/store/sqlite.ts'
import { seedJobs } from './seed-jobs.ts'
import { seedRuns } from './seed-runs.ts'

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    jobs: { type: 'string', default: '100000' },
    runs: { type: 'string', default: '100000' },
    points: { type: 'string', default: '100000' },
  },
})
const [home] = positionals
if (home === undefined) throw new Error('node bench/studio/seed.ts {home}')
const store = await openSqlite(join(home, 'store.db'))
const started = performance.now()
const workspace =
  '/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/twinloop/providers/Microsoft.MachineLearningServices/workspaces/dev'
await seedJobs(store, workspace, Number(values.jobs))
await seedRuns(store, workspace, { runs: Number(values.runs), points: Number(values.points) })
await store.close()
console.log(
  `${values.jobs} jobs, ${values.runs} runs and a metric of ${values.points} points in ${((performance.now() - started) / 1000).toFixed(1)} s`,
)
