import type { Outcome } from '../conditions/conditions.ts'
import type { Finding, Labels } from '../machine.ts'
import { isBeyond, type Condition } from '../rule.ts'

/** A metric of a signal in one window after another, the newest first. */
export interface SignalWindows {
  /** `monitor`, `signal` and `metric`, and which feature or segment it is of. */
  readonly labels: Labels
  readonly windows: readonly SignalWindow[]
}

interface SignalWindow {
  readonly at: Date
  /** Null where the window has none. */
  readonly value: number | null
  /** True: more labels are still to come, so it may change. */
  readonly provisional?: boolean
}

type OfSignal = Extract<Condition, { readonly kind: 'signal' }>

/** How many windows are read, so that those which are provisional or have no value can be passed over. */
export const windowsRead = ({ windows }: OfSignal): number => windows * 2 + 10

/**
 * What a condition on a signal comes to. True: the last so many windows that have a value are beyond the limit, and at least
 * one of them is final; or the last so many final ones are, for what is provisional can still change and must not end
 * anything either. Without a value in the newest window nothing is known.
 */
export function askSignal(condition: OfSignal, series: readonly SignalWindows[]): Outcome {
  const found: Finding[] = []
  const quiet: Finding[] = []
  for (const { labels, windows } of series) {
    const [newest] = windows
    if (newest === undefined || newest.value === null) continue
    const known = windows.flatMap(({ value, provisional }) =>
      value === null ? [] : [{ value, isFinal: provisional !== true }],
    )
    const final = known.filter(({ isFinal }) => isFinal)
    const isTrue =
      (areBeyond(condition, known) && known.slice(0, condition.windows).some(({ isFinal }) => isFinal)) ||
      areBeyond(condition, final)
    const finding = { labels, value: newest.value }
    ;(isTrue ? found : quiet).push(finding)
  }
  return { found, quiet, noData: found.length + quiet.length === 0 }
}

const areBeyond = (
  { windows, comparison, limit }: OfSignal,
  values: readonly { readonly value: number }[],
): boolean =>
  values.length >= windows &&
  values.slice(0, windows).every(({ value }) => isBeyond(value, comparison, limit))
