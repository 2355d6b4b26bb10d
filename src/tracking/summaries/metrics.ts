import { z } from 'zod'
import { errors } from '../../kernel/errors.ts'
import type { Action } from '../../kernel/resources/resource.ts'
import { metricBuckets } from '../../store/tracking/summaries/buckets.ts'
import { findRuns } from '../../store/tracking/runs.ts'
import { operations } from '../protocol/route.ts'

interface Asked {
  readonly runIds: readonly string[]
  readonly metric: string
  readonly axis: 'step' | 'timestamp'
  readonly points: number
  readonly from?: number
  readonly to?: number
}

/**
 * `POST {workspace}/summarizeMetrics { runIds, metric, axis?, points?, from?, to? }`: histories of a metric as a chart can show them.
 * MLflow's `get-history-bulk-interval` leaves points out; here every point counts. A history of more than `points` points
 * is cut into that many parts, equally wide in steps or in time, each with its mean, least and greatest value and how
 * many points it stands for. Answers `{ value: [{ runId, total, notFinite, points: [{ step, timestamp, value, min, max,
 * points }] }] }`, in the order in which runs were asked for; runs that there are not, or without the metric, are left out.
 */
export const summarizeMetrics: Action = {
  operation: operations.readRuns,
  input: z.object({
    runIds: z.array(z.string()).min(1).max(100),
    metric: z.string().min(1),
    axis: z.enum(['step', 'timestamp']).default('step'),
    points: z.number().int().min(1).max(2500).default(320),
    from: z.number().int().optional(),
    to: z.number().int().optional(),
  }),
  async run({ platform, resource, input }) {
    const { runIds, metric, axis, points, from, to } = input as unknown as Asked
    if ((from === undefined) !== (to === undefined))
      throw errors.badRequest('A range has both its ends: from and to.', { target: 'from' })
    const range = from === undefined || to === undefined ? undefined : { from, to }
    const { db } = platform.store
    const found = new Map((await findRuns(db, resource.key, runIds)).map((run) => [run.run_id, run.key]))
    const value: object[] = []
    for (const runId of new Set(runIds)) {
      const run = found.get(runId)
      if (run === undefined) continue
      const history = await metricBuckets(db, { run, name: metric }, { axis, most: points, range })
      if (history.total > 0)
        value.push({ runId, total: history.total, notFinite: history.notFinite, points: history.buckets })
    }
    return { body: { value } }
  },
}
