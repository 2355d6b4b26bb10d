import { identifier } from '../../../analytics/analytics.ts'
import { withTables } from '../../../data/tables/with-tables.ts'
import { quantity } from '../../../data/contracts/words/say.ts'
import { errors } from '../../../kernel/errors.ts'
import { nearest } from '../../../kernel/nearest.ts'
import type { SignalValue } from '../../results/result.ts'
import type { SignalContext } from '../signal.ts'

/** Columns of the table that a custom component makes, as Azure ML has them. */
const columns = ['metric_name', 'metric_value', 'group', 'group_pivot', 'threshold_value'] as const
const required = ['metric_name', 'metric_value'] as const

/** More rows than this are somebody's mistake. */
const mostRows = 10_000

/** Metrics that are beyond their threshold below it, by Azure ML's names and by YAML's; of all others above is beyond. */
const better = new Set([
  'twosamplekolmogorovsmirnovtest',
  'pearsonschisquaredtest',
  'normalizeddiscountedcumulativegain',
  'accuracy',
  'precision',
  'recall',
])

const plain = (name: string) => name.replaceAll(/[_\-\s]/g, '').toLowerCase()

interface MetricRow {
  readonly metric: string
  readonly value: number | null
  readonly segment: Readonly<Record<string, string>>
  readonly threshold: number | null
}

/** The values of the table that a component made. Throws a validation error that says what is wrong with the table. */
export async function metricsAt(
  { platform, workspaceId, signal }: SignalContext,
  made: { readonly uri: string; readonly type: string },
): Promise<readonly MetricRow[]> {
  return withTables(
    platform,
    workspaceId,
    { metrics: made.uri },
    async (session) => {
      const { columns: there } = await session.all('from metrics limit 0')
      const nameOf = (wanted: string) => there.find(({ name }) => name.toLowerCase() === wanted)?.name
      for (const name of required) {
        if (nameOf(name) !== undefined) continue
        const names = there.map((column) => column.name)
        const near = nearest(name, names)
        throw errors.validation(
          `The component's table has no column '${name}'${near === undefined ? '' : ` (it has '${near}')`}: it needs ${columns.join(', ')}, and has ${names.join(', ')}.`,
        )
      }
      const select = columns.map((name) => {
        const found = nameOf(name)
        const type = name === 'metric_value' || name === 'threshold_value' ? 'double' : 'varchar'
        return found === undefined ? 'null' : `try_cast(${identifier(found)} as ${type})`
      })
      const { rows } = await session.all(`select ${select.join(', ')} from metrics limit ${mostRows + 1}`)
      if (rows.length > mostRows)
        throw errors.validation(
          `The component's table has more than ${quantity(mostRows)} rows: metrics are few.`,
        )
      return rows.map(([metric, value, group, pivot, threshold]) => ({
        metric: typeof metric === 'string' ? metric : '',
        value: finite(value),
        segment: {
          ...(isSaid(group) ? { group } : {}),
          ...(isSaid(pivot) ? { group_pivot: pivot } : {}),
        },
        threshold: finite(threshold),
      }))
    },
    { signal },
  )
}

const finite = (value: unknown): number | null =>
  typeof value === 'number' && Number.isFinite(value) ? value : null
const isSaid = (value: unknown): value is string => typeof value === 'string' && value !== ''

/**
 * The values with what they are held against: the monitor's threshold of the metric, or else the one that the component
 * gives. A threshold of a metric that did not come out is told, never silent.
 */
export function judgeMetrics(
  rows: readonly MetricRow[],
  n: number,
  { planned }: Pick<SignalContext, 'planned'>,
): readonly SignalValue[] {
  const constant = planned.thresholds.constant[''] ?? {}
  const limits = new Map(Object.entries(constant).map(([name, limit]) => [plain(name), limit]))
  const values = rows.map(({ metric, value, segment, threshold }): SignalValue => {
    const limit = limits.get(plain(metric)) ?? threshold ?? undefined
    const isBetter = better.has(plain(metric))
    return {
      metric,
      value,
      n,
      ...(Object.keys(segment).length === 0 ? {} : { segment }),
      ...(value === null ? { note: 'The component gives no number.' } : {}),
      ...(limit === undefined
        ? {}
        : { threshold: { ...(isBetter ? { lower: limit } : { upper: limit }), from: 'constant' } }),
      ...(limit === undefined || value === null
        ? {}
        : { breached: isBetter ? value < limit : value > limit }),
    }
  })
  const came = new Set(rows.map(({ metric }) => plain(metric)))
  const missing = Object.keys(constant).filter((name) => !came.has(plain(name)))
  return [
    ...values,
    ...missing.map((metric): SignalValue => {
      const near = nearest(
        metric,
        rows.map((row) => row.metric),
      )
      return {
        metric,
        value: null,
        n,
        note: `The component computed no '${metric}'${near === undefined ? '' : `, but '${near}'`}.`,
      }
    }),
  ]
}
