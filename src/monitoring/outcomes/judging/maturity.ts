import type { Session } from '../../../analytics/analytics.ts'
import { percent, plural, span } from '../../../data/contracts/words/say.ts'
import type { SignalValue } from '../../results/result.ts'
import type { OutcomeRows } from '../outcomes.ts'

/** From when on the labels of a window are taken to be in. */
export interface MaturityRule {
  /** Share of the rows that have to have one. */
  readonly share: number
  /** How long labels take, where the monitor says it; else the 95th percentile of how long they took. */
  readonly delayMs?: number
}

export interface Maturity {
  readonly rows: number
  readonly labelled: number
  /** 95th percentile of how long labels took, in ms, in this window. */
  readonly lagMs?: number
  readonly isMature: boolean
  /** Why it is not, or how far it is. */
  readonly note: string
}

/** How many of the rows have a label, and how long these took. */
export async function readLabels(
  session: Session,
  { view }: OutcomeRows,
): Promise<{ readonly rows: number; readonly labelled: number; readonly lagMs?: number }> {
  const { rows } = await session.all(
    `select count(*), count(y), quantile_cont(epoch_ms(labelled_at) - epoch_ms(predicted_at), 0.95) filter (y is not null)
       from ${view}`,
  )
  const [all, labelled, lag] = rows[0] ?? []
  return {
    rows: Number(all),
    labelled: Number(labelled),
    ...(typeof lag === 'number' ? { lagMs: lag } : {}),
  }
}

/**
 * Whether the labels of a window are in: so many rows have one, and the youngest are older than labels usually take. Early
 * labels tell of what is known early, which is not what is true: until then values are provisional. How long labels take is
 * seen in the windows before too, for in a young window only quick ones are in. A window that is labelled whole is mature.
 */
export function maturityOf(
  found: { readonly rows: number; readonly labelled: number; readonly lagMs?: number },
  rule: MaturityRule,
  time: {
    readonly now: Date
    readonly windowEnd: Date | undefined
    readonly earlierLagsMs: readonly number[]
  },
): Maturity {
  const share = found.rows === 0 ? 0 : found.labelled / found.rows
  const seen = [...(found.lagMs === undefined ? [] : [found.lagMs]), ...time.earlierLagsMs]
  const lag = rule.delayMs ?? (seen.length === 0 ? undefined : Math.max(...seen))
  const age = time.windowEnd === undefined ? undefined : time.now.getTime() - time.windowEnd.getTime()
  const isOld = lag === undefined || age === undefined || age >= lag
  const isMature = share === 1 || (share >= rule.share && isOld)
  const told = `${plural(found.labelled, 'row')} of ${found.rows.toLocaleString('en')} have a label (${percent(share)})`
  const why = isMature
    ? '.'
    : share < rule.share
      ? `: values are provisional until ${percent(rule.share)} have.`
      : `, and labels take up to ${span(lag ?? 0)}: values are provisional until the window is that old.`
  return { ...found, isMature, note: `${told}${why}` }
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
