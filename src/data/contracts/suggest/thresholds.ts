import type { NumericProfile, TextProfile } from '../../profile/profile.ts'

/** Half, to one leading digit downwards: 27,004 → 10,000; of few rows one. */
export function expectedRows(rows: number): number {
  const half = Math.floor(rows / 2)
  if (half < 1) return rows === 0 ? 0 : 1
  const unit = 10 ** Math.floor(Math.log10(half))
  return Math.floor(half / unit) * unit
}

/**
 * How often a value may be missing, as a percentage that reads well: twice as often and two points more, and for what is
 * missing in most rows half of the rest. Undefined where nearly everything is missing, of which there is nothing to ask.
 */
export function missingLimit(fraction: number): string | undefined {
  if (fraction >= 0.95) return undefined
  const limit = fraction < 0.4 ? 2 * fraction + 0.02 : fraction + (1 - fraction) / 2
  return `${Math.ceil(Number((limit * 100).toFixed(6)))}%`
}

/**
 * Bounds with half the range to spare on both sides, rounded outwards to two digits. What is never negative stays so if
 * it is whole or comes within a tenth of its range of 0, and fractions in [0, 1] stay a share. Undefined where there is
 * no range.
 */
export function bounds(profile: NumericProfile | undefined): readonly [number, number] | undefined {
  const { min, max, integers, infinite } = profile ?? {}
  if (min === null || min === undefined || max === null || max === undefined || min === max) return undefined
  if (infinite !== 0) return undefined
  if (min >= 0 && max <= 1 && integers !== true) return [0, 1]
  const range = max - min
  const low = min - range / 2
  const staysPositive = min >= 0 && low < 0 && (integers === true || min <= range / 10)
  return [staysPositive ? 0 : outwards(low, Math.floor), max <= 0 ? 0 : outwards(max + range / 2, Math.ceil)]
}

function outwards(value: number, round: (n: number) => number): number {
  if (value === 0) return 0
  const digits = Math.floor(Math.log10(Math.abs(value))) - 1
  const unit = 10 ** Math.abs(digits)
  return digits >= 0 ? round(value / unit) * unit : round(value * unit) / unit
}

/** The regular expression of a shape that every value has: `AA999` → `^[A-Z]{2}\d{3}$`. Undefined for other columns. */
export function regexOf(patterns: TextProfile['patterns'], there: number): string | undefined {
  const [only, ...others] = patterns
  if (only === undefined || others.length > 0 || there < 100 || only.count < there) return undefined
  const { pattern } = only
  if (pattern.includes('…') || pattern.length < 2 || pattern.length > 12 || !/^[Aa9 ./:_-]+$/.test(pattern))
    return undefined
  const runs = pattern.match(/A+|a+|9+|[^Aa9]/g) ?? []
  const classes: Readonly<Record<string, string>> = { A: '[A-Z]', a: '[a-z]', 9: '\\d' }
  const part = (run: string) => {
    const known = classes[run[0] ?? '']
    if (known === undefined) return run.replaceAll(/[./]/g, '\\$&')
    return run.length === 1 ? known : `${known}{${run.length}}`
  }
  return `^${runs.map(part).join('')}$`
}
