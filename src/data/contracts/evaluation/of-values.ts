import { identifier, literal } from '../../../analytics/analytics.ts'
import type { Column } from '../../../analytics/analytics.ts'
import type { Check, Expectation } from '../contract.ts'
import { familyOf, isOfType, typeName } from '../grammar/types.ts'
import { cell, percent, plural, quantity } from '../words/say.ts'
import { comparable, outside, valuesFor } from './compare.ts'
import { missing } from '../../../analytics/missing.ts'
import {
  countsOf,
  looked,
  measured,
  number,
  perRow,
  requireFamily,
  theData,
  verdictOf,
  Unanswerable,
} from './plan.ts'
import type { Plan } from './plan.ts'

type Of<K extends Expectation['kind']> = Extract<Expectation, { kind: K }>
/** What is expected of one column that is there. */
export type Single = Extract<Expectation, { column: string }>

const casts: Readonly<Record<string, string>> = { integer: 'hugeint', number: 'double' }

/** How a check of a single column, which is there, is answered. */
export function planOfColumn(check: Check, e: Exclude<Single, Of<'drift'>>, column: Column, now: Date): Plan {
  const name = identifier(column.name)
  const rows = looked(check)
  const each = (unexpected: string, mostly: number) =>
    perRow(check, { missing: missing(column), unexpected, mostly, value: name })
  switch (e.kind) {
    case 'exists':
      return { verdict: { success: true, observed: `a column of type ${typeName(column)}` } }
    case 'type':
      return {
        verdict: {
          success: e.types.some((type) => isOfType(column, type)),
          observed: `${typeName(column)} (${column.type})`,
        },
      }
    case 'not_null':
      return presence(check, column, e.mostly, missing(column), 'missing')
    case 'is_null':
      return presence(check, column, e.mostly, `not ${missing(column)}`, 'present')
    case 'null_rate':
      return nullRate(check, e, column)
    case 'in':
      return each(`${name} not in (${valuesFor(column, e.values).join(', ')})`, e.mostly)
    case 'not_in':
      return each(`${name} in (${valuesFor(column, e.values).join(', ')})`, e.mostly)
    case 'includes':
      return includes(check, e, column)
    case 'between':
      return between(check, e, column)
    case 'length': {
      const length = column.type.endsWith(']') ? `len(${name})` : `length(cast(${name} as varchar))`
      return each(outside(length, texts(e.range)), e.mostly)
    }
    case 'matches':
    case 'not_matches': {
      const found = e.patterns
        .map((p) => `regexp_matches(cast(${name} as varchar), ${literal(p)})`)
        .join(' or ')
      return each(e.kind === 'matches' ? `not (${found})` : found, e.mostly)
    }
    case 'reads_as': {
      const read =
        e.type === 'json'
          ? `not json_valid(cast(${name} as varchar))`
          : `try_cast(cast(${name} as varchar) as ${casts[e.type] ?? e.type}) is null`
      return each(read, e.mostly)
    }
    case 'increasing':
    case 'decreasing':
      return order(check, e, column)
    case 'min':
    case 'max':
      return extreme(check, e, column)
    case 'quantile':
    case 'mean':
    case 'median':
    case 'std':
    case 'sum':
      return statistic(check, e, column)
    case 'distinct_count':
    case 'distinct_rate':
      return distinct(check, e, column)
    case 'freshness':
      return freshness(column, e.within, rows, now)
  }
}

const texts = (range: object) =>
  Object.fromEntries(Object.entries(range).map(([end, value]) => [end, String(value)]))

