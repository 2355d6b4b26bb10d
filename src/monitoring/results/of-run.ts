import type { Platform } from '../../kernel/platform.ts'
import type { MonitorRun } from '../runs/run.ts'
import type { SignalValue } from './result.ts'
import { resultsOf } from './results.ts'
import { excess, isBeyond } from './verdict.ts'

/**
 * Every value that a run found, with its signal: those beyond their thresholds first, the farthest beyond of all, then
 * what was judged at all.
 */
export async function valuesOfRun(
  platform: Platform,
  { scope, properties }: MonitorRun,
  signal?: string,
): Promise<readonly (SignalValue & { readonly signal: string; readonly kind: string })[]> {
  const at = new Date(properties.at)
  const found = await resultsOf(platform, scope, {
    monitor: properties.monitor,
    ...(signal === undefined ? {} : { signal }),
    from: at,
    to: at,
    windows: 1,
  })
  const values = found.flatMap(({ signal: name, kind, windows }) => {
    const value = windows[0]?.found
    return value === undefined ? [] : [{ signal: name, kind, ...value }]
  })
  return values.toSorted((a, b) => rank(a) - rank(b) || excess(b) - excess(a))
}

/** What is beyond, then what was judged, then what is about all rows, then what is about parts of them. */
const rank = (value: SignalValue): number =>
  isBeyond(value) ? 0 : value.breached !== undefined ? 1 : value.segment === undefined ? 2 : 3
