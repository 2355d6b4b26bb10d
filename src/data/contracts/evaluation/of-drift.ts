import { identifier } from '../../../analytics/analytics.ts'
import type { Cell, Column } from '../../../analytics/analytics.ts'
import { binnedSides, countedSides, sturgesBins, type Sides } from '../../../analytics/sides.ts'
import {
  jensenShannonDistance,
  populationStabilityIndex,
} from '../../../statistics/distributions/distances.ts'
import { tallyOf } from '../../../statistics/distributions/tally.ts'
import { chiSquaredIndependence } from '../../../statistics/hypothesis/chi-squared.ts'
import { kolmogorovSmirnov, kolmogorovTail } from '../../../statistics/hypothesis/kolmogorov-smirnov.ts'
import type { Check, Expectation } from '../contract.ts'
import { familyOf } from '../grammar/types.ts'
import { quantity } from '../words/say.ts'
import { missing } from '../../../analytics/missing.ts'
import { looked, measured, number, theData, Unanswerable } from './plan.ts'
import type { Facts, Plan, Verdict } from './plan.ts'

type Drift = Extract<Expectation, { kind: 'drift' }>

/** Of more categories than this a distribution says nothing; they are names of rows. */
const mostCategories = 10_000
/** Up to so many rows on either side, Kolmogorov and Smirnov's p-value is exact; as SciPy has it. */
const mostExact = 10_000

/** Compares a column with the same one of other data. Of no other version there is nothing to differ from. */
export function drift(check: Check, e: Drift, column: Column, facts: Facts): Plan {
  const against = e.against === 'previous' ? facts.previous : e.against
  if (against === undefined)
    return { verdict: { success: true, observed: 'no earlier version to compare with' } }
  const other = facts.others.get(against)
  if (other === undefined || typeof other === 'string')
    throw new Unanswerable(other ?? `${against} cannot be read`)
  const baseline = other.columns.find(({ name }) => name === column.name)
  if (baseline === undefined)
    throw new Unanswerable(`${against} has no column ${column.name} to compare with`)
  if (familyOf(baseline) !== familyOf(column))
    throw new Unanswerable(`${column.name} is ${column.type}, and ${baseline.type} in ${against}`)
  const rows = looked(check)
  const both: Sides = {
    was: `select ${value(baseline)} as x from ${identifier(other.view)} where ${rows} and not ${missing(baseline)}`,
    now: `select ${value(column)} as x from ${theData} where ${rows} and not ${missing(column)}`,
  }
  const family = familyOf(column)
  const isNumeric = family === 'number' || family === 'time'
  if (e.measure === 'ks' || e.measure === 'ks_p_value') {
    if (!isNumeric)
      throw new Unanswerable(
        `${column.name} is ${column.type}: Kolmogorov–Smirnov is for numbers; use chi2_p_value or psi`,
      )
    return kolmogorovSmirnovPlan(e, both)
  }
  if (family === 'other')
    throw new Unanswerable(`${column.name} is ${column.type}, whose values cannot be counted`)
  return isNumeric ? binned(e, both) : categorical(e, both)
}

const value = (column: Column) => {
  const name = identifier(column.name)
  const family = familyOf(column)
  if (family === 'number') return `cast(${name} as double)`
  return family === 'time'
    ? `epoch(${column.type.startsWith('TIME') && !column.type.startsWith('TIMESTAMP') ? name : `cast(${name} as timestamp)`})`
    : `cast(${name} as varchar)`
}

/** Equal bins over both, as many as Sturges' rule gives the smaller side: the bins of Azure ML's monitors. */
function binned(e: Drift, both: Sides): Plan {
  return {
    from: binnedSides(both, sturgesBins),
    figures: [
      'any_value(bins)',
      'list(bin order by bin)',
      'list(was order by bin)',
      'list(now order by bin)',
    ],
    judge([bins, which, was, now]) {
      const spread = (counts: Cell | undefined) => {
        const filled = Array.from({ length: number(bins) }, () => 0)
        list(which).forEach((bin, i) => (filled[bin] = list(counts)[i] ?? 0))
        return filled
      }
      return distance(e, spread(was), spread(now), 'numerical')
    },
  }
}

function categorical(e: Drift, both: Sides): Plan {
  const few = (sql: string) => `case when count(*) <= ${mostCategories} then ${sql} end`
  return {
    from: countedSides(both),
    figures: ['count(*)', few('list(was order by x)'), few('list(now order by x)')],
    judge([categories, was, now]) {
      if (number(categories) > mostCategories)
        throw new Unanswerable(
          `${quantity(number(categories))} different values are too many to compare their shares`,
        )
      return distance(e, list(was), list(now), 'categorical')
    },
  }
}

function distance(
  e: Drift,
  was: readonly number[],
  now: readonly number[],
  kind: 'numerical' | 'categorical',
): Verdict {
  const isEmpty = [was, now].some((counts) => counts.every((count) => count === 0))
  if (isEmpty) return { success: false, observed: 'no values to compare' }
  const found =
    e.measure === 'psi'
      ? populationStabilityIndex(was, now, kind)
      : e.measure === 'jensen_shannon'
        ? jensenShannonDistance(was, now)
        : chiSquaredIndependence([was, now]).pValue
  return measured(e.range, found)
}

/** The greatest distance of the two empirical distribution functions, found by the database over sorted values. */
function kolmogorovSmirnovPlan(e: Drift, both: Sides): Plan {
  const from = `(select x, was, now, sum(was) over (order by x) as was_until, sum(now) over (order by x) as now_until,
      sum(was) over () as was_all, sum(now) over () as now_all from ${countedSides(both)})`
  const few = (sql: string) =>
    `case when greatest(any_value(was_all), any_value(now_all)) <= ${mostExact} then ${sql} end`
  return {
    from,
    figures: [
      'any_value(was_all)',
      'any_value(now_all)',
      'cast(max(abs(was_until / nullif(was_all, 0) - now_until / nullif(now_all, 0))) as double)',
      few('list(x order by x)'),
      few('list(was order by x)'),
      few('list(now order by x)'),
    ],
    judge([was, now, statistic = null, values = null, wasCounts, nowCounts]) {
      const [a, b] = [number(was), number(now)]
      if (a === 0 || b === 0 || statistic === null)
        return { success: false, observed: 'no values to compare' }
      if (e.measure === 'ks') return measured(e.range, statistic)
      const side = (counts: Cell | undefined) =>
        tallyOf(list(values).map((x, i) => [x, list(counts)[i] ?? 0]))
      const pValue =
        values === null
          ? kolmogorovTail(number(statistic) * Math.sqrt((a * b) / (a + b)))
          : kolmogorovSmirnov(side(wasCounts), side(nowCounts)).pValue
      return measured(e.range, pValue)
    },
  }
}

const list = (cell: Cell | undefined): readonly number[] => (Array.isArray(cell) ? cell.map(Number) : [])
