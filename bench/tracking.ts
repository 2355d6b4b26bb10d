import { rate, type Figure } from './figures.ts'
import { json } from './load.ts'
import type { Server } from './servers.ts'

const api = '/api/2.0/mlflow'

/** MLflow's API on a server of either make: metrics one by one and in batches of 1,000. */
export async function measureLogging(server: Server, seconds: number): Promise<Figure[]> {
  const experiment = await createExperiment(server, 'logging')
  const figures: Figure[] = []
  for (const connections of [1, 16]) {
    const run_id = await createRun(server, experiment)
    const metric = (i: number) => ({
      run_id,
      key: `m${i % 16}`,
      value: i,
      timestamp: 1_700_000_000_000 + i,
      step: i,
    })
    const batch = (i: number) => ({
      run_id,
      metrics: Array.from({ length: 1000 }, (_, k) => ({
        key: `b${k % 10}`,
        value: k,
        timestamp: 1_700_000_000_000 + i,
        step: i * 100 + Math.floor(k / 10),
      })),
    })
    figures.push(
      await rate(server, 'log-metric', (i) => post(server, '/runs/log-metric', metric(i)), {
        connections,
        seconds,
      }),
      await rate(server, 'log-batch, metrics', (i) => post(server, '/runs/log-batch', batch(i)), {
        connections,
        seconds,
        each: 1000,
      }),
    )
  }
  return figures
}

/**
 * Searches of one experiment as it grows to each of the sizes. Every run has 10 metrics, 10 parameters and a tag, and
 * each answer holds up to 100 runs whole.
 */
export async function measureSearch(
  server: Server,
  sizes: readonly number[],
  seconds: number,
): Promise<Figure[]> {
  const experiment = await createExperiment(server, 'search')
  const figures: Figure[] = []
  const searches = {
    'newest 100': {},
    'by metric and parameter': { filter: "metrics.metric1 > 900 and params.param1 = '12'" },
    'by metric, which many hold': { filter: 'metrics.metric1 > 100' },
    'ordered by metric': { order_by: ['metrics.metric2 DESC'] },
  }
  let count = 0
  for (const size of sizes) {
    const seed = async () => {
      while (count < size) await seedRun(server, experiment, count++)
    }
    // mlflow's pool of database connections runs dry where many are made at once.
    await Promise.all(Array.from({ length: 4 }, seed))
    for (const [what, query] of Object.entries(searches)) {
      const body = { experiment_ids: [experiment], max_results: 100, ...query }
      figures.push(
        await rate(
          server,
          `search of ${size.toLocaleString('en')} runs, ${what}`,
          () => post(server, '/runs/search', body),
          { connections: 1, seconds },
        ),
      )
    }
  }
  return figures
}

const post = ({ headers }: Server, path: string, body: unknown) => ({
  method: 'POST',
  path: `${api}${path}`,
  headers,
  body: JSON.stringify(body),
})

const createExperiment = async (server: Server, name: string) =>
  (await json<{ experiment_id: string }>(server, 'POST', `${api}/experiments/create`, { name })).experiment_id

const createRun = async (server: Server, experiment_id: string) =>
  (
    await json<{ run: { info: { run_id: string } } }>(server, 'POST', `${api}/runs/create`, {
      experiment_id,
      start_time: Date.now(),
    })
  ).run.info.run_id

async function seedRun(server: Server, experiment: string, n: number): Promise<void> {
  const run_id = await createRun(server, experiment)
  await json(server, 'POST', `${api}/runs/log-batch`, {
    run_id,
    metrics: Array.from({ length: 10 }, (_, m) => ({
      key: `metric${m}`,
      value: (n * 7919) % 1000,
      timestamp: Date.now(),
      step: 0,
    })),
    params: Array.from({ length: 10 }, (_, p) => ({ key: `param${p}`, value: String((n * (p + 3)) % 50) })),
    tags: [{ key: 'team', value: n % 2 === 0 ? 'a' : 'b' }],
  })
}
