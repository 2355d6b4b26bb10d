import type { Session } from '../../../analytics/analytics.ts'
import type { Features } from '../../monitors/monitor.ts'
import type { Segment } from '../../outcomes/segments.ts'
import type { Population } from '../../populations/population.ts'
import type { SignalResult, SignalValue } from '../../results/result.ts'
import type { SignalContext, SignalProgress } from '../signal.ts'
import { requireSome, type CommonColumns } from './common-columns.ts'
import type { Ask, Cached } from './numbers/counts.ts'
import { driftDetails } from './details.ts'
import { judgeDrift, needsPrecision, toldMetrics, type DriftFound } from './judge-drift.ts'
import { measureDrift, type Measured } from './measure.ts'
import type { DriftParameters } from './parameters.ts'
import { referenceLimits } from './reference-limits.ts'
import { segmentValues } from './segment-values.ts'

/** Which columns of two populations are held against each other, by the features that are asked about. */
export type Choose = (
  sides: { readonly reference: Population; readonly production: Population },
  features: Features,
) => CommonColumns

/** One step of a signal of drift: it thinks in the background, and has a result when it has thought. */
export async function advanceDrift(
  parameters: DriftParameters,
  context: SignalContext,
  choose: Choose,
): Promise<SignalProgress> {
  const work = context.inBackground('measure', () => findDrift(parameters, context, choose))
  return work === undefined ? { doing: 'measures how far distributions have moved' } : { result: await work }
}

async function findDrift(
  parameters: DriftParameters,
  context: SignalContext,
  choose: Choose,
): Promise<SignalResult> {
  const { planned, populations } = context
  const cached: Cached = (key, compute) => context.cached(key, compute)
  const isPrecise = needsPrecision(planned, parameters)
  // Read at the same time; where both have no data, production's reason is told.
  const reading = populations.reference()
  reading.catch(() => {})
  const production = await populations.production()
  const reference = await reading
  const common = choose({ reference, production }, planned.features)
  requireSome(common)
  const { limits, notes } = await referenceLimits(
    context,
    parameters,
    { reference, production },
    common.columns,
  )
  const measure = (ask: Ask, columns: CommonColumns['columns'], filter?: string): Promise<Measured> => {
    const of = (population: Population) =>
      filter === undefined
        ? { relation: population.view, key: population.fingerprint }
        : {
            relation: `(select * from ${population.view} where ${filter})`,
            key: `${population.fingerprint} ${filter}`,
          }
    return measureDrift(
      { ask, missing: parameters.missing_values, isPrecise, cached },
      {
        reference: { of: 'reference', ...of(reference) },
        production: { of: 'production', ...of(production) },
      },
      columns,
    )
  }
  const measured = await measure((use) => populations.session(use), common.columns)
  const { segments, notes: segmentNotes } = await inSegments(
    context,
    { production, reference },
    (session, segment, filter) =>
      // What makes the segment is the same in all of its rows.
      measure(
        (use) => use(session),
        common.columns.filter(({ name }) => !(name in segment)),
        filter,
      ),
  )
  return {
    outcome: 'computed',
    values: [
      ...judgeDrift(measured, planned, parameters, limits),
      ...segments.flatMap((part) => judgeDrift(part, planned, parameters, () => undefined)),
      ...absentValues(common, context, parameters),
    ],
    notes: [
      ...production.notes,
      ...notes,
      ...segmentNotes,
      ...columnNotes(common),
      ...droppedNotes(measured),
    ],
    details: driftDetails(measured, common, segments),
  }
}

/** Measures each segment; all in one session, since there may be many. */
async function inSegments(
  { planned, populations }: SignalContext,
  sides: { readonly production: Population; readonly reference: Population },
  measure: (session: Session, segment: Segment, filter: string) => Promise<Measured>,
): Promise<{ readonly segments: readonly DriftFound[]; readonly notes: readonly string[] }> {
  if (planned.segments.length === 0) return { segments: [], notes: [] }
  return populations.session(async (session) => {
    const chosen = await segmentValues(session, planned.segments, sides)
    const segments: DriftFound[] = []
    for (const { segment, filter } of chosen.segments)
      segments.push({ segment, features: (await measure(session, segment, filter)).features })
    return { segments, notes: chosen.notes }
  })
}

/** A feature that was asked for by name and has gone has no value, and says why. */
function absentValues(
  { missing }: CommonColumns,
  { planned }: SignalContext,
  parameters: DriftParameters,
): readonly SignalValue[] {
  if (!isNamed(planned.features)) return []
  const metrics = toldMetrics(planned, parameters)
  return missing.flatMap(({ name, reason }) =>
    [...new Set(metrics.map((metric) => metric.name))].map((metric) => ({
      metric,
      feature: name,
      value: null,
      n: 0,
      note: reason,
    })),
  )
}

const isNamed = (features: Features) => 'names' in features

/** Names that a note lists. */
const listed = 10

function columnNotes({ missing, fresh }: CommonColumns): readonly string[] {
  const list = (names: readonly string[]) =>
    names.slice(0, listed).join(', ') + (names.length > listed ? ` and ${names.length - listed} more` : '')
  return [
    ...missing.slice(0, listed).map(({ name, reason }) => `${name} is not compared: ${reason}`),
    ...(fresh.length === 0 ? [] : [`New in production, and not compared: ${list(fresh)}.`]),
  ]
}

/** Rows that are left out for a missing value are told where they are many: a feature with gaps takes the others with it. */
function droppedNotes({ reference, production }: Measured): readonly string[] {
  return (
    [
      ['the reference', reference],
      ['production', production],
    ] as const
  ).flatMap(([side, { rows, complete }]) =>
    rows === 0 || complete / rows > 0.95
      ? []
      : [
          `${percent(1 - complete / rows)} of the rows of ${side} miss a value and are left out, as Azure ML does; missing_values: drop_values keeps them for the other features.`,
        ],
  )
}

const percent = (share: number) => `${(share * 100).toFixed(share < 0.1 ? 1 : 0)} %`
