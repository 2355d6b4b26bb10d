import { listing, percent, plural } from '../../../data/contracts/words/say.ts'
import { quantile } from '../../../statistics/distributions/quantiles.ts'
import type { Interval } from '../../../statistics/intervals/interval.ts'
import { finite, intervalOf, rounded, together, type Findings } from '../../evaluation/findings.ts'
import type { Role } from '../../predictions/steps.ts'
import { figure } from '../../report/measures.ts'
import type { GateVerdict, Measure } from '../gate.ts'
import type { Explanation, Importance } from './explanation.ts'
import type { ExplanationsParameters } from './parameters.ts'
import { ndcg } from './ranking.ts'

export type Explained = { readonly candidate: Explanation; readonly champion?: Explanation | undefined }

/** An explanation as reports have it. */
export type ShownExplanation = Omit<Explanation, 'permutation' | 'notes'> & {
  readonly permutation: Omit<Explanation['permutation'], 'columns'> & {
    readonly columns: readonly (Omit<Importance, 'replicates'> & Interval & { readonly share: number })[]
  }
}

export interface ExplanationsDetails {
  readonly target: string
  readonly data: string
  readonly labels: Readonly<Partial<Record<Role, string>>>
  readonly candidate: ShownExplanation
  readonly champion?: ShownExplanation
}

/** Fewer rows decide nothing. */
const fewestRows = 200
/** Columns whose importance is among the measures, and drawn. */
const toldColumns = 10

/** Judges what candidate and champion go by, by bounds that the bootstrap over the rows gives. Pure. */
export function judgeExplanations(
  { candidate, champion }: Explained,
  parameters: ExplanationsParameters,
  labels: ExplanationsDetails['labels'],
): Findings {
  const judging: Judging = { candidate, champion, parameters }
  const judged = [...forbidden(judging), ...leak(judging), ...likeness(judging)].map((measure) =>
    enough(measure, candidate),
  )
  const isJudged = new Set(
    judged.flatMap(({ name, slice }) => (name === importanceName ? slice?.['column'] : [])),
  )
  const told = candidate.permutation.columns
    .slice(0, toldColumns)
    .filter(({ column }) => !isJudged.has(column))
    .map((one) => importanceOf(judging, one))
  const asked = together(judged.map(({ verdict }) => verdict))
  const verdict = judged.length === 0 ? 'pass' : asked
  return {
    verdict,
    summary: summary(judging, judged, verdict),
    measures: [...judged, ...told, ...(champion === undefined ? [] : ofChampion(judging, champion))],
    notes: notes({ candidate, champion }),
    details: {
      target: parameters.target,
      data: parameters.data,
      labels,
      candidate: shown(candidate, parameters.confidence),
      ...(champion === undefined ? {} : { champion: shown(champion, parameters.confidence) }),
    } satisfies ExplanationsDetails,
  }
}

interface Judging extends Explained {
  readonly parameters: ExplanationsParameters
}

const importanceName = 'permutation_importance'

/** Bounds of which each errs with chance 1 - confidence. */
const boundsOf = (replicates: readonly number[], confidence: number): Interval => ({
  lower: quantile(replicates, 1 - confidence),
  upper: quantile(replicates, confidence),
})

const methodOf = ({ permutation: { loss, repeats, columns } }: Explanation): string =>
  `growth of the ${loss} over ${plural(repeats, 'shuffle')}; percentile bootstrap of the rows, ${columns[0]?.replicates.length ?? 0} replicates`

function importanceOf({ candidate, parameters }: Judging, one: Importance): Measure {
  const { confidence } = parameters
  return {
    name: importanceName,
    slice: { column: one.column },
    estimate: finite(one.mean),
    ...intervalOf(boundsOf(one.replicates, confidence), 2 * confidence - 1),
    n: candidate.permutation.rows,
    method: methodOf(candidate),
  }
}

const ofChampion = (judging: Judging, champion: Explanation): readonly Measure[] =>
  champion.permutation.columns
    .slice(0, toldColumns)
    .map((one) => ({ ...importanceOf({ ...judging, candidate: champion }, one), of: 'champion' as const }))

/** What all columns together make worse, of the estimates or of one draw. */
const whole = (columns: readonly Importance[], draw?: number): number =>
  columns.reduce((sum, one) => sum + Math.max(0, valueIn(one, draw)), 0)

const valueIn = ({ mean, replicates }: Importance, draw: number | undefined): number =>
  draw === undefined ? mean : (replicates[draw] ?? 0)

/** Columns that must not matter: fail if they surely do, pass if at most negligibly. */
function forbidden(judging: Judging): readonly Measure[] {
  const { candidate, parameters } = judging
  const { must_not_matter: columns, negligible, confidence } = parameters
  const all = candidate.permutation.columns
  const limit = 'not above 0'
  return columns.map((column): Measure => {
    const one = all.find((other) => other.column === column)
    if (one === undefined)
      return {
        name: importanceName,
        slice: { column },
        estimate: 0,
        limit,
        verdict: 'pass',
        note: 'no input of the model',
      }
    const { lower, upper } = boundsOf(one.replicates, confidence)
    const most = negligible * whole(all)
    const verdict = lower > 0 ? 'fail' : upper <= most ? 'pass' : 'inconclusive'
    const note =
      verdict === 'inconclusive'
        ? `may matter: not surely below ${figure(most)}, ${percent(negligible)} of the whole`
        : verdict === 'pass' && one.moved > 0
          ? `the model uses it, to no effect on the ${candidate.permutation.loss}: shuffled, answers move by ${figure(one.moved)} on average`
          : undefined
    return { ...importanceOf(judging, one), limit, verdict, ...(note === undefined ? {} : { note }) }
  })
}

