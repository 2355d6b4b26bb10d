import type { Check, Expectation } from '../contract.ts'
import { driftMeasures } from '../contract.ts'
import { below, complain, isMap, isText, shown, unknownKey } from '../../../kernel/grammar/place.ts'
import type { Place } from '../../../kernel/grammar/place.ts'
import { optionKeys, readCheck, switched, takeOptions } from './options.ts'
import type { Given, Options, ReadExpectation } from './options.ts'
import { columnType } from './types.ts'
import {
  count,
  duration,
  flag,
  listOf,
  number,
  oneOf,
  scalar,
  share,
  text,
} from '../../../kernel/grammar/values.ts'
import { name, ordered, rangeOf } from './values.ts'
import type { Read, Scalar } from '../../../kernel/grammar/values.ts'
import { regex } from './regex.ts'

type OfColumn = (column: string) => ReadExpectation

const range = rangeOf(number)
const rangeOfValues = rangeOf(ordered)

/** `azureml:airports:1.code`, `azureml:airports@latest.code`: a column of other data. */
const foreign = /^(azureml:[^\s.]+(?:\.\d+)*)\.([A-Za-z_][\w -]*)$/

/** A value of a map under one key or, if it is none, the value itself. */
const under = (value: unknown, key: string) => (isMap(value) && key in value ? value[key] : value)

function onlyKeys(place: Place, value: unknown, known: readonly string[], what: string): boolean {
  if (!isMap(value)) return true
  const unknown = Object.keys(value).filter((key) => !known.includes(key))
  for (const key of unknown) unknownKey(below(place, key), what, [...known, ...optionKeys])
  return unknown.length === 0
}

const valuesOf = ({ place, value }: Given): readonly Scalar[] | undefined => {
  if (!onlyKeys(place, value, ['values'], 'part of a set')) return undefined
  const at = isMap(value) ? below(place, 'values') : place
  return listOf(scalar, { what: 'values' })(at, under(value, 'values'))
}

const isIn: OfColumn = (column) => (given) => {
  const { value, mostly } = given
  if (isText(value) || (isMap(value) && 'data' in value)) {
    const target = referenceOf(given)
    return target && { kind: 'references', columns: [column], data: target.data, of: [target.column], mostly }
  }
  const values = valuesOf(given)
  return values === undefined ? undefined : { kind: 'in', column, values, mostly }
}

function referenceOf({ place, value }: Given): { data: string; column: string } | undefined {
  if (isMap(value)) {
    if (!onlyKeys(place, value, ['data', 'column'], 'part of a reference')) return undefined
    const data = text(below(place, 'data'), value['data'])
    const column = name(below(place, 'column'), value['column'])
    return data === undefined || column === undefined ? undefined : { data, column }
  }
  const match = foreign.exec(String(value))
  if (match !== null) return { data: match[1] ?? '', column: match[2] ?? '' }
  return complain(place, `: ${shown(value)} is not a list of values, nor a column of other data`, {
    hint: '[a, b], azureml:airports:1.code, or { data: azureml:airports:1, column: code }',
  })
}

const aggregate =
  (
    kind: Extract<Expectation, { range: unknown; column: string }>['kind'],
    of: Read<never> | typeof range,
  ): OfColumn =>
  (column) =>
  ({ place, value }) => {
    const found = of(place, value)
    return found === undefined ? undefined : ({ kind, column, range: found } as Expectation)
  }

/** `min: 0` is the range of every value; `min: [0, 5]` is the range of the smallest one. */
const end =
  (kind: 'min' | 'max'): OfColumn =>
  (column) =>
  ({ place, value, mostly }) => {
    if (!isMap(value) && !Array.isArray(value)) {
      const bound = ordered(place, value)
      return bound === undefined ? undefined : { kind: 'between', column, range: { [kind]: bound }, mostly }
    }
    const found = rangeOfValues(place, value)
    return found === undefined ? undefined : { kind, column, range: found }
  }

const pattern: (kind: 'matches' | 'not_matches') => OfColumn =
  (kind) =>
  (column) =>
  ({ place, value, mostly }) => {
    if (!onlyKeys(place, value, ['regex'], 'part of a pattern')) return undefined
    const at = isMap(value) ? below(place, 'regex') : place
    const patterns = listOf(regex, { single: true, what: 'patterns' })(at, under(value, 'regex'))
    return patterns === undefined ? undefined : { kind, column, patterns, mostly }
  }

const order: (kind: 'increasing' | 'decreasing') => OfColumn = (kind) => (column) => (given) => {
  const { place, value, mostly } = given
  if (value === false) return 'off'
  if (value === true || value === 'strict') return { kind, column, strict: value === 'strict', mostly }
  if (!isMap(value)) return complain(place, `: ${shown(value)} is not true, strict or { strict, by }`)
  if (!onlyKeys(place, value, ['strict', 'by'], 'part of an order')) return undefined
  const strict = value['strict'] === undefined ? false : flag(below(place, 'strict'), value['strict'])
  const by = value['by'] === undefined ? undefined : name(below(place, 'by'), value['by'])
  if (strict === undefined || (value['by'] !== undefined && by === undefined)) return undefined
  return { kind, column, strict, mostly, ...(by === undefined ? {} : { by }) }
}

