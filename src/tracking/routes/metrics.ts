import { errors } from '../../kernel/errors.ts'
import {
  metricHistory,
  metricPointsAt,
  metricSteps,
  type HistoryPosition,
} from '../../store/tracking/history.ts'
import { findRun, findRuns } from '../../store/tracking/runs.ts'
import { presentPoint } from '../present.ts'
import { limits, pageSize } from '../protocol/limits.ts'
import { int64, message, repeated, text, filled } from '../protocol/message.ts'
import { pageToken, readPageToken } from '../protocol/page-token.ts'
import { operations, route } from '../protocol/route.ts'
import { runId, runIdOf } from './fields.ts'

const { readRuns } = operations
const runsPerRequest = 100
const defaultSamples = 320
const maxSamples = 2500

export const metricRoutes = [
  route({
    method: 'GET',
    path: '/mlflow/metrics/get-history',
    operation: readRuns,
    input: message({
      ...runId,
      metric_key: text,
      max_results: int64.optional(),
      page_token: text.optional(),
    }),
    async handle(input, { platform, scope }) {
      const { db } = platform.store
      const limit = pageSize(input.max_results, {
        default: limits.historyPerPage,
        max: limits.historyPerPage,
      })
      const after = readPageToken(input.page_token, isHistoryPosition)
      const run = await findRun(db, scope, runIdOf(input))
      if (run === undefined) return {}
      const { points, next } = await metricHistory(
        db,
        { run: run.key, key: input.metric_key },
        { limit, after },
      )
      return { metrics: filled(points.map(presentPoint)), next_page_token: pageToken(next) }
    },
  }),
  route({
    method: 'GET',
    path: '/mlflow/metrics/get-history-bulk',
    operation: readRuns,
    input: message({ run_id: repeated(text), metric_key: text, max_results: int64.optional() }),
    async handle(input, { platform, scope }) {
      const { db } = platform.store
      const limit = Math.min(input.max_results ?? limits.historyPerPage, limits.historyPerPage)
      const metrics: object[] = []
      for (const run of await findRuns(db, scope, fewRuns(input.run_id, 'run_id'))) {
        const of = { run: run.key, key: input.metric_key }
        if (metrics.length >= limit) break
        const { points } = await metricHistory(db, of, { limit: limit - metrics.length })
        metrics.push(...points.map((p) => ({ ...presentPoint(p), run_id: run.run_id })))
      }
      return { metrics }
    },
  }),
  route({
    method: 'GET',
    path: '/mlflow/metrics/get-history-bulk-interval',
    operation: readRuns,
    input: message({
      run_ids: repeated(text),
      metric_key: text,
      start_step: int64.optional(),
      end_step: int64.optional(),
      max_results: int64.optional(),
    }),
    async handle(input, { platform, scope }) {
      const { db } = platform.store
      const range = { start: input.start_step, end: input.end_step }
      if ((range.start === undefined) !== (range.end === undefined))
        throw errors.badRequest('If either start step or end step are specified, both must be specified.')
      if (range.start !== undefined && range.end !== undefined && range.start > range.end)
        throw errors.badRequest(
          `end_step must be greater than start_step. Found start_step=${range.start} and end_step=${range.end}.`,
        )
      const limit = pageSize(input.max_results, { default: defaultSamples, max: maxSamples })
      const runs = await findRuns(db, scope, fewRuns(input.run_ids, 'run_ids'))
      const steps = new Set<number>()
      for (const run of runs)
        for (const step of await metricSteps(db, { run: run.key, key: input.metric_key }, range))
          steps.add(step)
      const sampled = sampleSteps(
        [...steps].sort((a, b) => a - b),
        limit,
      )
      const metrics: object[] = []
      for (const run of runs) {
        const points = await metricPointsAt(db, { run: run.key, key: input.metric_key }, sampled, maxSamples)
        metrics.push(...points.map((p) => ({ ...presentPoint(p), run_id: run.run_id })))
      }
      return { metrics }
    },
  }),
]

/** At most about `count` of the ascending steps, evenly spaced, with the first and the last among them. */
export function sampleSteps(steps: readonly number[], count: number): readonly number[] {
  if (steps.length <= count) return steps
  const interval = steps.length / count
  const sampled = new Set(Array.from({ length: count }, (_, i) => steps[Math.floor(i * interval)] ?? 0))
  sampled.add(steps.at(-1) ?? 0)
  return [...sampled]
}

function fewRuns(ids: readonly string[], parameter: string): readonly string[] {
  if (ids.length === 0)
    throw errors.badRequest(`${parameter} must name at least one run.`, { target: parameter })
  if (ids.length > runsPerRequest)
    throw errors.badRequest(
      `${parameter} names ${ids.length} runs, and at most ${runsPerRequest} are allowed.`,
      {
        target: parameter,
      },
    )
  return ids
}

const isHistoryPosition = (value: object): value is HistoryPosition =>
  ['timestamp', 'step', 'value', 'isNan'].every(
    (name) => typeof (value as Record<string, unknown>)[name] === 'number',
  )
