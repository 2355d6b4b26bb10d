import type { Session } from '../../../analytics/analytics.ts'
import { percent, plural, span } from '../../../data/contracts/words/say.ts'
import { parseDuration } from '../../../kernel/duration.ts'
import type { MaturityAsked } from '../parameters.ts'
import type { SignalValue } from '../../results/result.ts'
import type { OutcomeRows } from '../outcomes.ts'

export interface Maturity extends LabelsSeen {
  readonly isMature: boolean
  /** Why it is not, or how far it is. */
  readonly note: string
}

/** What is known of the labels of a window. */
export interface LabelsSeen {
  readonly rows: number
  readonly labelled: number
  /** 95th percentile of how long labels took, in ms. */
  readonly lagMs?: number
  /** When the youngest of its predictions was made. */
  readonly latest?: Date
}

/** How many of the rows have a label, how long these took, and how young the rows are. */
export async function readLabels(session: Session, { view }: OutcomeRows): Promise<LabelsSeen> {
  const { rows } = await session.all(
    `select count(*), count(y), quantile_cont(epoch_ms(labelled_at) - epoch_ms(arrived_at), 0.95) filter (y is not null),
       epoch_ms(max(arrived_at)) from ${view}`,
  )
  const [all, labelled, lag, latest] = rows[0] ?? []
  return {
    rows: Number(all),
    labelled: Number(labelled),
    ...(typeof lag === 'number' ? { lagMs: lag } : {}),
    ...(typeof latest === 'number' ? { latest: new Date(latest) } : {}),
  }
}

/**
 * Whether the labels of a window are in: so many rows have one, and the youngest are older than labels usually take. Early
 * labels tell of what is known early, which is not what is true: until then values are provisional. How long labels take is
 * seen in the windows before too, for in a young window only quick ones are in. A window that is labelled whole is mature.
 */
export function maturityOf(
  found: LabelsSeen,
  rule: MaturityAsked,
  time: { readonly now: Date; readonly earlierLagsMs: readonly number[] },
): Maturity {
  const share = found.rows === 0 ? 0 : found.labelled / found.rows
  const seen = [...(found.lagMs === undefined ? [] : [found.lagMs]), ...time.earlierLagsMs]
  const told = rule.delay === undefined ? undefined : parseDuration(rule.delay)
  const lag = told ?? (seen.length === 0 ? undefined : Math.max(...seen))
  const age = found.latest === undefined ? undefined : time.now.getTime() - found.latest.getTime()
  const isOld = lag === undefined || age === undefined || age >= lag
  const isMature = share === 1 || (share >= rule.labelled && isOld)
  const shown = `${plural(found.labelled, 'row')} of ${found.rows.toLocaleString('en')} have a label (${percent(share)})`
  const why = isMature
    ? '.'
    : share < rule.labelled
      ? `: values are provisional until ${percent(rule.labelled)} have.`
      : `, and labels take up to ${span(lag ?? 0)}: values are provisional until the rows are that old.`
  return { ...found, isMature, note: `${shown}${why}` }
}

/** What later windows read of this one, and charts show. */
export const maturityValues = ({ rows, labelled, lagMs }: Maturity): readonly SignalValue[] => [
  { metric: 'labelled', value: rows === 0 ? null : labelled / rows, n: rows },
  ...(lagMs === undefined ? [] : [{ metric: 'label_lag_p95', value: lagMs / 1000, n: labelled }]),
]

/** How long labels took in earlier windows, in ms. */
export const lagsOf = (history: readonly { readonly values: readonly SignalValue[] }[]): readonly number[] =>
  history.flatMap(({ values }) =>
    values.flatMap(({ metric, value }) =>
      metric === 'label_lag_p95' && value !== null ? [value * 1000] : [],
    ),
  )
