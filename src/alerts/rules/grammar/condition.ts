import { below, complain, isMap, shown } from '../../../kernel/grammar/place.ts'
import type { Fields, Place } from '../../../kernel/grammar/place.ts'
import { fieldsOf, optional, perhaps } from '../../../kernel/grammar/fields.ts'
import { count, duration, listOf, number, oneOf, share, text } from '../../../kernel/grammar/values.ts'
import type { Read } from '../../../kernel/grammar/values.ts'
import type { Labels } from '../machine.ts'
import {
  aggregates,
  type BurnWindow,
  type Comparison,
  type Condition,
  type Measured,
  type Selector,
} from '../rule.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs

const comparisons: readonly Comparison[] = ['above', 'at_least', 'below', 'at_most']
const says = { what: 'a condition', example: '{ metric: NAME, above: 0.8, for: 10m }' }

/** Google's SRE workbook, table 5-6: 2 % of a month's budget in an hour, 5 % in 6 hours. */
export const standardWindows: readonly BurnWindow[] = [
  { longMs: hourMs, shortMs: 5 * minuteMs, factor: 14.4 },
  { longMs: 6 * hourMs, shortMs: 30 * minuteMs, factor: 6 },
]

/** What can stand in `when:` beside the condition's own words: how long it has to hold. */
const holding = ['for', 'keep_firing_for']

/** `when:` of a rule. Which of the kinds it is, its first word tells: signal, burn_rate, anomaly, absent or metric. */
export function readCondition(place: Place, value: unknown): Condition | undefined {
  if (!isMap(value)) return complain(place, `: ${shown(value)} is not ${says.what}`, { hint: says.example })
  if (value['signal'] !== undefined) return readSignal(place, value)
  if (value['burn_rate'] !== undefined) return readBurnRate(place, value)
  if (value['anomaly'] !== undefined) return readAnomaly(place, value)
  if (value['absent'] !== undefined) return readAbsent(place, value)
  return readThreshold(place, value)
}

const labels: Read<Labels> = (place, value) => {
  if (!isMap(value))
    return complain(place, `: ${shown(value)} is not a map of labels`, { hint: '{ endpoint: NAME }' })
  const read = Object.entries(value).map(([label, one]) => {
    const plain = typeof one === 'number' || typeof one === 'boolean' ? String(one) : one
    return [label, text(below(place, label), plain)] as const
  })
  return Object.fromEntries(read.flatMap(([label, one]) => (one === undefined ? [] : [[label, one]])))
}

/** `NAME`, or `{ metric: NAME, where: { label: value } }`. */
const selector: Read<Selector> = (place, value) => {
  if (typeof value === 'string') return { metric: value, where: {} }
  const fields = fieldsOf(place, value, ['metric', 'where'], {
    what: 'a metric',
    example: '{ metric: NAME, where: { endpoint: NAME } }',
  })
  if (fields === undefined) return undefined
  const metric = text(below(place, 'metric'), fields['metric'])
  const where = optional(place, fields, 'where', labels, {})
  return metric === undefined || where === undefined ? undefined : { metric, where }
}

/** The one comparison of a condition, with its limit. */
function readLimit(place: Place, fields: Fields): { comparison: Comparison; limit: number } | undefined {
  const said = comparisons.filter((word) => fields[word] !== undefined && fields[word] !== null)
  const [comparison] = said
  if (comparison === undefined || said.length > 1)
    return complain(place, comparison === undefined ? ' names no limit' : ` has ${said.join(' and ')}`, {
      hint: `one of ${comparisons.join(', ')}`,
    })
  const limit = limitValue(below(place, comparison), fields[comparison])
  return limit === undefined ? undefined : { comparison, limit }
}

/** A number, a share (`5%`) or a time (`250ms`, `2s`) in the metric's unit, which is seconds. */
const limitValue: Read<number> = (place, value) => {
  const milliseconds = typeof value === 'string' ? /^\s*([\d.]+)\s*ms\s*$/.exec(value)?.[1] : undefined
  if (milliseconds !== undefined) return Number(milliseconds) / 1000
  if (typeof value === 'string' && /%\s*$/.test(value)) return share(place, value)
  if (typeof value === 'string' && /^\s*[\d.]+\s*[smhd]\s*$/.test(value)) {
    const ms = duration(place, value)
    return ms === undefined ? undefined : ms / 1000
  }
  return number(place, value)
}

