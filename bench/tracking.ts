import { load, type Load } from './load.ts'
import type { Server } from './servers.ts'

/** One figure of one server. */
export interface Figure {
  readonly server: string
  readonly what: string
  readonly value: number
  readonly unit: string
  readonly detail: string
}

const json = async <T>(server: Server, method: string, path: string, body?: unknown): Promise<T> => {
  const response = await fetch(`${server.url}${path}`, {
    method,
    headers: { ...server.headers, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  if (!response.ok)
    throw new Error(`${server.name}: ${method} ${path} answered ${response.status}: ${await response.text()}`)
  return (await response.json()) as T
}

const figure = (server: Server, what: string, result: Load, scale = 1, unit = '1/s'): Figure => ({
  server: server.name,
  what,
  value: result.perSecond * scale,
  unit,
  detail: `p50 ${result.p50.toFixed(2)} ms, p99 ${result.p99.toFixed(2)} ms${result.errors > 0 ? `, ${result.errors} errors` : ''}`,
})

/** MLflow's API: single metrics, batches of 1,000, and search over many runs, on a server of either make. */
export async function measureTracking(server: Server, runs: number, seconds: number): Promise<Figure[]> {
  const { experiment_id } = await json<{ experiment_id: string }>(
    server,
    'POST',
    '/api/2.0/mlflow/experiments/create',
    { name: 'bench' },
  )
  const createRun = async () =>
    (
      await json<{ run: { info: { run_id: string } } }>(server, 'POST', '/api/2.0/mlflow/runs/create', {
        experiment_id,
        start_time: Date.now(),
      })
    ).run.info.run_id
  const post = (path: string, body: unknown) => ({
    method: 'POST',
    path,
    headers: server.headers,
    body: JSON.stringify(body),
  })
  const figures: Figure[] = []

  for (const connections of [1, 16]) {
    const run_id = await createRun()
    const metric = await load(
      server.url,
      (i) =>
        post('/api/2.0/mlflow/runs/log-metric', {
          run_id,
          key: `m${i % 16}`,
          value: i,
          timestamp: 1_700_000_000_000 + i,
          step: i,
        }),
      { connections, seconds },
    )
    figures.push(figure(server, `log-metric, ${connections} connection(s)`, metric))
    const batch = await load(
      server.url,
      (i) =>
        post('/api/2.0/mlflow/runs/log-batch', {
          run_id,
          metrics: Array.from({ length: 1000 }, (_, k) => ({
            key: `b${k % 10}`,
            value: k,
            timestamp: 1_700_000_000_000 + i,
            step: i * 100 + Math.floor(k / 10),
          })),
        }),
      { connections, seconds },
    )
    figures.push(figure(server, `log-batch of 1,000, ${connections} connection(s)`, batch, 1000, 'metrics/s'))
  }

  for (let i = 0; i < runs; i += 16)
    await Promise.all(
      Array.from({ length: Math.min(16, runs - i) }, async (_, k) => {
        const run_id = await createRun()
        const n = i + k
        await json(server, 'POST', '/api/2.0/mlflow/runs/log-batch', {
          run_id,
          metrics: Array.from({ length: 10 }, (_, m) => ({
            key: `metric${m}`,
            value: (n * 7919) % 1000,
            timestamp: Date.now(),
            step: 0,
          })),
          params: Array.from({ length: 10 }, (_, p) => ({
            key: `param${p}`,
            value: String((n * (p + 3)) % 50),
          })),
          tags: [{ key: 'team', value: n % 2 === 0 ? 'a' : 'b' }],
        })
      }),
    )
  const searches = {
    'search, first 100': { max_results: 100 },
    'search, filter by metric and param': {
      max_results: 100,
      filter: "metrics.metric1 > 900 and params.param1 = '12'",
    },
    'search, order by metric': { max_results: 100, order_by: ['metrics.metric2 DESC'] },
  }
  for (const [what, query] of Object.entries(searches))
    figures.push(
      figure(
        server,
        `${what} of ${runs} runs`,
        await load(
          server.url,
          () => post('/api/2.0/mlflow/runs/search', { experiment_ids: [experiment_id], ...query }),
          { connections: 1, seconds },
        ),
      ),
    )
  return figures
}
