import { identifier } from '../../../analytics/analytics.ts'
import type { Column } from '../../../analytics/analytics.ts'
import { nearest } from '../../../kernel/nearest.ts'
import type { Check, Expectation } from '../contract.ts'
import { familyOf, isOfType, typeName } from '../grammar/types.ts'
import { isWithin, listing, percent, plural, quantity } from '../words/say.ts'
import { missing } from '../../../analytics/missing.ts'
import {
  columnsOf,
  countsOf,
  looked,
  measured,
  number,
  perRow,
  theData,
  Unanswerable,
  verdictOf,
} from './plan.ts'
import type { Facts, Plan, Verdict } from './plan.ts'

type Of<K extends Expectation['kind']> = Extract<Expectation, { kind: K }>

export function rowCount(check: Check, { range }: Of<'row_count' | 'column_count'>): Plan {
  return {
    from: theData,
    figures: [`count(*) filter (${looked(check)})`],
    judge: ([found]) => measured(range, found, (rows) => plural(rows, 'row')),
  }
}

export function schema({ columns, strict, ordered }: Of<'schema'>, facts: Facts): Verdict {
  const there = facts.columns.map(({ name }) => name)
  const problems = columns.flatMap(({ name, types }) => {
    const found = facts.columns.find((column) => column.name === name)
    if (found === undefined) {
      const near = nearest(name, there)
      return [`no ${name}${near === undefined ? '' : ` (the nearest is ${near})`}`]
    }
    if (types.length === 0 || types.some((type) => isOfType(found, type))) return []
    return [`${name} is ${typeName(found)}, not ${types.join(' or ')}`]
  })
  const wanted = columns.map(({ name }) => name)
  const others = there.filter((name) => !wanted.includes(name))
  if (strict && others.length > 0) problems.push(`also ${listing(others)}`)
  const found = there.filter((name) => wanted.includes(name))
  if (ordered && problems.length === 0 && found.join('\0') !== wanted.join('\0'))
    problems.push(`the order is ${listing(found, 12)}`)
  return problems.length === 0
    ? { success: true, observed: plural(there.length, 'column') }
    : { success: false, observed: listing(problems, 8) }
}

/** Groups of equal keys, each once: what stands in one of several rows is unexpected in all of them. */
export function unique(check: Check, e: Of<'unique'>, columns: readonly Column[]): Plan {
  const keys = columns.map(({ name }) => identifier(name)).join(', ')
  const absent = columns.map((column) => missing(column)).join(' or ')
  const rows = looked(check)
  const kept = `${rows} and not (${absent})`
  const noun = columns.length === 1 ? 'value' : 'row'
  const repeated = `select ${columns.map(({ name }, i) => `${identifier(name)} as twinloop_${i}`).join(', ')} from ${theData} where ${kept} group by ${keys} having count(*) > 1`
  const same = columns
    .map(({ name }, i) => `${theData}.${identifier(name)} = repeated.twinloop_${i}`)
    .join(' and ')
  const duplicates = `select * from ${theData} semi join (${repeated}) as repeated on ${same} where ${rows}`
  const broken = e.present
    ? `(${duplicates}) union all by name (select * from ${theData} where ${rows} and (${absent}))`
    : duplicates
  return {
    from: `(select count(*) as twinloop_n, bool_or(${absent}) as twinloop_absent from ${theData} where ${rows} group by ${keys})`,
    figures: [
      'coalesce(sum(twinloop_n), 0)',
      'coalesce(sum(twinloop_n) filter (twinloop_absent), 0)',
      'coalesce(sum(twinloop_n) filter (not twinloop_absent and twinloop_n > 1), 0)',
    ],
    judge([all, gone, twice]) {
      const absentees = number(gone)
      const counts = e.present
        ? countsOf(number(all), 0, number(twice) + absentees)
        : countsOf(number(all), absentees, number(twice))
      const verdict = verdictOf(counts, e.mostly, noun)
      return e.present && absentees > 0
        ? { ...verdict, observed: `${verdict.observed}, ${quantity(absentees)} of them missing` }
        : verdict
    },
    violations: { rows: broken, ...(columns.length === 1 ? { value: keys } : {}) },
  }
}

export function duplicates(check: Check, e: Of<'duplicates'>, columns: readonly Column[]): Plan {
  const keys = columns.map(({ name }) => identifier(name)).join(', ')
  const grouped = `select ${keys}, count(*) as copies from ${theData} where ${looked(check)} group by ${keys}`
  return {
    from: `(${grouped})`,
    figures: ['coalesce(sum(copies), 0)', 'count(*)'],
    judge([all, different]) {
      const [rows, again] = [number(all), number(all) - number(different)]
      const rate = rows === 0 ? 0 : again / rows
      const observed =
        again === 0
          ? rows === 0
            ? 'no rows'
            : `none of ${plural(rows, 'row')}`
          : `${quantity(again)} of ${plural(rows, 'row')} (${percent(rate)})`
      const found = e.share ? rate : again
      return { success: isWithin(e.range, found), observed, value: found, counts: countsOf(rows, 0, again) }
    },
    violations: { rows: `select * from (${grouped}) where copies > 1 order by copies desc` },
  }
}

