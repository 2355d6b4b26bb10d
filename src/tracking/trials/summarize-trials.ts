import { setImmediate } from 'node:timers/promises'
import { z } from 'zod'
import type { Action } from '../../kernel/resources/resource.ts'
import { trialParams, trialsOf } from '../../store/tracking/summaries/trials.ts'
import { operations } from '../protocol/route.ts'
import { selectionOf } from '../summaries/selection.ts'
import { fewestTrials, importances, type Importances } from './importance.ts'
import { bestOf, numbered, rankIn, sampled, type Goal, type Trial } from './trials.ts'

/** More trials than this of one search are not looked at. */
const mostTrials = 20_000
/** So many of them, evenly over the search, are enough to tell what parameters do. */
const mostRated = 5000
/** Parameters that differ: the first by name. */
const mostParameters = 40

interface Asked {
  readonly experimentIds: readonly string[]
  readonly filter?: string
  readonly metric: string
  readonly goal: Goal
  readonly by: 'started' | 'ended'
  readonly points: number
  readonly parameters: boolean
  readonly ranks: readonly string[]
}

/**
 * `POST {workspace}/summarizeTrials { experimentIds, filter?, metric, goal, by?, points?, parameters?, ranks? }`: runs as tries
 * of one search, judged by a metric whose better values are the greater (`Maximize`) or the smaller (`Minimize`). Numbered
 * in the order in which they started; ranked is what finished with a finite value. Answers
 * - `count` of the filter's runs, how many were `looksAt` (the first 20,000), `ranked`, and how many have which status;
 * - `best`, and `trials`: at most `points` of them, evenly, and besides each that was better than all that `started` before it,
 *   or, as `by` says, had `ended` (`isRecord`);
 * - with `parameters`, what those that differ tell of the metric (see `importance.ts`), and their values of each trial;
 * - `ranks` of the runs asked for: 1 and as many as are better.
 */
export const summarizeTrials: Action = {
  operation: operations.readRuns,
  input: z.object({
    experimentIds: z.array(z.string()).min(1).max(1000),
    filter: z.string().max(20_000).optional(),
    metric: z.string().min(1),
    goal: z.enum(['Maximize', 'Minimize']),
    by: z.enum(['started', 'ended']).default('started'),
    points: z.number().int().min(0).max(2000).default(500),
    parameters: z.boolean().default(false),
    ranks: z.array(z.string()).max(1000).default([]),
  }),
  async run({ platform, resource, input }) {
    const asked = input as unknown as Asked
    const { db } = platform.store
    const selection = await selectionOf(db, resource.key, asked)
    const rows = await trialsOf(db, selection, { metric: asked.metric, most: mostTrials + 1 })
    const trials = numbered(rows.slice(0, mostTrials), asked.goal, asked.by)
    const params = asked.parameters
      ? differing(await trialParams(db, selection, mostTrials))
      : new Map<string, ReadonlyMap<number, string>>()
    const shown = sampled(trials, asked.points)
    const best = bestOf(trials, asked.goal)
    const present = (trial: Trial) => presented(trial, params)
    return {
      body: {
        isWhole: rows.length <= mostTrials,
        count: trials.length,
        statuses: countsOf(trials.map(({ row }) => row.status)),
        ranked: trials.filter(({ ranked }) => ranked !== undefined).length,
        best: best === undefined ? null : present(best),
        trials: shown.map(present),
        ranks: ranksOf(trials, asked),
        ...(asked.parameters ? { importance: await rated(trials, params) } : {}),
      },
    }
  },
}

function ranksOf(trials: readonly Trial[], { ranks, goal }: Asked) {
  if (ranks.length === 0) return []
  const rank = rankIn(trials, goal)
  const wanted = new Set(ranks)
  return trials.flatMap(({ row, ranked, number }) =>
    wanted.has(row.runId)
      ? [{ runId: row.runId, number, rank: ranked === undefined ? null : rank(ranked) }]
      : [],
  )
}

/** Parameters of which the trials have different values. */
function differing(params: ReadonlyMap<string, ReadonlyMap<number, string>>) {
  const differ = [...params].filter(([, values]) => new Set(values.values()).size > 1)
  return new Map(differ.toSorted(([a], [b]) => a.localeCompare(b)).slice(0, mostParameters))
}

async function rated(
  trials: readonly Trial[],
  params: ReadonlyMap<string, ReadonlyMap<number, string>>,
): Promise<Importances & { readonly trials: number; readonly fewestTrials: number }> {
  const all = trials.filter(({ ranked }) => ranked !== undefined)
  const every = Math.max(1, all.length / mostRated)
  const looked = all.filter((_, i) => Math.floor(i / every) !== Math.floor((i - 1) / every))
  const found = await importances(
    looked.map(({ ranked }) => ranked ?? Number.NaN),
    new Map([...params].map(([name, values]) => [name, looked.map(({ row }) => values.get(row.key))])),
    () => setImmediate(),
  )
  return { trials: looked.length, fewestTrials, ...found }
}

const presented = (
  { number, row, ranked, isRecord }: Trial,
  params: ReadonlyMap<string, ReadonlyMap<number, string>>,
) => ({
  number,
  runId: row.runId,
  name: row.name,
  status: row.status,
  startTime: row.startTime,
  endTime: row.endTime,
  value: ranked ?? null,
  isRecord,
  params: Object.fromEntries(
    [...params].flatMap(([name, values]) => {
      const value = values.get(row.key)
      return value === undefined ? [] : [[name, value]]
    }),
  ),
})

function countsOf(words: readonly string[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1
  return counts
}
