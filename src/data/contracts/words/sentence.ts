import type { Check, Expectation, Range } from '../contract.ts'
import { cell, inRange, listing, percent, plural, quantity, span } from './say.ts'

const number = (end: number | string) => (typeof end === 'number' ? quantity(end) : end)
const statistic = {
  min: 'the smallest',
  max: 'the largest',
  mean: 'the mean',
  median: 'the median',
  std: 'the standard deviation',
  sum: 'the sum',
} as const

/** What a check expects, in plain words: `carrier is one of AA, AS and B6, in at least 99% of rows`. */
export function sentence({ expectation, where }: Check): string {
  const most =
    'mostly' in expectation && expectation.mostly < 1 ? `, for at least ${percent(expectation.mostly)}` : ''
  return `${core(expectation)}${most}${where === undefined ? '' : `, where ${where.replaceAll(/\s+/g, ' ').trim()}`}`
}

function core(e: Expectation): string {
  switch (e.kind) {
    case 'row_count':
      return counted(e.range, 'row')
    case 'column_count':
      return counted(e.range, 'column')
    case 'schema': {
      const columns = listing(
        e.columns.map(({ name, types }) => (types.length === 0 ? name : `${name} (${types.join(' or ')})`)),
        8,
      )
      const also = [e.ordered ? 'in this order' : '', e.strict ? 'and no others' : '']
        .filter(Boolean)
        .join(' ')
      return `there are ${columns}${also === '' ? '' : `, ${also}`}`
    }
    case 'exists':
      return `there is a column ${e.column}`
    case 'type':
      return `${e.column} is of type ${e.types.join(' or ')}`
    case 'not_null':
      return `${e.column} is never missing`
    case 'is_null':
      return `${e.column} is always missing`
    case 'null_rate':
      return `${inRange(e.range, percent)} of ${e.column} is missing`
    case 'in':
      return `${e.column} is one of ${listing(e.values.map(cell), 12)}`
    case 'not_in':
      return `${e.column} is none of ${listing(e.values.map(cell), 12)}`
    case 'includes':
      return `${e.column} has each of ${listing(e.values.map(cell), 12)}`
    case 'between':
      return `${e.column} is ${inRange(e.range, number)}`
    case 'length':
      return `${e.column} is ${inRange(e.range, quantity)} characters long`
    case 'matches':
      return `${e.column} matches ${e.patterns.join(' or ')}`
    case 'not_matches':
      return `${e.column} does not match ${e.patterns.join(' or ')}`
    case 'reads_as':
      return `${e.column} can be read as ${/^[aeiou]/.test(e.type) ? 'an' : 'a'} ${e.type}`
    case 'unique':
      return `${e.columns.length === 1 ? e.columns[0] : `${listing(e.columns)} together`} ${e.columns.length === 1 ? 'is' : 'are'} unique${e.present ? ' and never missing' : ''}`
    case 'increasing':
    case 'decreasing':
      return `${e.column} ${e.strict ? `is ${e.kind}` : `never ${e.kind === 'increasing' ? 'falls' : 'rises'}`} from row to row${e.by === undefined ? '' : ` by ${e.by}`}`
    case 'quantile':
      return `the ${quantity(e.quantile * 100)}% quantile of ${e.column} is ${inRange(e.range, quantity)}`
    case 'distinct_count':
      return `${e.column} has ${inRange(e.range, quantity)} different values`
    case 'distinct_rate':
      return `${inRange(e.range, percent)} of the values of ${e.column} are different`
    case 'compare':
      return `${e.left} ${e.operator} ${e.right}${e.missing === 'fail' ? ', and neither is missing alone' : ''}`
    case 'sum_of':
      return `${e.columns.join(' + ')} = ${number(e.equals)}${e.tolerance === 0 ? '' : ` ± ${quantity(e.tolerance)}`}`
    case 'references':
      return `${listing(e.columns)} ${e.columns.length === 1 ? 'is' : 'are'} in ${e.data} as ${listing(e.of)}`
    case 'satisfies':
      return `every row satisfies ${e.sql.replaceAll(/\s+/g, ' ').trim()}`
    case 'failed_rows':
      return `${e.max === 0 ? 'no row' : `at most ${plural(e.max, 'row')}`} from ${e.sql.replaceAll(/\s+/g, ' ').trim()}`
    case 'metric':
      return `${e.sql.replaceAll(/\s+/g, ' ').trim()} is ${inRange(e.range, quantity)}`
    case 'duplicates':
      return `${inRange(e.range, e.share ? percent : quantity)}${e.share ? ' of' : ''} rows repeat an earlier one${e.columns.length === 0 ? '' : ` in ${listing(e.columns)}`}`
    case 'freshness':
      return `the newest ${e.column} is at most ${span(e.within)} old`
    case 'drift':
      return `${e.column} is distributed as in ${e.against === 'previous' ? 'the version before' : e.against} (${measures[e.measure]} ${inRange(e.range, quantity)})`
    default:
      return `${statistic[e.kind]} of ${e.column} is ${inRange(e.range, number)}`
  }
}

/** Names of the measures of drift as people write them. */
export const measures = {
  psi: 'population stability index',
  ks: 'Kolmogorov–Smirnov statistic',
  ks_p_value: 'p-value of Kolmogorov–Smirnov',
  chi2_p_value: 'p-value of χ²',
  jensen_shannon: 'Jensen–Shannon distance',
} as const

const counted = (range: Range, noun: string) => {
  const one = range.min === 1 && range.max === 1
  return `there ${one ? 'is' : 'are'} ${inRange(range, quantity)} ${noun}${one ? '' : 's'}`
}
