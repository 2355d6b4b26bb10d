import { z } from 'zod'
import type { Action } from '../../kernel/resources/resource.ts'
import { experimentKeys } from '../../store/tracking/experiments.ts'
import { countRuns, loggedNames } from '../../store/tracking/summaries/runs.ts'
import { experimentNumber } from '../protocol/limits.ts'
import { operations } from '../protocol/route.ts'
import { runs } from '../search/entities.ts'
import { parseFilter } from '../search/parse.ts'

/** Names are looked for in so many of the newest runs: those before them seldom logged anything else. */
const looksAt = 2000

/**
 * `POST {workspace}/summarizeRuns { experimentIds, filter?, names? }`: what MLflow's `runs/search` cannot say without
 * sending every run. Answers `{ count, newest, looksAt?, metrics?, params?, tags? }`: how many runs the filter (MLflow's
 * own) leaves, when the last of them started and, with `names`, what the newest of them logged:
 * `[{ name, runs, varies }]`.
 */
export const summarizeRuns: Action = {
  operation: operations.readRuns,
  input: z.object({
    experimentIds: z.array(z.string()).min(1).max(1000),
    filter: z.string().max(20_000).optional(),
    names: z.boolean().default(false),
  }),
  async run({ platform, resource, input }) {
    const asked = input as { experimentIds: readonly string[]; filter?: string; names: boolean }
    const { db } = platform.store
    const selection = {
      experiments: [
        ...(await experimentKeys(db, resource.key, asked.experimentIds.map(experimentNumber))).keys(),
      ],
      lifecycles: ['active'] as const,
      conditions: parseFilter(runs, asked.filter),
    }
    const { count, newest } = await countRuns(db, selection)
    const about = { count, newest: newest === undefined ? null : new Date(newest).toISOString() }
    if (!asked.names) return { body: about }
    const { runs: looked, ...names } = await loggedNames(db, selection, looksAt)
    return { body: { ...about, looksAt: looked, ...names } }
  },
}