/** Of presence itself every row is asked: what is missing is no exception but the finding. */
function presence(check: Check, column: Column, mostly: number, broken: string, word: string): Plan {
  const plan = perRow(check, { missing: 'false', unexpected: broken, mostly, noun: 'row' })
  if (!('judge' in plan)) return plan
  return {
    ...plan,
    judge(figures) {
      const counts = countsOf(number(figures[0]), 0, number(figures[2]))
      const { success, observed } = verdictOf(counts, mostly, 'row')
      const none = `0 of ${plural(counts.elementCount, 'row')} ${word}`
      return {
        success,
        counts,
        observed:
          counts.elementCount === 0 ? 'no rows' : counts.unexpectedCount === 0 ? none : `${observed} ${word}`,
      }
    },
  }
}

function nullRate(check: Check, { range }: Of<'null_rate'>, column: Column): Plan {
  const rows = looked(check)
  return {
    from: theData,
    figures: [`count(*) filter (${rows})`, `count(*) filter (${rows} and ${missing(column)})`],
    judge([all, absent]) {
      const [elements, gone] = [number(all), number(absent)]
      const rate = elements === 0 ? 0 : gone / elements
      const observed =
        elements === 0 ? 'no rows' : `${percent(rate)} (${quantity(gone)} of ${plural(elements, 'row')})`
      return { ...measured(range, rate), observed, counts: countsOf(elements, gone, 0) }
    },
    violations: { rows: `select * from ${theData} where ${rows} and ${missing(column)}` },
  }
}

function between(check: Check, e: Of<'between'>, column: Column): Plan {
  const { value, ends } = comparable(column, e.range)
  const there = `filter (${looked(check)} and not ${missing(column)})`
  return perRow(check, {
    missing: missing(column),
    unexpected: outside(value, ends),
    mostly: e.mostly,
    value: identifier(column.name),
    more: {
      figures: [`min(${value}) ${there}`, `max(${value}) ${there}`],
      say: ([low = null, high = null]) =>
        low === null ? '' : low === high ? `, ${end(low)}` : `, from ${end(low)} to ${end(high)}`,
    },
  })
}

const end = (value: Parameters<typeof cell>[0]) => (typeof value === 'number' ? quantity(value) : cell(value))

function includes(check: Check, { values }: Of<'includes'>, column: Column): Plan {
  const name = identifier(column.name)
  const wanted = valuesFor(column, values)
  return {
    from: theData,
    figures: wanted.map((value) => `coalesce(bool_or(${name} = ${value}) filter (${looked(check)}), false)`),
    judge(found) {
      const gone = wanted.filter((_, i) => found[i] !== true)
      const observed =
        gone.length === 0 ? `all ${plural(wanted.length, 'value')} occur` : `absent: ${gone.join(', ')}`
      return { success: gone.length === 0, observed }
    },
  }
}

/** Each value with the one before it among those that are there, in the order of the rows or of another column. */
function order(check: Check, e: Of<'increasing' | 'decreasing'>, column: Column): Plan {
  requireFamily(column, ['number', 'time', 'text'], 'order')
  const name = identifier(column.name)
  const by = e.by === undefined ? 'twinloop_row' : identifier(e.by)
  const back = `${e.kind === 'increasing' ? '<' : '>'}${e.strict ? '=' : ''}`
  // A window without an order takes rows as they come; numbered first, they keep the order of the file.
  const source =
    e.by === undefined ? `(select *, row_number() over () as twinloop_row from ${theData})` : theData
  const from = `(select *, lag(${name}) over (order by ${by}) as twinloop_before from ${source} where ${looked(check)} and not ${missing(column)})`
  const broken = `${name} ${back} twinloop_before`
  return perRow({ ...check, where: undefined } as unknown as Check, {
    from,
    missing: 'false',
    unexpected: `coalesce(${broken}, false)`,
    mostly: e.mostly,
    value: name,
    violations: {
      rows: `select * exclude (${e.by === undefined ? 'twinloop_row, ' : ''}twinloop_before) from ${from} where ${broken}`,
      value: name,
    },
  })
}