export function compare(check: Check, e: Of<'compare'>, [left, right]: readonly Column[]): Plan {
  if (left === undefined || right === undefined || familyOf(left) !== familyOf(right))
    throw new Unanswerable(
      `${e.left} is ${left?.type} and ${e.right} is ${right?.type}, which cannot be compared`,
    )
  const holds = `${identifier(left.name)} ${e.operator} ${identifier(right.name)}`
  const [noLeft, noRight] = [missing(left), missing(right)]
  return perRow(check, {
    missing: e.missing === 'skip' ? `(${noLeft} or ${noRight})` : `(${noLeft} and ${noRight})`,
    unexpected: e.missing === 'skip' ? `not (${holds})` : `${noLeft} or ${noRight} or not (${holds})`,
    mostly: e.mostly,
  })
}

/** Floating-point sums are equal when they differ by no more than rounding does. */
const rounding = 1e-9

export function sumOf(check: Check, e: Of<'sum_of'>, columns: readonly Column[]): Plan {
  for (const column of columns)
    if (familyOf(column) !== 'number')
      throw new Unanswerable(`${column.name} is ${column.type}, which cannot be added`)
  const parts = e.columns.map((name) => identifier(name)).join(' + ')
  const total = typeof e.equals === 'number' ? String(e.equals) : identifier(e.equals)
  return perRow(check, {
    missing: `(${columns.map((column) => missing(column)).join(' or ')})`,
    unexpected: `abs((${parts}) - ${total}) > ${e.tolerance} + ${rounding} * greatest(1, abs(${total}))`,
    mostly: e.mostly,
  })
}

export function references(
  check: Check,
  e: Of<'references'>,
  columns: readonly Column[],
  facts: Facts,
): Plan {
  const other = facts.others.get(e.data)
  if (other === undefined || typeof other === 'string')
    throw new Unanswerable(other ?? `${e.data} cannot be read`)
  const targets = e.of.map((name) => {
    const found = other.columns.find((column) => column.name === name)
    if (found !== undefined) return found
    const near = nearest(
      name,
      other.columns.map((column) => column.name),
    )
    throw new Unanswerable(
      `${e.data} has no column ${name}${near === undefined ? '' : `; the nearest is ${near}`}`,
    )
  })
  const keys = columns.map((column, i) => {
    const target = targets[i] as Column
    const alike = familyOf(column) === familyOf(target)
    const as = (name: string) => (alike ? name : `cast(${name} as varchar)`)
    return { mine: as(identifier(column.name)), theirs: as(identifier(target.name)), alias: `twinloop_${i}` }
  })
  const known = `select distinct ${keys.map(({ theirs, alias }) => `${theirs} as ${alias}`).join(', ')}, true as twinloop_known from ${identifier(other.view)}`
  const from = `(select ${theData}.*, coalesce(twinloop_known, false) as twinloop_known from ${theData} left join (${known}) as known on ${keys
    .map(({ mine, alias }) => `${mine} = known.${alias}`)
    .join(' and ')})`
  const absent = `(${columns.map((column) => missing(column)).join(' or ')})`
  const broken = 'not twinloop_known'
  return perRow(check, {
    from,
    missing: absent,
    unexpected: broken,
    mostly: e.mostly,
    noun: columns.length === 1 ? 'value' : 'row',
    violations: {
      rows: `select * exclude (twinloop_known) from ${from} where ${looked(check)} and not ${absent} and ${broken}`,
      ...(columns.length === 1 ? { value: identifier(e.columns[0] ?? '') } : {}),
    },
  })
}

export const satisfies = (check: Check, e: Of<'satisfies'>): Plan =>
  perRow(check, { missing: `((${e.sql}\n) is null)`, unexpected: `not (${e.sql}\n)`, mostly: e.mostly })

/** A user's query as a relation: what ends a statement does not belong in it, and a comment ends with its line. */
const subquery = (sql: string) => `(\n${sql.trim().replace(/;+\s*$/, '')}\n)`

export function failedRows({ sql, max }: Of<'failed_rows'>): Plan {
  return {
    from: `${subquery(sql)} as failed`,
    figures: ['count(*)'],
    judge([found]) {
      const rows = number(found)
      return { success: rows <= max, observed: rows === 0 ? 'no rows' : plural(rows, 'row'), value: rows }
    },
    violations: { rows: `select * from ${subquery(sql)} as failed` },
  }
}

export function metric({ sql, range }: Of<'metric'>): Plan {
  return {
    from: `${subquery(sql)} as answer(value)`,
    figures: ['count(*)', 'try_cast(any_value(value) as double)', 'cast(any_value(value) as varchar)'],
    judge([rows, found = null, written = null]) {
      if (number(rows) !== 1)
        throw new Unanswerable(`the query gives ${plural(number(rows), 'row')}, and one number is wanted`)
      if (found === null && written !== null)
        throw new Unanswerable(`the query gives ${JSON.stringify(written)}, which is not a number`)
      return measured(range, found, quantity, 'nothing')
    },
  }
}

/** All columns that a check of the whole table compares; the named ones, where some are. */
export const comparedColumns = (e: Of<'duplicates'>, facts: Facts): readonly Column[] | Verdict =>
  e.columns.length === 0 ? facts.columns : columnsOf(facts, e.columns)