export const readDrift =
  (column: string): ReadExpectation =>
  ({ place, value }) => {
    if (!isMap(value))
      return complain(place, `: ${shown(value)} is not a comparison`, {
        hint: '{ against: previous, psi: 0.2 }',
      })
    if (!onlyKeys(place, value, ['against', ...driftMeasures], 'part of a drift check')) return undefined
    const said = driftMeasures.filter((measure) => measure in value)
    const [measure] = said
    if (measure === undefined || said.length > 1)
      return complain(place, measure === undefined ? ' has no measure' : ' has more than one measure', {
        hint: `one of ${driftMeasures.join(', ')}, e.g. psi: 0.2`,
      })
    // Of a p-value too little is drift, of a distance too much.
    const single = measure.endsWith('p_value') ? 'min' : 'max'
    const found = rangeOf(number, { single })(below(place, measure), value[measure])
    const against =
      value['against'] === undefined ? 'previous' : text(below(place, 'against'), value['against'])
    return found === undefined || against === undefined
      ? undefined
      : { kind: 'drift', column, against, measure, range: found }
  }

const of: Readonly<Record<string, OfColumn>> = {
  exists: (column) => switched(() => ({ kind: 'exists', column })),
  type:
    (column) =>
    ({ place, value }) => {
      const types = listOf(columnType, { single: true, what: 'types' })(place, value)
      return types === undefined ? undefined : { kind: 'type', column, types }
    },
  not_null: (column) => switched(({ mostly }) => ({ kind: 'not_null', column, mostly })),
  is_null: (column) => switched(({ mostly }) => ({ kind: 'is_null', column, mostly })),
  null_rate: aggregate('null_rate', rangeOf(share, { single: 'max' })),
  in: isIn,
  not_in: (column) => (given) => {
    const values = valuesOf(given)
    return values === undefined ? undefined : { kind: 'not_in', column, values, mostly: given.mostly }
  },
  includes: (column) => (given) => {
    const values = valuesOf(given)
    return values === undefined ? undefined : { kind: 'includes', column, values }
  },
  between:
    (column) =>
    ({ place, value, mostly }) => {
      const found = rangeOfValues(place, value)
      return found === undefined ? undefined : { kind: 'between', column, range: found, mostly }
    },
  min: end('min'),
  max: end('max'),
  length:
    (column) =>
    ({ place, value, mostly }) => {
      const found = rangeOf(count, { single: 'equals' })(place, value)
      return found === undefined ? undefined : { kind: 'length', column, range: found, mostly }
    },
  matches: pattern('matches'),
  not_matches: pattern('not_matches'),
  reads_as:
    (column) =>
    ({ place, value, mostly }) => {
      const type = oneOf(
        'integer',
        'number',
        'date',
        'timestamp',
        'time',
        'boolean',
        'uuid',
        'json',
      )(place, value)
      return type === undefined ? undefined : { kind: 'reads_as', column, type, mostly }
    },
  unique: (column) =>
    switched(({ mostly }) => ({ kind: 'unique', columns: [column], present: false, mostly })),
  mean: aggregate('mean', range),
  median: aggregate('median', range),
  std: aggregate('std', range),
  sum: aggregate('sum', range),
  distinct_count: aggregate('distinct_count', rangeOf(count, { single: 'equals' })),
  distinct_rate: aggregate('distinct_rate', rangeOf(share, { single: 'min' })),
  increasing: order('increasing'),
  decreasing: order('decreasing'),
  fresh:
    (column) =>
    ({ place, value }) => {
      const within = duration(place, value)
      return within === undefined ? undefined : { kind: 'freshness', column, within }
    },
  drift: readDrift,
}

/** `0.95`, `95%` or `p95` as a share. */
const quantileKey: Read<number> = (place, value) => share(place, String(value).replace(/^p(\d.*)$/i, '$1%'))

/** Several quantiles under one keyword are a check each. */
function quantiles(place: Place, column: string, value: unknown, around: Options): readonly Check[] {
  const taken = isMap(value) ? takeOptions(place, value) : undefined
  if (taken === undefined || Object.keys(taken.rest).length === 0) {
    complain(place, `: ${shown(value)} are not quantiles with their ranges`, {
      hint: '{ p50: [0, 10], p99: { max: 100 } }',
    })
    return []
  }
  if (taken.options === undefined) return []
  return Object.entries(taken.rest).flatMap(([key, bounds]) => {
    const at = below(place, key)
    const quantile = quantileKey(at, key)
    const read: ReadExpectation = (given) => {
      const found = range(given.place, given.value)
      return found === undefined || quantile === undefined
        ? undefined
        : { kind: 'quantile', column, quantile, range: found }
    }
    const check = readCheck(
      at,
      bounds,
      { ...around, ...taken.options },
      read,
      () => `${column}.quantile.${key}`,
    )
    return check === undefined ? [] : [check]
  })
}

export const columnKeys: readonly string[] = [...Object.keys(of), 'quantile']

/** All that is expected of one column: a map of keywords, with options for all of them beside. */
export function readColumn(
  place: Place,
  column: string,
  value: unknown,
  around: Options = {},
): readonly Check[] {
  if (!isMap(value)) {
    complain(place, `: ${shown(value)} does not say what is expected of a column`, {
      hint: '{ not_null: true, between: [0, 10] }',
    })
    return []
  }
  const { options, rest } = takeOptions(place, value)
  if (options?.name !== undefined)
    complain(below(place, 'name'), ' names one check, and a column has several')
  if (Object.keys(rest).length === 0)
    complain(place, ' expects nothing', { hint: `one of ${columnKeys.join(', ')}` })
  const shared = { ...around, ...options }
  return Object.entries(rest).flatMap(([key, spec]) => {
    const at = below(place, key)
    if (spec === null || spec === undefined) {
      complain(at, ' says nothing')
      return []
    }
    if (key === 'quantile') return quantiles(at, column, spec, shared)
    const make = Object.hasOwn(of, key) ? of[key] : undefined
    if (make === undefined) {
      unknownKey(at, 'a check of a column', [...columnKeys, ...optionKeys])
      return []
    }
    const check = readCheck(at, spec, shared, make(column), () => `${column}.${key}`)
    return check === undefined ? [] : [check]
  })
}
