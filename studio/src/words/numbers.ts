/** What stands where there is no value. */
export const nothing = '–'

const isNumber = (value: number | null | undefined): value is number =>
  typeof value === 'number' && !Number.isNaN(value)

/** A metric with four significant digits: `0.7129`, `12.40`, `1.234e-7`. */
export function metric(value: number | null | undefined): string {
  if (!isNumber(value)) return nothing
  if (value === 0 || !Number.isFinite(value)) return String(value).replace('Infinity', '∞')
  const size = Math.abs(value)
  if (size < 1e-4 || size >= 1e7) return value.toExponential(3)
  if (Number.isInteger(value)) return exact(value)
  return value.toLocaleString('en', { minimumSignificantDigits: 4, maximumSignificantDigits: 4 })
}

/** A whole number with its thousands apart: `336,776`. */
export const exact = (value: number | null | undefined): string =>
  isNumber(value) ? value.toLocaleString('en', { maximumFractionDigits: 0 }) : nothing

/** A count at a glance: `12.4k`; the exact one belongs beside it. */
export const count = (value: number | null | undefined): string =>
  !isNumber(value)
    ? nothing
    : value < 10_000
      ? exact(value)
      : value.toLocaleString('en', { notation: 'compact', maximumFractionDigits: 1 }).replace('K', 'k')

/** A share of one as percent: `0.0123` is `1.23 %`. */
export const percent = (share: number | null | undefined, digits = 1): string =>
  isNumber(share) ? `${(share * 100).toFixed(digits)} %` : nothing

const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const

/** Bytes in IEC units: `1.5 MiB`. */
export function bytes(value: number | null | undefined): string {
  if (!isNumber(value) || value < 0) return nothing
  const step = Math.min(units.length - 1, value < 1 ? 0 : Math.floor(Math.log2(value) / 10))
  const amount = value / 2 ** (10 * step)
  return `${step === 0 ? String(Math.round(amount)) : amount.toFixed(amount < 10 ? 1 : 0)} ${units[step] ?? ''}`
}

/** Requests a second, as precise as it needs to be: `0.05/s`, `12.4/s`, `1,204/s`. */
export const rate = (perSecond: number | null | undefined): string =>
  !isNumber(perSecond)
    ? nothing
    : `${perSecond === 0 ? '0' : perSecond < 1 ? perSecond.toPrecision(2) : perSecond < 100 ? perSecond.toFixed(1) : exact(perSecond)}/s`
