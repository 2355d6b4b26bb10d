import { z } from 'zod'
import type { Json } from '../../../kernel/resources/resource.ts'
import { NoData, type Population } from '../../populations/population.ts'
import type { SignalResult } from '../../results/result.ts'
import { wantedFeatures } from '../drift/common-columns.ts'
import { segmentValues } from '../drift/segment-values.ts'
import type { MonitorMistake, Signal, SignalCheck, SignalContext } from '../signal.ts'
import { baselineOf, type Baseline } from './baseline.ts'
import { duplicatedRows } from './duplicates.ts'
import { measureQuality, type Quality } from './measure.ts'
import { rateMetrics, tableMetrics } from './metrics.ts'
import { renamedTo } from './renamed.ts'
import { rate, rateValues, tableValues } from './values.ts'

const parameters = z.strictObject({})

/** Whether what the model is asked about is whole, of the right types, and within what it has seen. */
export const dataQuality: Signal<z.infer<typeof parameters>> = {
  kind: 'data_quality',
  signalType: 'DataQuality',
  summary:
    'Missing values, values of the wrong type and values outside of what the reference has, of each feature.',
  parameters,
  reference: 'required',
  metrics: [...rateMetrics, ...tableMetrics],
  check: checkQuality,
  async advance(_, context) {
    const work = context.inBackground('measure', () => findQuality(context))
    return work === undefined ? { doing: 'looks for what is missing or wrong' } : { result: await work }
  },
}

async function checkQuality(_: unknown, { planned }: SignalCheck): Promise<readonly MonitorMistake[]> {
  return planned.thresholds.fromReference === undefined
    ? []
    : [
        {
          path: ['thresholds_from_reference'],
          message:
            'Rates of data quality are held against the reference as they are: a threshold is how much more there may be. Name it in metric_thresholds.',
        },
      ]
}

async function findQuality(context: SignalContext): Promise<SignalResult> {
  const { planned, populations } = context
  const production = await populations.production()
  const reference = await populations.reference()
  const { wanted, fresh } = wantedFeatures({ reference, production }, planned.features)
  return populations.session(async (session) => {
    const names = wanted.filter((name) => hasColumn(reference, name))
    const gone = names.filter((name) => !hasColumn(production, name))
    if (names.length === gone.length)
      throw new NoData(
        `Production has none of the features of the reference (${names.slice(0, 10).join(', ')}).`,
      )
    const kept = await context.cached(
      `quality of ${reference.fingerprint}: ${names.join('\n')}`,
      async () => ({
        ...(await baselineOf(session, reference, names)),
      }),
    )
    const baseline = kept as unknown as Baseline
    const sides = { reference, production }
    const quality = await measureQuality(session, production.view, sides, baseline)
    const { segments, notes } = await segmentValues(session, planned.segments, sides)
    const parts = []
    for (const { segment, filter } of segments) {
      const relation = `(select * from ${production.view} where ${filter})`
      parts.push({ segment, quality: await measureQuality(session, relation, sides, baseline) })
    }
    const duplicates = await duplicatesOf()
    return {
      outcome: 'computed',
      values: [
        ...rateValues(quality, baseline, planned),
        ...parts.flatMap((part) => rateValues(part.quality, baseline, planned, part.segment)),
        ...tableValues({ ...shape(quality, gone, fresh), ...duplicates }, planned, quality.rows),
        ...absentValues(context, gone),
      ],
      notes: [...production.notes, ...notes, ...renameNotes(gone, fresh), ...emptyNotes(quality)],
      details: detailsOf(quality, baseline, gone, fresh),
    }

    async function duplicatesOf() {
      const isAsked = planned.thresholds.constant['']?.['duplicated_row_rate'] !== undefined
      if (!isAsked && production.rows > mostHashed) return {}
      const there = names.filter((name) => !gone.includes(name))
      const value = rate(await duplicatedRows(session, production, there), production.rows)
      return { duplicated_row_rate: { value } }
    }
  })
}

/** Of more rows duplicates are looked for only where a threshold asks for it: every row has to be told from every other. */
const mostHashed = 1_000_000

const hasColumn = ({ columns }: Population, name: string) => columns.some((column) => column.name === name)

/** How many columns have gone, have come, are empty or never vary, though they did. */
function shape({ rows, columns }: Quality, gone: readonly string[], fresh: readonly string[]) {
  const empty = columns.filter(({ missing, column }) => missing === rows && column.missing < rows)
  const constant = columns.filter((quality) => quality.constant && !quality.column.constant)
  const told = (names: readonly string[]) => ({
    value: names.length,
    ...(names.length === 0 ? {} : { note: `${names.slice(0, 20).join(', ')}.` }),
  })
  return {
    row_count: { value: rows },
    missing_column_count: told(gone),
    new_column_count: told(fresh),
    empty_column_count: told(empty.map(({ column }) => column.name)),
    constant_column_count: told(constant.map(({ column }) => column.name)),
  }
}

/** A feature that has gone has no rates, and says so. */
const absentValues = ({ planned }: SignalContext, gone: readonly string[]) =>
  'names' in planned.features
    ? gone.flatMap((feature) =>
        [...new Set(rateMetrics.map(({ name }) => name))].map((metric) => ({
          metric,
          feature,
          value: null,
          n: 0,
          note: 'Production has no such column any more.',
        })),
      )
    : []

function renameNotes(gone: readonly string[], fresh: readonly string[]): readonly string[] {
  const notes = gone.map((name) => {
    const near = renamedTo(name, fresh)
    return `${name} has gone${near === undefined ? '' : `; ${near} is new: perhaps it was renamed`}.`
  })
  return fresh.length === 0 ? notes : [...notes, `New in production: ${fresh.slice(0, 10).join(', ')}.`]
}

const emptyNotes = ({ rows, columns }: Quality) =>
  columns
    .filter(({ missing, column }) => missing === rows && column.missing < rows)
    .map(({ column }) => `Every value of ${column.name} is missing.`)

/** Features whose figures are told in full. */
const mostTold = 1000

function detailsOf(
  { rows, columns }: Quality,
  baseline: Baseline,
  gone: readonly string[],
  fresh: readonly string[],
): Json {
  return {
    rows: { reference: baseline.rows, production: rows },
    missing_columns: [...gone],
    new_columns: [...fresh],
    features: columns.slice(0, mostTold).map(({ column, ...now }) => ({
      feature: column.name,
      group: column.group,
      type: { reference: column.type, production: now.type },
      missing: { reference: column.missing, production: now.missing },
      type_errors: now.typeErrors,
      out_of_bounds: now.outOfBounds ?? null,
      bounds: column.min === undefined ? null : { min: column.min, max: column.max },
      range: now.min === undefined ? null : { min: now.min, max: now.max },
      unseen: [...(now.unseen ?? [])],
    })),
  }
}
