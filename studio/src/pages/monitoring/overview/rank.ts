import type { MonitorSeries, MonitorWindow } from '../../../api/monitors.ts'
import { isBeyondBelow } from '../series.ts'

/** A feature's value in the latest window, and how much it matters. */
export interface Ranked {
  readonly key: string
  readonly feature: string
  readonly signal: string
  readonly metric: string
  readonly window: MonitorWindow | undefined
  readonly windows: readonly MonitorWindow[]
  /** Value over its limit (limit over value where smaller is worse); undefined where one of them is not there or 0. */
  readonly ratio: number | undefined
  readonly importance: number | undefined
  readonly score: number
}

/** What a threshold of zero is taken to be: a rate of a permille. */
const least = 1e-3

/** Judged values of features, the ones first that are beyond, by distance ÷ threshold × importance; without importances all weigh alike. */
export function rankFeatures(
  series: readonly MonitorSeries[],
  importances: ReadonlyMap<string, number>,
): readonly Ranked[] {
  const ranked = series.flatMap((one): readonly Ranked[] => {
    const { feature, signal, metric, windows } = one
    const [window] = windows
    if (feature === undefined || window?.threshold === undefined) return []
    const ratio = ratioOf(window, isBeyondBelow(one))
    const importance = importances.get(feature)
    const weight = importances.size === 0 ? 1 : (importance ?? 0)
    return [
      {
        key: `${signal}\n${metric}\n${feature}`,
        feature,
        signal,
        metric,
        window,
        windows,
        ratio,
        importance,
        score: (ratio ?? 0) * weight,
      },
    ]
  })
  const rank = ({ window }: Ranked) => (window?.breached === true ? 0 : window?.value === null ? 2 : 1)
  return ranked.toSorted((a, b) => rank(a) - rank(b) || b.score - a.score || a.key.localeCompare(b.key))
}

function ratioOf({ value, threshold }: MonitorWindow, below: boolean): number | undefined {
  const limit = below ? threshold?.lower : threshold?.upper
  if (value === null || limit === undefined) return undefined
  if (below) return limit / Math.max(value, least * Math.abs(limit), 1e-12)
  return value / Math.max(limit, least)
}
