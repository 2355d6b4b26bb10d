import type { Cell, Column, Row } from '../../../analytics/analytics.ts'
import { nearest } from '../../../kernel/nearest.ts'
import type { Check } from '../contract.ts'
import { familyOf } from '../grammar/types.ts'
import { isWithin, percent, plural, quantity } from '../words/say.ts'
import type { Range } from '../contract.ts'
import type { Counts } from './result.ts'

/** What a plan may know before any row is read. */
export interface Facts {
  readonly columns: readonly Column[]
  readonly now: Date
  /** The view of other data by its reference, with its columns; a text says why it cannot be read. */
  readonly others: ReadonlyMap<
    string,
    { readonly view: string; readonly columns: readonly Column[] } | string
  >
  /** The version before, as a reference; undefined where there is none. */
  readonly previous: string | undefined
}

/** How a check is answered: at once, or by figures over the rows of a relation. */
export type Plan =
  | { readonly verdict: Verdict }
  | {
      /** What to read from, in SQL; plans that read from the same are answered by one scan. */
      readonly from: string
      /** Aggregates in SQL. */
      readonly figures: readonly string[]
      judge(figures: Row): Verdict
      readonly violations?: Violations
    }

/** The answer to a check, before its severity is looked at. */
export interface Verdict {
  readonly success: boolean
  /** `3 of 27,004 values (0.011%)`. */
  readonly observed: string
  readonly counts?: Counts
  readonly value?: number
}

/** Where what breaks an expectation can be seen. */
export interface Violations {
  /** A select of whole rows. */
  readonly rows: string
  /** SQL of the value that is unexpected, over these rows; none where only a row as a whole is. */
  readonly value?: string
}

/** A check that says nothing about the data, as it cannot be evaluated; the message is for the user. */
export class Unanswerable extends Error {}

export const theData = 'data'

/** The column of the data, or the verdict that there is none. */
export function columnOf(facts: Facts, name: string): Column | Verdict {
  const found = facts.columns.find((column) => column.name === name)
  if (found !== undefined) return found
  const near = nearest(
    name,
    facts.columns.map((column) => column.name),
  )
  return {
    success: false,
    observed: `there is no column ${name}${near === undefined ? '' : `; the nearest is ${near}`}`,
  }
}

export const isVerdict = (found: Column | Verdict): found is Verdict => 'success' in found

/** Several columns, or the verdict on the first that is not there. */
export function columnsOf(facts: Facts, names: readonly string[]): readonly Column[] | Verdict {
  const found = names.map((name) => columnOf(facts, name))
  return found.find(isVerdict) ?? (found as readonly Column[])
}

/** SQL of the rows that a check looks at. A user's words end with a line, as a comment may end them. */
export const looked = (check: Pick<Check, 'where'>): string =>
  check.where === undefined ? 'true' : `coalesce((${check.where}\n), false)`

/** Checks every value, or every row: how many are there, missing, unexpected. */
export function perRow(
  check: Check,
  options: {
    readonly missing: string
    /** True where it breaks the expectation; asked of what is not missing only. */
    readonly unexpected: string
    readonly mostly: number
    /** SQL of the value to show; none for rows. */
    readonly value?: string
    readonly noun?: string
    readonly from?: string
    readonly violations?: Violations
    /** Further aggregates, and what they add to the words. */
    readonly more?: { readonly figures: readonly string[]; readonly say: (figures: Row) => string }
  },
): Plan {
  const {
    missing: absent,
    unexpected,
    mostly,
    value,
    noun = value === undefined ? 'row' : 'value',
    more,
  } = options
  const rows = looked(check)
  const broken = `${rows} and not ${absent} and (${unexpected})`
  return {
    from: options.from ?? theData,
    figures: [
      `count(*) filter (${rows})`,
      `count(*) filter (${rows} and ${absent})`,
      `count(*) filter (${broken})`,
      ...(more?.figures ?? []),
    ],
    judge: ([elements, absentees, wrong, ...others]) => {
      const counts = countsOf(number(elements), number(absentees), number(wrong))
      return verdictOf(counts, mostly, noun, counts.unexpectedCount === 0 ? (more?.say(others) ?? '') : '')
    },
    violations: options.violations ?? {
      rows: `select * from ${options.from ?? theData} where ${broken}`,
      ...(value === undefined ? {} : { value }),
    },
  }
}

export function countsOf(elements: number, absentees: number, wrong: number): Counts {
  const there = elements - absentees
  const of = (whole: number, part: number) => (whole === 0 ? 0 : (100 * part) / whole)
  return {
    elementCount: elements,
    missingCount: absentees,
    missingPercent: of(elements, absentees),
    unexpectedCount: wrong,
    unexpectedPercent: of(there, wrong),
    unexpectedPercentTotal: of(elements, wrong),
    unexpectedPercentNonmissing: of(there, wrong),
  }
}

/** As Great Expectations decides: of nothing everything is true, and otherwise for at least `mostly` of what is there. */
export function verdictOf(counts: Counts, mostly: number, noun: string, more = ''): Verdict {
  const { elementCount, missingCount, unexpectedCount: wrong } = counts
  const there = elementCount - missingCount
  const success = there === 0 || (mostly >= 1 ? wrong === 0 : (there - wrong) / there >= mostly)
  const absent = missingCount === 0 ? '' : `, ${quantity(missingCount)} missing`
  const observed =
    there === 0
      ? `no ${noun}s${absent}`
      : wrong === 0
        ? `${there === 1 ? `1 ${noun}` : `all ${plural(there, noun)}`}${more}${absent}`
        : `${quantity(wrong)} of ${plural(there, noun)} (${percent(wrong / there)})`
  return { success, observed, counts }
}

/** A measured number against its range. Nothing measured (no values) is no success. */
export function measured(
  range: Range,
  found: Cell | undefined,
  show: (value: number) => string = quantity,
  nothing = 'no values',
): Verdict {
  if (found === null || found === undefined) return { success: false, observed: nothing }
  const value = number(found)
  return { success: isWithin(range, value), observed: show(value), value }
}

/** A figure as a number: large integers and decimals cross as text. */
export const number = (cell: Cell | undefined): number => Number(cell ?? 0)

/** Refuses a column whose values cannot be what is asked. */
export function requireFamily(column: Column, families: readonly string[], what: string): void {
  const family = familyOf(column)
  if (!families.includes(family))
    throw new Unanswerable(`${column.name} is ${column.type}, which has no ${what}`)
}
