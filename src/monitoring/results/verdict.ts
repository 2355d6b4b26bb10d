import type { SignalValue } from './result.ts'

/** True for a value that was judged to be beyond its threshold. */
export const isBeyond = ({ breached }: SignalValue): boolean => breached === true

/** The value farthest beyond its threshold, relative to that, in words; undefined where none is. */
export function worstOf(values: readonly SignalValue[]): string | undefined {
  const beyond = values.filter(isBeyond)
  const worst = beyond.toSorted((a, b) => excess(b) - excess(a))[0]
  return worst === undefined ? undefined : inWords(worst)
}

/** By how much a value is beyond its nearer limit, in parts of that limit. */
export function excess({ value, threshold }: SignalValue): number {
  if (value === null || threshold === undefined) return 0
  const { lower, upper } = threshold
  const over = upper === undefined ? Number.NEGATIVE_INFINITY : value - upper
  const under = lower === undefined ? Number.NEGATIVE_INFINITY : lower - value
  const limit = over >= under ? upper : lower
  const by = Math.max(over, under)
  return limit === undefined || limit === 0 ? by : by / Math.abs(limit)
}

/** `distance jensen_shannon_distance 0.312 > 0.1 (carrier AA)` */
export function inWords({ metric, feature, segment, value, threshold }: SignalValue): string {
  const where = Object.entries(segment ?? {}).map(([name, of]) => `${name} ${of}`)
  const said = [
    ...(feature === undefined ? [] : [feature]),
    metric,
    value === null ? 'no data' : short(value),
    ...limitOf(value, threshold),
  ].join(' ')
  return where.length === 0 ? said : `${said} (${where.join(', ')})`
}

function limitOf(value: number | null, threshold: SignalValue['threshold']): readonly string[] {
  if (threshold === undefined) return []
  const { lower, upper } = threshold
  if (value !== null && upper !== undefined && value > upper) return ['>', short(upper)]
  if (value !== null && lower !== undefined && value < lower) return ['<', short(lower)]
  if (lower !== undefined && upper !== undefined) return ['within', `${short(lower)} to ${short(upper)}`]
  return upper === undefined ? (lower === undefined ? [] : ['≥', short(lower)]) : ['≤', short(upper)]
}

/** Four digits that mean something, and no trailing noughts. */
export const short = (value: number): string => String(Number(value.toPrecision(4)))
