import { createExperiment } from '../../src/store/tracking/experiments.ts'
import type { Store } from '../../src/store/database.ts'
import { insertMany, type Insertion } from '../../src/store/tracking/insert-many.ts'
import { randomFrom } from './random.ts'

const runs: Insertion = {
  table: 'runs',
  columns: [
    'scope',
    'run_id',
    'experiment',
    'name',
    'user_id',
    'status',
    'start_time',
    'end_time',
    'artifact_uri',
    'lifecycle',
  ],
  tail: 'returning key',
}
const params: Insertion = { table: 'run_params', columns: ['run', 'name', 'value'], tail: '' }
const tags: Insertion = { table: 'run_tags', columns: ['run', 'name', 'value'], tail: '' }
const series: Insertion = {
  table: 'metric_series',
  columns: ['run', 'name', 'value', 'is_nan', 'step', 'timestamp'],
  tail: 'returning key',
}
const points: Insertion = {
  table: 'metrics',
  columns: ['series', 'timestamp', 'step', 'value', 'is_nan'],
  tail: '',
}
const perTransaction = 4000
const apartMs = 30_000

/**
 * Puts an experiment `many runs` into a workspace: each run with eight parameters and six metrics, every tenth the child
 * of the one before that has children; the newest has a metric `loss` of so many points.
 */
export async function seedRuns(
  store: Store,
  workspace: string,
  size: { readonly runs: number; readonly points: number },
): Promise<void> {
  const scope = workspace.toLowerCase()
  const random = randomFrom(11)
  const newest = Date.now() - 60_000
  const experiment = await store.transaction((tx) =>
    createExperiment(tx, {
      scope,
      name: 'many runs',
      artifactLocation: 'mlflow-artifacts:/many',
      now: newest,
    }),
  )
  if (experiment === undefined) throw new Error('There is an experiment `many runs` already.')
  let last = 0
  for (let from = 0; from < size.runs; from += perTransaction) {
    const numbers = Array.from({ length: Math.min(perTransaction, size.runs - from) }, (_, i) => from + i)
    last = await store.transaction(async (tx) => {
      const startOf = (number: number) => newest - (size.runs - number) * apartMs
      const idOf = (number: number) => number.toString(16).padStart(32, '0')
      const rows = numbers.map((number) => [
        scope,
        idOf(number),
        experiment.key,
        `trial-${number}`,
        ['ada', 'grace', 'edsger'][number % 3],
        number % 17 === 0 ? 'FAILED' : 'FINISHED',
        startOf(number),
        startOf(number) + Math.round(random() * 900_000),
        `mlflow-artifacts:/many/${idOf(number)}/artifacts`,
        'active',
      ])
      const keys = (await insertMany<{ key: number }>(tx, runs, rows)).map(({ key }) => key)
      const drawn = keys.map((key, i) => {
        const rate = 10 ** (-3 + 2 * random())
        const depth = 2 + Math.floor(random() * 12)
        const quality = 0.74 - (Math.log10(rate) + 1.6) ** 2 / 30 - (depth - 7) ** 2 / 900 + random() / 100
        return { key, number: numbers[i] ?? 0, rate, depth, quality }
      })
      await insertMany(
        tx,
        params,
        drawn.flatMap(({ key, rate, depth, number }) => [
          [key, 'learning_rate', rate.toFixed(5)],
          [key, 'max_depth', String(depth)],
          [key, 'booster', number % 3 === 0 ? 'dart' : 'gbtree'],
          [key, 'subsample', (0.5 + random() / 2).toFixed(3)],
          [key, 'colsample', (0.5 + random() / 2).toFixed(3)],
          [key, 'seed', String(number % 7)],
          [key, 'n_estimators', '300'],
          [key, 'features', 'carrier, origin, dest, sched_dep_time, distance'],
        ]),
      )
      await insertMany(
        tx,
        tags,
        drawn.flatMap(({ key, number }) => [
          [key, 'mlflow.runName', `trial-${number}`],
          [key, 'mlflow.user', ['ada', 'grace', 'edsger'][number % 3]],
          ...(number % 50 > 0 && number % 50 < 30
            ? [[key, 'mlflow.parentRunId', idOf(number - (number % 50))]]
            : []),
        ]),
      )
      const latest = drawn.flatMap(({ key, number, quality }) => {
        const at = startOf(number) + 1000
        return [
          [key, 'roc_auc', quality, 0, 0, at],
          [key, 'average_precision', quality - 0.3 + random() / 50, 0, 0, at],
          [key, 'log_loss', 1.2 - quality + random() / 100, 0, 0, at],
          [key, 'brier', 0.4 - quality / 3, 0, 0, at],
          [key, 'fit_seconds', random() * 60, 0, 0, at],
          [key, 'rows', 336_776, 0, 0, at],
        ]
      })
      const found = await insertMany<{ key: number }>(tx, series, latest)
      await insertMany(
        tx,
        points,
        latest.map(([, , value, nan, step, at], i) => [found[i]?.key, at, step, value, nan]),
      )
      return keys.at(-1) ?? 0
    })
  }
  await seedPoints(store, last, size.points, newest, random)
}

/** A loss that falls, with noise and now and then a jump. */
async function seedPoints(
  store: Store,
  run: number,
  count: number,
  end: number,
  random: () => number,
): Promise<void> {
  const valueAt = (step: number) =>
    0.2 + Math.exp(-step / (count / 6)) + random() / 10 + (step % 9973 === 9972 ? 2 : 0)
  const all = Array.from({ length: count }, (_, step) => ({ step, value: valueAt(step) }))
  const last = all.at(-1)
  if (last === undefined) return
  await store.transaction(async (tx) => {
    const [made] = await insertMany<{ key: number }>(tx, series, [
      [run, 'loss', last.value, 0, last.step, end],
    ])
    await insertMany(
      tx,
      points,
      all.map(({ step, value }) => [made?.key, end - (count - step) * 100, step, value, 0]),
    )
  })
}