/** One column that has nearly all of the importance may be the answer in disguise. */
function leak({ candidate, parameters }: Judging): readonly Measure[] {
  const { max_share: most, confidence } = parameters
  if (most === undefined) return []
  const { columns, rows } = candidate.permutation
  const [first] = columns
  const all = whole(columns)
  const measure = { name: 'largest_share_of_importance', limit: `at most ${percent(most)}`, n: rows } as const
  if (first === undefined || all === 0)
    return [
      {
        ...measure,
        estimate: null,
        verdict: 'inconclusive',
        note: 'shuffling no column makes the model worse',
      },
    ]
  const draws = first.replicates.flatMap((_, draw) => {
    const together = whole(columns, draw)
    return together === 0 ? [] : [Math.max(0, valueIn(first, draw)) / together]
  })
  const bounds = boundsOf(draws, confidence)
  const verdict = bounds.lower > most ? 'fail' : bounds.upper <= most ? 'pass' : 'inconclusive'
  return [
    {
      ...measure,
      slice: { column: first.column },
      estimate: first.mean / all,
      ...intervalOf(bounds, 2 * confidence - 1),
      method: methodOf(candidate),
      verdict,
    },
  ]
}

/** Whether the candidate goes by what the champion goes by. */
function likeness({ candidate, champion, parameters }: Judging): readonly Measure[] {
  const { like_champion: least, confidence } = parameters
  if (least === undefined) return []
  const limit = `at least ${figure(least)}`
  const measure = { name: 'importance_ndcg', limit, n: candidate.permutation.rows } as const
  if (champion === undefined)
    return [{ ...measure, estimate: null, verdict: 'not_applicable', note: 'there is no champion' }]
  const [ours, theirs] = [candidate.permutation.columns, champion.permutation.columns]
  const inDraw = (columns: readonly Importance[], draw: number) =>
    columns.map((one) => ({ column: one.column, mean: valueIn(one, draw) }))
  const count = Math.min(ours[0]?.replicates.length ?? 0, theirs[0]?.replicates.length ?? 0)
  const draws = Array.from({ length: count }, (_, draw) => ndcg(inDraw(ours, draw), inDraw(theirs, draw)))
  const known = draws.filter(Number.isFinite)
  const estimate = finite(ndcg(ours, theirs))
  if (estimate === null || known.length === 0)
    return [
      {
        ...measure,
        estimate: null,
        verdict: 'inconclusive',
        note: 'the champion goes by no column of the data',
      },
    ]
  const bounds = boundsOf(known, confidence)
  return [
    {
      ...measure,
      estimate,
      ...intervalOf(bounds, 2 * confidence - 1),
      method:
        "NDCG of the candidate's ranking by the champion's importance; percentile bootstrap of the rows",
      verdict: bounds.lower >= least ? 'pass' : bounds.upper < least ? 'fail' : 'inconclusive',
    },
  ]
}

/** On few rows nothing is let pass. */
const enough = (measure: Measure, { permutation: { rows } }: Explanation): Measure =>
  rows >= fewestRows || measure.verdict !== 'pass'
    ? measure
    : { ...measure, verdict: 'inconclusive', note: `${rows} rows are too few: ${fewestRows} are the least` }

function summary({ candidate }: Judging, judged: readonly Measure[], verdict: GateVerdict): string {
  const decided = verdict === 'pass' ? undefined : judged.find((measure) => measure.verdict === verdict)
  const { loss, columns } = candidate.permutation
  if (decided === undefined || decided.estimate === null) {
    const why = decided?.note === undefined ? '' : ` ${decided.limit ?? ''}: ${decided.note}.`
    return `${rankingInWords(columns)}${why}`
  }
  const { name, slice, estimate, interval, limit } = decided
  const between = interval === undefined ? '' : ` (${figure(interval.lower)} to ${figure(interval.upper)})`
  const column = slice?.['column'] ?? ''
  if (name === importanceName)
    return verdict === 'fail'
      ? `'${column}' matters and must not: shuffled, the ${loss} grows by ${figure(estimate)}${between}.`
      : `Whether '${column}' matters, which must not, cannot be told: shuffled, the ${loss} grows by ${figure(estimate)}${between}.`
  if (name === 'importance_ndcg')
    return `The candidate's ranking of columns is ${figure(estimate)}${between} like the champion's; has to be ${limit ?? ''}.`
  return `'${column}' has ${percent(estimate)} of the whole importance${between}; ${limit ?? ''} is allowed.`
}

function rankingInWords(columns: readonly Importance[]): string {
  const all = whole(columns)
  if (all === 0) return 'Shuffling no column makes the model worse.'
  const first = columns.filter(({ mean }) => mean > 0).slice(0, 3)
  return `It goes by ${listing(first.map(({ column, mean }) => `${column} (${percent(mean / all)})`))}.`
}

const notes = ({ candidate, champion }: Explained): readonly string[] => [
  ...candidate.notes,
  ...(champion?.notes ?? []).map((note) => `Of the champion: ${note}`),
]

function shown({ permutation, notes: _, ...others }: Explanation, confidence: number): ShownExplanation {
  const all = whole(permutation.columns)
  return {
    ...others,
    permutation: {
      ...permutation,
      columns: permutation.columns.map(({ replicates, ...one }) => {
        const { lower, upper } = boundsOf(replicates, confidence)
        return {
          ...one,
          lower: rounded(lower),
          upper: rounded(upper),
          share: all === 0 ? 0 : rounded(Math.max(0, one.mean) / all),
        }
      }),
    },
  }
}