function extreme(check: Check, e: Of<'min' | 'max'>, column: Column): Plan {
  const { value, ends } = comparable(column, e.range)
  const found = `${e.kind}(${value}) filter (${looked(check)} and not ${missing(column)})`
  return {
    from: theData,
    figures: [found, `not (${outside(found, ends)})`],
    judge([at = null, within]) {
      if (at === null) return { success: false, observed: 'no values' }
      return { success: within === true, observed: end(at), ...(typeof at === 'number' ? { value: at } : {}) }
    },
  }
}

function statistic(
  check: Check,
  e: Of<'mean' | 'median' | 'std' | 'sum' | 'quantile'>,
  column: Column,
): Plan {
  requireFamily(column, ['number', 'boolean'], e.kind === 'std' ? 'standard deviation' : e.kind)
  const value =
    familyOf(column) === 'boolean' ? `cast(${identifier(column.name)} as integer)` : identifier(column.name)
  const there = `filter (${looked(check)} and not ${missing(column)})`
  const sql = {
    mean: `avg(${value}) ${there}`,
    median: `median(${value}) ${there}`,
    std: deviation(`cast(${value} as double)`, there),
    sum: `sum(${value}) ${there}`,
    quantile: `quantile_cont(${value}, ${e.kind === 'quantile' ? e.quantile : 0.5}) ${there}`,
  }[e.kind]
  return {
    from: theData,
    figures: [`cast(${sql} as double)`],
    judge: ([found]) => measured(e.range, found),
  }
}

/**
 * The sample standard deviation, which DuckDB refuses to answer where a square would be too large: beyond 1e150 values are
 * scaled, against which those below do not count. Not a number, as in pandas, where values are infinite.
 */
const deviation = (x: string, there: string) =>
  `case when bool_or(not isfinite(${x})) ${there} then 'nan'::double ` +
  `when max(abs(${x})) ${there} > 1e150 then 1e160 * stddev_samp(case when isfinite(${x}) then ${x} * 1e-160 end) ${there} ` +
  `else stddev_samp(case when abs(${x}) <= 1e150 then ${x} end) ${there} end`

function distinct(check: Check, e: Of<'distinct_count' | 'distinct_rate'>, column: Column): Plan {
  const there = `filter (${looked(check)} and not ${missing(column)})`
  return {
    from: theData,
    figures: [`count(distinct ${identifier(column.name)}) ${there}`, `count(*) ${there}`],
    judge([different, all]) {
      const [count, of] = [number(different), number(all)]
      if (e.kind === 'distinct_count') return measured(e.range, count, (n) => `${quantity(n)} different`)
      return measured(
        e.range,
        of === 0 ? null : count / of,
        (rate) => `${percent(rate)} (${quantity(count)} of ${plural(of, 'value')})`,
      )
    },
  }
}

function freshness(column: Column, within: number, rows: string, now: Date): Plan {
  requireFamily(column, ['time', 'text'], 'time')
  if (isOfType(column, 'time'))
    throw new Unanswerable(`${column.name} is ${column.type}: a time of day has no date`)
  const name = identifier(column.name)
  const time = familyOf(column) === 'text' ? `try_cast(${name} as timestamp)` : name
  const newest = `max(${time}) filter (${rows})`
  return {
    from: theData,
    figures: [`epoch_ms(${newest})`, `cast(${newest} as varchar)`],
    judge([at = null, written = null]) {
      if (at === null) return { success: false, observed: 'no times' }
      const age = now.getTime() - Number(at)
      const observed =
        age < 0
          ? `${cell(written)}, in the future`
          : `${cell(written)}, ${plural(Math.floor(age / 864e5), 'day')} ago`
      return {
        success: age <= within,
        observed: age > 0 && age < 864e5 ? `${cell(written)}, ${hours(age)} ago` : observed,
        value: age,
      }
    },
  }
}

const hours = (ms: number) =>
  ms < 36e5 ? plural(Math.floor(ms / 6e4), 'minute') : plural(Math.floor(ms / 36e5), 'hour')
