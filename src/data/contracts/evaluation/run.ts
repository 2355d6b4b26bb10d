import { AnalyticsError } from '../../../analytics/analytics.ts'
import type { Cell, Row, Session } from '../../../analytics/analytics.ts'
import type { Check } from '../contract.ts'
import { sentence } from '../words/sentence.ts'
import { cell, listing, quantity } from '../words/say.ts'
import { columnsIn, planOf } from './plan-check.ts'
import { Unanswerable } from './plan.ts'
import type { Facts, Plan, Verdict, Violations } from './plan.ts'
import type { CheckResult, FailingRows } from './result.ts'

/** Figures in one statement: more make DuckDB's planner slow. */
const mostFigures = 400
/** A row of a very wide table is shown in part. */
const mostColumns = 30
const longestText = 200

interface Planned {
  readonly check: Check
  readonly plan: Extract<Plan, { from: string }>
}

/**
 * Answers checks with as few scans as there are relations to read from (one, for all checks of values and figures of the
 * data itself), and looks up examples of what is wrong. A check that cannot be answered is an error of its own.
 */
export async function answer(
  session: Session,
  checks: readonly Check[],
  facts: Facts,
  examples: number,
): Promise<readonly CheckResult[]> {
  const found = new Map<Check, Verdict | Error>()
  const planned: Planned[] = []
  for (const check of checks) {
    const plan = attempt(() => planOf(check, facts))
    if (plan instanceof Error) found.set(check, plan)
    else if ('verdict' in plan) found.set(check, plan.verdict)
    else planned.push({ check, plan })
  }
  for (const [from, group] of Map.groupBy(planned, ({ plan }) => plan.from))
    for (const batch of batches(group))
      for (const [check, verdict] of await scan(session, from, batch)) found.set(check, verdict)
  const results: CheckResult[] = []
  for (const check of checks) {
    const verdict = found.get(check) ?? new Unanswerable('it was not looked at')
    const violations = planned.find((p) => p.check === check)?.plan.violations
    const isBroken =
      !(verdict instanceof Error) && (!verdict.success || (verdict.counts?.unexpectedCount ?? 0) > 0)
    const shown =
      isBroken && violations !== undefined && examples > 0
        ? await exhibit(session, check, violations, examples)
        : {}
    results.push(resultOf(check, verdict, shown, examples))
  }
  return results
}

function attempt<T>(work: () => T): T | Unanswerable {
  try {
    return work()
  } catch (error) {
    if (error instanceof Unanswerable) return error
    throw error
  }
}

function batches(group: readonly Planned[]): readonly (readonly Planned[])[] {
  const all: Planned[][] = []
  let room = 0
  for (const item of group) {
    room -= item.plan.figures.length
    if (room < 0) {
      all.push([])
      room = mostFigures - item.plan.figures.length
    }
    all.at(-1)?.push(item)
  }
  return all
}

/**
 * The figures of all of them in one statement. If it fails, one of them is to blame: halves are tried until it stands
 * alone, so that it costs the others a few scans and not their answer.
 */
async function scan(
  session: Session,
  from: string,
  batch: readonly Planned[],
): Promise<readonly (readonly [Check, Verdict | Error])[]> {
  const figures = batch.flatMap(({ plan }) => plan.figures)
  const sql = `select ${figures.map((figure, i) => `${figure} as f${i}`).join(', ')} from ${from}`
  let row: Row
  try {
    row = (await session.select(sql, { limit: 1 })).rows[0] ?? []
  } catch (error) {
    if (!isOfStatement(error)) throw error
    const [first] = batch
    if (batch.length === 1 && first !== undefined) return [[first.check, error]]
    const middle = batch.length >> 1
    return [
      ...(await scan(session, from, batch.slice(0, middle))),
      ...(await scan(session, from, batch.slice(middle))),
    ]
  }
  let at = 0
  return batch.map(({ check, plan }) => {
    const mine = row.slice(at, (at += plan.figures.length))
    return [check, attempt(() => plan.judge(mine))] as const
  })
}

