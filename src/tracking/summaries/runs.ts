import { z } from 'zod'
import type { Action } from '../../kernel/resources/resource.ts'
import { countRuns, loggedNames } from '../../store/tracking/summaries/runs.ts'
import { nestedBelow, type Nested } from '../../store/tracking/summaries/trials.ts'
import { operations } from '../protocol/route.ts'
import { selectionOf } from './selection.ts'

/** Names are looked for in so many of the newest runs: those before them seldom logged anything else. */
const looksAt = 2000

interface Asked {
  readonly experimentIds: readonly string[]
  readonly filter?: string
  readonly names: boolean
  readonly nestedBelow?: readonly string[]
}

/**
 * `POST {workspace}/summarizeRuns { experimentIds, filter?, names?, nestedBelow? }`: what MLflow's `runs/search` cannot
 * say without sending every run. Answers `{ count, newest, looksAt?, metrics?, params?, tags?, nested? }`: how many runs
 * the filter (MLflow's own) leaves, when the last of them started; with `names`, what the newest of them logged:
 * `[{ name, runs, varies }]`; and for each run named in `nestedBelow` that has some, how many runs name it as their
 * `mlflow.parentRunId`, whatever the filter: `[{ runId, runs, statuses }]`.
 */
export const summarizeRuns: Action = {
  operation: operations.readRuns,
  input: z.object({
    experimentIds: z.array(z.string()).min(1).max(1000),
    filter: z.string().max(20_000).optional(),
    names: z.boolean().default(false),
    nestedBelow: z.array(z.string().min(1)).max(1000).optional(),
  }),
  async run({ platform, resource, input }) {
    const asked = input as unknown as Asked
    const { db } = platform.store
    const selection = await selectionOf(db, resource.key, asked)
    const { count, newest } = await countRuns(db, selection)
    const about = { count, newest: newest === undefined ? null : new Date(newest).toISOString() }
    const nested =
      asked.nestedBelow === undefined
        ? {}
        : { nested: byParent(await nestedBelow(db, selection.experiments, asked.nestedBelow)) }
    if (!asked.names) return { body: { ...about, ...nested } }
    const { runs: looked, ...names } = await loggedNames(db, selection, looksAt)
    return { body: { ...about, looksAt: looked, ...names, ...nested } }
  },
}

const byParent = (rows: readonly Nested[]) =>
  [...Map.groupBy(rows, ({ parent }) => parent)].map(([runId, of]) => ({
    runId,
    runs: of.reduce((sum, { runs }) => sum + runs, 0),
    statuses: Object.fromEntries(of.map(({ status, runs }) => [status, runs])),
  }))
