import type { CheckOutcome, CheckResult } from '../../../data/contracts/evaluation/result.ts'
import { cell, plural, quantity } from '../../../data/contracts/words/say.ts'
import { paint } from '../../io.ts'
import type { Io } from '../../io.ts'
import type { Checked } from './subject.ts'

export const marks: Readonly<Record<CheckOutcome, string>> = {
  success: '✓',
  warn: '!',
  fail: '✗',
  error: '?',
}
const colours = { success: 'green', warn: 'yellow', fail: 'red', error: 'red' } as const

/** What is shown of rows that break a check: a terminal is no table of data. */
const most = { rows: 5, columns: 6 }

/** An outcome's mark in its colour. */
export const marked = (io: Io, outcome: CheckOutcome): string => paint(io, colours[outcome], marks[outcome])

/** A line for each check, failing rows below it, and what it comes to at the end. */
export function lines(io: Io, { contract, data, evaluation }: Checked): string {
  const { results, rows, statistics, notes, seconds } = evaluation
  const head = `${data} against contract ${contract}: ${plural(rows, 'row')}, ${plural(results.length, 'check')}, ${seconds} s`
  const width = Math.min(60, Math.max(0, ...results.map((r) => r.sentence.length)))
  return [
    paint(io, 'bold', head),
    ...notes.map((note) => paint(io, 'dim', `  ${note}`)),
    ...results.flatMap((result) => [
      lineOf(io, result, width),
      ...examples(result).map((line) => paint(io, 'dim', `      ${line}`)),
    ]),
    '',
    `${paint(io, 'bold', evaluation.outcome)}: ${summary(statistics.successfulExpectations, statistics.warned, statistics.failed, statistics.errors)}`,
    '',
  ].join('\n')
}

function lineOf(io: Io, result: CheckResult, width: number): string {
  const { outcome, sentence, observed } = result
  const good = outcome === 'success'
  const wide = sentence.length > width
  const said = good ? paint(io, 'dim', observed) : observed
  return `  ${marked(io, outcome)} ${wide ? `${sentence}\n     ` : sentence.padEnd(width)} ${said}`.trimEnd()
}

function examples({ outcome, failingRows }: CheckResult): readonly string[] {
  if (outcome === 'success' || failingRows === undefined || failingRows.rows.length === 0) return []
  const columns = failingRows.columns.slice(0, most.columns)
  const rows = failingRows.rows.slice(0, most.rows).map((row) => columns.map((_, i) => cell(row[i] ?? null)))
  const widths = columns.map((name, i) => Math.max(name.length, ...rows.map((row) => row[i]?.length ?? 0)))
  const line = (cells: readonly string[]) =>
    cells
      .map((text, i) => text.padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd()
  const [more, wider] = [failingRows.rows.length - rows.length, failingRows.columns.length - columns.length]
  const rest = [
    more > 0 ? plural(more, 'more row') : '',
    wider > 0 ? plural(wider, 'more column') : '',
  ].filter(Boolean)
  return [
    line(columns),
    ...rows.map(line),
    ...(rest.length === 0 ? [] : [`… ${rest.join(' and ')} in --output json and --report`]),
  ]
}

function summary(passed: number, warned: number, failed: number, wrong: number): string {
  const parts = [
    [passed, 'kept'],
    [warned, 'warned of'],
    [failed, 'broken'],
    [wrong, 'not evaluated'],
  ] as const
  return parts
    .filter(([count], i) => count > 0 || i === 0)
    .map(([count, word]) => `${quantity(count)} ${word}`)
    .join(', ')
}