/** What another statement may do better: the session itself is well. */
const isOfStatement = (error: unknown): error is AnalyticsError =>
  error instanceof AnalyticsError &&
  (error.kind === 'statement' || error.kind === 'value' || error.kind === 'memory')

type Exhibit = Pick<CheckResult, 'partialUnexpectedList' | 'partialUnexpectedCounts' | 'failingRows'>

/** Some of what breaks an expectation. That it cannot be shown (a text that is too long to sort, say) changes no verdict. */
async function exhibit(
  session: Session,
  check: Check,
  { rows, value }: Violations,
  examples: number,
): Promise<Exhibit> {
  try {
    const as = 'twinloop_value'
    const { columns, rows: found } = await session.select(
      value === undefined ? rows : `select *, ${value} as ${as} from (${rows}) as violations`,
      { limit: examples },
    )
    const whole = value === undefined ? found : found.map((row) => row.slice(0, -1))
    const names = (value === undefined ? columns : columns.slice(0, -1)).map(({ name }) => name)
    const failingRows = failing(names, whole, columnsIn(check.expectation))
    if (value === undefined) return { failingRows }
    const counted = await session.select(
      `select ${value} as ${as}, count(*) as n from (${rows}) as violations group by 1 order by n desc, 1`,
      { limit: examples },
    )
    return {
      failingRows,
      partialUnexpectedList: found.map((row) => short(row.at(-1) ?? null)),
      partialUnexpectedCounts: counted.rows.map(([found = null, n]) => ({
        value: short(found),
        count: Number(n),
      })),
    }
  } catch (error) {
    if (isOfStatement(error)) return {}
    throw error
  }
}

/** The columns that it is about come first. */
function failing(names: readonly string[], rows: readonly Row[], about: readonly string[]): FailingRows {
  const order = [...names.keys()]
    .sort((a, b) => Number(about.includes(names[b] ?? '')) - Number(about.includes(names[a] ?? '')))
    .slice(0, mostColumns)
  return {
    columns: order.map((i) => names[i] ?? ''),
    rows: rows.map((row) => order.map((i) => short(row[i] ?? null))),
  }
}

/** A cell as a result keeps it: JSON has no NaN, and nobody reads a megabyte. */
function short(value: Cell): Cell {
  if (typeof value === 'number' && !Number.isFinite(value)) return quantity(value)
  const text =
    typeof value === 'string'
      ? value
      : typeof value === 'object' && value !== null
        ? JSON.stringify(value)
        : ''
  return text.length > longestText ? `${text.slice(0, longestText - 1)}…` : value
}

/** The first values; how many more there are is known only of less than were asked for. */
const some = (values: readonly string[], asked: number) =>
  values.length >= asked && values.length > 4
    ? `${values.slice(0, 4).join(', ')} and more`
    : listing(values, 5)

/** DuckDB's own words, without its picture of a statement that is mostly ours. */
const brief = (message: string) =>
  message
    .replace(/\n+LINE \d+:.*$/s, '')
    .replaceAll(/\s+/g, ' ')
    .trim()

function resultOf(check: Check, verdict: Verdict | Error, shown: Exhibit, examples: number): CheckResult {
  const isError = verdict instanceof Error
  const values = shown.partialUnexpectedCounts?.map(
    ({ value, count }) => `${cell(value)}${count > 1 ? ` (${quantity(count)}×)` : ''}`,
  )
  return {
    name: check.name,
    kind: check.expectation.kind,
    columns: columnsIn(check.expectation),
    severity: check.severity,
    ...(check.description === undefined ? {} : { description: check.description }),
    outcome: isError ? 'error' : verdict.success ? 'success' : check.severity,
    sentence: sentence(check),
    observed: isError
      ? brief(verdict.message)
      : `${verdict.observed}${values === undefined || values.length === 0 ? '' : `: ${some(values, examples)}`}`,
    ...(isError ? {} : verdict.counts),
    ...(isError || verdict.value === undefined || !Number.isFinite(verdict.value)
      ? {}
      : { value: verdict.value }),
    ...shown,
  }
}
