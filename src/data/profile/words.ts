import type { ColumnProfile, Count, SemanticType } from './profile.ts'

/** A number for people: four digits that count, thousands apart, very large and small ones with an exponent. */
export function figure(value: number | null | undefined): string {
  if (value === null || value === undefined) return '–'
  const size = Math.abs(value)
  if (size !== 0 && (size >= 1e12 || size < 1e-4))
    return value.toExponential(2).replace('e+', 'e').replace('-', '−')
  // Below 10,000 no thousands are set apart: years and times of day are whole numbers, too.
  const digits = Number.isInteger(value) ? 15 : size >= 1000 ? Math.ceil(Math.log10(size)) + 1 : 4
  return value
    .toLocaleString('en', {
      maximumSignificantDigits: Math.min(15, digits),
      useGrouping: size >= 10_000,
    })
    .replace('-', '−')
}

export const counted = ({ count, exact }: Count): string => `${exact ? '' : '≈ '}${figure(count)}`

export function share(fraction: number): string {
  if (fraction === 0) return '0 %'
  if (fraction < 0.001) return '< 0.1 %'
  if (fraction > 0.999 && fraction < 1) return '> 99.9 %'
  return `${(fraction * 100).toFixed(fraction < 0.1 ? 1 : 0)} %`
}

export function size(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB']
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10))
  return `${(bytes / 1024 ** power).toLocaleString('en', { maximumSignificantDigits: 3 })} ${units[power]}`
}

export const typeName: Readonly<Record<SemanticType, string>> = {
  numeric: 'number',
  categorical: 'category',
  boolean: 'yes/no',
  datetime: 'time',
  text: 'text',
  identifier: 'identifier',
  constant: 'constant',
  nested: 'nested',
}

/** Dates without the time of day where that is always midnight, and without fractions of seconds that are 0. */
export const moment = (iso: string | null | undefined): string =>
  iso === null || iso === undefined
    ? '–'
    : iso
        .replace(/T00:00:00(?:\.0+)?$/, '')
        .replace(/(T\d\d:\d\d:\d\d)\.0+$/, '$1')
        .replace('T', ' ')

/** What a column holds, in a few words: its range, or its most frequent values. */
export function gist({ numeric, datetime, text, top, semanticType }: ColumnProfile): string {
  if (datetime !== undefined) {
    // Over more than a few days the time of day of the ends says nothing.
    const isLong = (datetime.rangeSeconds ?? 0) > 3 * 86_400
    const end = (iso: string | null) => (isLong ? moment(iso).slice(0, 10) : moment(iso))
    return `${end(datetime.min)} … ${end(datetime.max)}`
  }
  if (numeric !== undefined && semanticType !== 'boolean' && semanticType !== 'constant')
    return `${figure(numeric.min)} … ${figure(numeric.max)}`
  if (top.length > 0 && semanticType !== 'identifier')
    return top
      .slice(0, 3)
      .map(({ value, fraction }) => `${value} ${share(fraction)}`)
      .join(' · ')
  const pattern = text?.patterns[0]?.pattern
  return pattern === undefined ? '' : `like ${pattern}`
}