const by = listOf(text, { single: true, what: 'names of labels' })
const aggregate = oneOf(...aggregates)

function readThreshold(place: Place, value: Fields): Condition | undefined {
  const fields = fieldsOf(
    place,
    value,
    ['metric', 'where', 'per', 'aggregate', 'over', 'by', ...comparisons, ...holding],
    says,
  )
  if (fields === undefined) return undefined
  if (fields['metric'] === undefined) return complain(place, ' names no metric', { hint: says.example })
  const of = selector(place, {
    metric: fields['metric'],
    ...(fields['where'] == null ? {} : { where: fields['where'] }),
  })
  const overMs = optional(place, fields, 'over', duration, 5 * minuteMs)
  const per = perhaps(place, fields, 'per', selector)
  const how = optional(place, fields, 'aggregate', aggregate, per === undefined ? 'avg' : 'events')
  const apart = optional(place, fields, 'by', by, [])
  const limit = readLimit(place, fields)
  if (!of || !overMs || !how || !apart || !limit) return undefined
  const measured = (one: Selector): Measured => ({ ...one, aggregate: how, overMs })
  return {
    kind: 'threshold',
    of: measured(of),
    ...(per === undefined ? {} : { per: measured(per) }),
    by: apart,
    ...limit,
  }
}

function readBurnRate(place: Place, value: Fields): Condition | undefined {
  const fields = fieldsOf(place, value, ['burn_rate', ...holding], says)
  const at = below(place, 'burn_rate')
  const own = fieldsOf(at, fields?.['burn_rate'], ['bad', 'all', 'objective', 'by', 'windows'], {
    what: 'a burn rate',
    example: '{ bad: …, all: …, objective: 99.9% }',
  })
  if (own === undefined) return undefined
  const bad = selector(below(at, 'bad'), own['bad'])
  const all = selector(below(at, 'all'), own['all'])
  const objective = share(below(at, 'objective'), own['objective'])
  const apart = optional(at, own, 'by', by, [])
  const windows = optional(at, own, 'windows', listOf(readWindow, { what: 'windows' }), standardWindows)
  if (objective === 1 || objective === 0)
    return complain(below(at, 'objective'), ': an objective of 0% or 100% has no budget')
  if (!bad || !all || objective === undefined || !apart || !windows) return undefined
  return { kind: 'burn_rate', bad, all, objective, by: apart, windows }
}

const readWindow: Read<BurnWindow> = (place, value) => {
  const fields = fieldsOf(place, value, ['long', 'short', 'factor'], {
    what: 'a window',
    example: '{ long: 1h, short: 5m, factor: 14.4 }',
  })
  if (fields === undefined) return undefined
  const longMs = duration(below(place, 'long'), fields['long'])
  const shortMs = duration(below(place, 'short'), fields['short'])
  const factor = number(below(place, 'factor'), fields['factor'])
  if (longMs === undefined || shortMs === undefined || factor === undefined) return undefined
  if (shortMs >= longMs) return complain(below(place, 'short'), ' is to be shorter than the long one')
  return factor > 0 ? { longMs, shortMs, factor } : complain(below(place, 'factor'), ' is to be above 0')
}

