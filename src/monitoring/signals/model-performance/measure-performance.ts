import type { Json } from '../../../kernel/resources/resource.ts'
import type { Session } from '../../../analytics/analytics.ts'
import { measure } from '../../outcomes/measures/measure.ts'
import type { MeasuredSegment, Measuring } from '../../outcomes/measures/measured.ts'
import { restored, stored } from '../../outcomes/measures/stored.ts'
import { openOutcomes, type OutcomeRows, type Outcomes, type OutcomesAsked } from '../../outcomes/outcomes.ts'
import { errorQuantiles, scoreCurve } from '../../outcomes/measures/curves.ts'
import { readConfusions } from '../../outcomes/measures/confusion.ts'
import { lagsOf, maturityOf, readLabels, type Maturity } from '../../outcomes/judging/maturity.ts'
import { segmentSets } from '../../outcomes/segments.ts'
import { NoData, type Population } from '../../populations/population.ts'
import type { SignalContext } from '../signal.ts'
import type { PerformanceParameters } from './parameters.ts'

/** What was found of a window, before anything is judged. */
export interface Performance {
  readonly outcomes: Outcomes
  readonly maturity: Maturity
  readonly production: readonly MeasuredSegment[]
  readonly reference?: readonly MeasuredSegment[]
  /** The same of each chunk of the reference, where limits come of them. */
  readonly chunks: readonly (readonly MeasuredSegment[])[]
  /** For charts: of a classification its matrix and scores, of a regression its errors. */
  readonly details: Json
  readonly notes: readonly string[]
}

/** Measures production, and the reference where there is one. Throws NoData where no row has a label. */
export async function measurePerformance(
  parameters: PerformanceParameters,
  context: SignalContext,
): Promise<Performance> {
  const { populations, planned, monitor } = context
  const asked: OutcomesAsked = {
    segments: planned.segments,
    threshold: parameters.decision_threshold,
    ...(monitor.task === undefined ? {} : { task: monitor.task }),
    ...(parameters.positive_label === undefined ? {} : { positive: parameters.positive_label }),
  }
  const production = await populations.production()
  if (production.roles.target === undefined)
    throw new NoData('Nothing tells what came true: name its column as target_column.')
  const reference = planned.reference === undefined ? undefined : await populations.reference()
  const { fromReference } = planned.thresholds
  const chunks =
    reference === undefined || fromReference === undefined
      ? []
      : await populations.chunks(reference, fromReference.chunks)
  const earlier = lagsOf(await context.history(12))
  return populations.session(async (session) => {
    const outcomes = await openOutcomes(
      session,
      { production, ...(reference === undefined ? {} : { reference, chunks }) },
      asked,
    )
    const found = await readLabels(session, outcomes.production)
    requireLabels(found)
    const maturity = maturityOf(found, parameters.maturity, {
      now: context.platform.clock(),
      earlierLagsMs: earlier,
    })
    const measuring = (rows: OutcomeRows) => measureAll(session, outcomes, rows, parameters, context)
    const kept = (of: Population, rows: OutcomeRows) =>
      keptMeasures(context, parameters, outcomes, of, () => measuring(rows))
    const before =
      outcomes.reference?.hasLabels === true && reference !== undefined
        ? await kept(reference, outcomes.reference)
        : undefined
    const ofChunks: (readonly MeasuredSegment[])[] = []
    for (const [i, chunk] of chunks.entries()) {
      const rows = outcomes.chunks[i]
      if (before !== undefined && rows !== undefined) ofChunks.push(await kept(chunk, rows))
    }
    return {
      outcomes,
      maturity,
      production: await measuring(outcomes.production),
      ...(before === undefined ? {} : { reference: before }),
      chunks: ofChunks,
      details: await detailsOf(session, outcomes),
      notes: [
        ...outcomes.notes,
        ...production.notes,
        ...(await unanswered(session, outcomes.production)),
        ...(reference !== undefined && before === undefined
          ? ['The reference has no labels to compare with.']
          : []),
      ],
    }
  })
}

function requireLabels({ rows, labelled }: { readonly rows: number; readonly labelled: number }): void {
  if (rows === 0) throw new NoData('The window has no predictions.')
  if (labelled === 0)
    throw new NoData(`None of the ${rows.toLocaleString('en')} predictions of the window has a label yet.`)
}

async function measureAll(
  session: Session,
  outcomes: Outcomes,
  rows: OutcomeRows,
  { average, confidence }: PerformanceParameters,
  { planned, seed }: SignalContext,
): Promise<readonly MeasuredSegment[]> {
  const measuring: Measuring = { average, confidence, seed }
  const found: MeasuredSegment[] = []
  for (const set of segmentSets(planned.segments))
    found.push(...(await measure(session, outcomes, rows, set, measuring)))
  return found
}

/** What was measured of rows that stay the same, from the cache if it is there. */
async function keptMeasures(
  context: SignalContext,
  { average, confidence, positive_label, decision_threshold }: PerformanceParameters,
  { task, classes }: Outcomes,
  { fingerprint, roles }: Population,
  compute: () => Promise<readonly MeasuredSegment[]>,
): Promise<readonly MeasuredSegment[]> {
  const how = { average, confidence, positive_label, decision_threshold, task, classes, roles }
  const key = JSON.stringify(['performance', fingerprint, how, context.planned.segments, context.seed])
  return restored(await context.cached(key, async () => stored(await compute())))
}

async function detailsOf(session: Session, { task, classes, scores, production }: Outcomes): Promise<Json> {
  if (task === 'regression') return { task, errors: await errorQuantiles(session, production) }
  const [all] = await readConfusions(session, production, classes.length, { names: [], columns: [] })
  const curves: Record<string, Json[]> = {}
  for (const score of scores)
    curves[classes[score.code] ?? ''] = [...(await scoreCurve(session, production, score))]
  return {
    task,
    ...(all === undefined
      ? {}
      : { confusion: { classes: [...classes], cells: Array.from(all.table.cells) } }),
    ...(scores.length === 0 ? {} : { scores: curves }),
  }
}

/** Rows with a label that the model has no answer for: they are told, for no metric counts them. */
async function unanswered(session: Session, { view }: OutcomeRows): Promise<readonly string[]> {
  const { rows } = await session.all(`select count(*) from ${view} where y is not null and said is null`)
  const count = Number(rows[0]?.[0])
  return count === 0
    ? []
    : [`${count.toLocaleString('en')} labelled rows have no prediction: no metric counts them.`]
}
