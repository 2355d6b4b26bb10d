import type { Check, Expectation } from '../contract.ts'
import { plural } from '../words/say.ts'
import { drift } from './of-drift.ts'
import {
  comparedColumns,
  compare,
  duplicates,
  failedRows,
  metric,
  references,
  rowCount,
  satisfies,
  schema,
  sumOf,
  unique,
} from './of-tables.ts'
import { planOfColumn } from './of-values.ts'
import { columnOf, columnsOf, isVerdict, measured } from './plan.ts'
import type { Facts, Plan } from './plan.ts'

/** How a check is to be answered. Throws `Unanswerable` for one that cannot be asked of these columns. */
export function planOf(check: Check, facts: Facts): Plan {
  const e = check.expectation
  switch (e.kind) {
    case 'row_count':
      return rowCount(check, e)
    case 'column_count':
      return { verdict: measured(e.range, facts.columns.length, (n) => plural(n, 'column')) }
    case 'schema':
      return { verdict: schema(e, facts) }
    case 'satisfies':
      return satisfies(check, e)
    case 'failed_rows':
      return failedRows(e)
    case 'metric':
      return metric(e)
    case 'duplicates': {
      const columns = comparedColumns(e, facts)
      return 'success' in columns ? { verdict: columns } : duplicates(check, e, columns)
    }
    case 'unique':
    case 'sum_of':
    case 'compare':
    case 'references': {
      const columns = columnsOf(facts, columnsIn(e))
      if ('success' in columns) return { verdict: columns }
      if (e.kind === 'unique') return unique(check, e, columns)
      if (e.kind === 'sum_of') return sumOf(check, e, columns)
      return e.kind === 'compare' ? compare(check, e, columns) : references(check, e, columns, facts)
    }
    default: {
      const column = columnOf(facts, e.column)
      if (isVerdict(column)) return { verdict: column }
      return e.kind === 'drift' ? drift(check, e, column, facts) : planOfColumn(check, e, column, facts.now)
    }
  }
}

/** The columns that an expectation is about, in its own order. */
export function columnsIn(e: Expectation): readonly string[] {
  switch (e.kind) {
    case 'schema':
      return []
    case 'compare':
      return [e.left, e.right]
    case 'sum_of':
      return typeof e.equals === 'string' ? [...e.columns, e.equals] : e.columns
    default:
      return 'columns' in e ? e.columns : 'column' in e ? [e.column] : []
  }
}

/** Other data that an expectation needs; `previous` stands for the version before. */
export const neededBy = (e: Expectation): readonly string[] =>
  e.kind === 'references' ? [e.data] : e.kind === 'drift' ? [e.against] : []