function readAnomaly(place: Place, value: Fields): Condition | undefined {
  const fields = fieldsOf(place, value, ['anomaly', ...holding], says)
  const at = below(place, 'anomaly')
  const words = ['metric', 'where', 'aggregate', 'over', 'by', 'season', 'seasons', 'deviations', 'direction']
  const own = fieldsOf(at, fields?.['anomaly'], words, {
    what: 'an anomaly',
    example: '{ metric: NAME, over: 1h, season: day, deviations: 4 }',
  })
  if (own === undefined) return undefined
  const of = selector(at, { metric: own['metric'], ...(own['where'] == null ? {} : { where: own['where'] }) })
  const overMs = optional(at, own, 'over', duration, hourMs)
  const how = optional(at, own, 'aggregate', aggregate, 'avg')
  const apart = optional(at, own, 'by', by, [])
  const season = optional(at, own, 'season', oneOf('hour', 'day', 'week'), 'day')
  const seasons = optional(at, own, 'seasons', count, 7)
  const deviations = optional(at, own, 'deviations', number, 4)
  const direction = optional(at, own, 'direction', oneOf('both', 'above', 'below'), 'both')
  if (seasons !== undefined && seasons < 3)
    return complain(below(at, 'seasons'), ': fewer than 3 say nothing of what is usual')
  if (!of || !overMs || !how || !apart || !season || !seasons || !deviations || !direction) return undefined
  const seasonMs = { hour: hourMs, day: dayMs, week: 7 * dayMs }[season]
  return {
    kind: 'anomaly',
    of: { ...of, aggregate: how, overMs },
    by: apart,
    seasonMs,
    seasons,
    deviations,
    direction,
  }
}

function readAbsent(place: Place, value: Fields): Condition | undefined {
  const fields = fieldsOf(place, value, ['absent', 'over', ...holding], says)
  if (fields === undefined) return undefined
  const of = selector(below(place, 'absent'), fields['absent'])
  const overMs = optional(place, fields, 'over', duration, 5 * minuteMs)
  return of && overMs ? { kind: 'absent', of, overMs } : undefined
}

function readSignal(place: Place, value: Fields): Condition | undefined {
  const words = ['signal', 'monitor', 'metric', 'feature', 'segment', ...comparisons, ...holding]
  const fields = fieldsOf(place, value, words, {
    what: 'a condition on a signal',
    example: '{ signal: model_performance, metric: roc_auc, below: 0.68, for: 2 windows }',
  })
  if (fields === undefined) return undefined
  const signal = text(below(place, 'signal'), fields['signal'])
  const metric = text(below(place, 'metric'), fields['metric'])
  const monitor = perhaps(place, fields, 'monitor', text)
  const feature = perhaps(place, fields, 'feature', text)
  const segment = optional(place, fields, 'segment', readSegment, {})
  const limit = readLimit(place, fields)
  const windows = windowsIn(place, fields['for'])
  if (!signal || !metric || !limit || windows === undefined) return undefined
  return {
    kind: 'signal',
    ...(monitor === undefined ? {} : { monitor }),
    signal,
    metric,
    where: { ...(feature === undefined ? {} : { feature }), ...segment },
    ...limit,
    windows,
  }
}

/** `{ carrier: AA }`, or `carrier=AA`: a part of the rows, by the values of columns. */
const readSegment: Read<Labels> = (place, value) => {
  if (isMap(value)) return labels(place, value)
  const [, column, one] =
    (typeof value === 'string' ? /^\s*([^=\s]+)\s*=\s*(.+?)\s*$/.exec(value) : null) ?? []
  return column === undefined || one === undefined
    ? complain(place, `: ${shown(value)} is not a segment`, { hint: '{ carrier: AA }' })
    : { [column]: one }
}

const windowsShape = /^\s*(\d+)\s+windows?\s*$/

/** `for: 2 windows`; 1 where it is left out, or a time, which the rule's states see to. */
function windowsIn(place: Place, value: unknown): number | undefined {
  const counted = typeof value === 'string' ? windowsShape.exec(value)?.[1] : undefined
  if (counted === undefined) return 1
  return Number(counted) >= 1 ? Number(counted) : complain(below(place, 'for'), ' is to be at least 1 window')
}

/** `for:` and `keep_firing_for:`, which stand in `when:`. */
export function readHolding(
  place: Place,
  value: unknown,
): { forMs: number; keepFiringForMs: number } | undefined {
  if (!isMap(value)) return undefined
  const isCounted = typeof value['for'] === 'string' && windowsShape.test(value['for'])
  if (isCounted && value['signal'] === undefined)
    return complain(below(place, 'for'), ': windows are of signals', { hint: 'such as 10m' })
  const forMs = isCounted ? 0 : optional(place, value, 'for', duration, 0)
  const keepFiringForMs = optional(place, value, 'keep_firing_for', duration, 0)
  return forMs === undefined || keepFiringForMs === undefined ? undefined : { forMs, keepFiringForMs }
}
