import type { ColumnResult, DiffResult, KeyedResult } from './result.ts'

/** How a line is to be marked, as `git diff` does: what came is green, what went is red, what changed is yellow. */
export type Mark = '+' | '-' | '~' | '!' | 'heading' | 'quiet'
export interface DiffLine {
  readonly text: string
  readonly mark?: Mark
}

/** Columns that are shown unless all are asked for. */
const shownColumns = 15

/** A comparison for the terminal; `all` shows every column that changed. */
export function renderDiff(diff: DiffResult, { all }: { readonly all: boolean }): readonly DiffLine[] {
  const { from, to } = diff
  const [before, after] = [shortName(from.reference), shortName(to.reference)]
  const size = (name: string, side: typeof from) =>
    `${name}  ${count(side.rows, 'row')}, ${count(side.columns, 'column')}`
  const more = to.rows - from.rows
  const change =
    more === 0 || from.rows === 0 ? '' : `  (${signed(more)}, ${signed((more / from.rows) * 100, 1)} %)`
  return [
    { text: `--- ${size(before, from)}`, mark: '-' },
    { text: `+++ ${size(after, to)}${change}`, mark: '+' },
    ...(diff.equal
      ? [{ text: '' }, { text: 'the same columns and the same rows', mark: 'heading' } as const]
      : []),
    ...section('schema', schemaLines(diff)),
    ...section('columns', columnLines(diff, all)),
    ...(diff.keyed === undefined
      ? []
      : section(`rows by ${diff.keyed.keys.join(', ')}`, rowLines(diff.keyed, [before, after]))),
    ...hintLines(diff),
    ...section(
      'notes',
      diff.notes.map((text) => ({ text: `  ${text}`, mark: 'quiet' })),
    ),
  ]
}

const section = (title: string, lines: readonly DiffLine[]): readonly DiffLine[] =>
  lines.length === 0 ? [] : [{ text: '' }, { text: title, mark: 'heading' }, ...lines]

function schemaLines({ schema }: DiffResult): readonly DiffLine[] {
  const { added, removed, renamed, retyped, reordered } = schema
  const width = Math.max(0, ...[...added, ...removed, ...retyped].map(({ name }) => visible(name).length))
  const named = (name: string) => visible(name).padEnd(width)
  return [
    ...removed.map(({ name, type }): DiffLine => ({ text: `- ${named(name)}  ${type}`, mark: '-' })),
    ...added.map(({ name, type }): DiffLine => ({ text: `+ ${named(name)}  ${type}`, mark: '+' })),
    ...renamed.map(({ from, to, because }): DiffLine => {
      const why = because === 'values' ? 'the values are the same' : 'the names are alike'
      return { text: `~ ${visible(from)} → ${visible(to)}  renamed? ${why}`, mark: '~' }
    }),
    ...retyped.map(({ name, from, to }): DiffLine => ({
      text: `~ ${named(name)}  ${from} → ${to}`,
      mark: '~',
    })),
    ...(reordered ? [{ text: '  the columns stand in another order', mark: 'quiet' } as const] : []),
  ]
}

function columnLines({ columns }: DiffResult, all: boolean): readonly DiffLine[] {
  const changed = columns.filter(({ same }) => !same)
  const shown = all ? changed : changed.slice(0, shownColumns)
  const width = Math.max(0, ...shown.map(({ name }) => visible(name).length))
  const lines = shown.map((column): DiffLine => {
    const bar = '█'.repeat(Math.round(column.distance * 10)).padEnd(10, '·')
    const distance = column.distance.toFixed(3)
    return {
      text: `~ ${visible(column.name).padEnd(width)}  ${bar} ${distance}  ${told(column).join(', ')}`.trimEnd(),
      mark: '~',
    }
  })
  const alike = columns.filter(({ same }) => same).map(({ name }) => visible(name))
  return [
    ...lines,
    ...(shown.length < changed.length
      ? [
          {
            text: `  ${changed.length - shown.length} more changed less: --all shows them`,
            mark: 'quiet',
          } as const,
        ]
      : []),
    ...(alike.length === 0 ? [] : [{ text: `= ${alike.join(', ')}`, mark: 'quiet' } as const]),
  ]
}

/** As much of a column is told on its line; data has the rest. */
const toldOfColumn = 3

/** What changed of a column, in words, what tells most first. */
function told(column: ColumnResult): readonly string[] {
  const { numeric, datetime, missing, withTarget } = column
  const arrow = (what: string, a: string, b: string) => (a === b ? [] : [`${what} ${a} → ${b}`.trimStart()])
  const range = (min: string | null, max: string | null) => `[${min ?? '–'}, ${max ?? '–'}]`
  const numbers = ({ min, max }: NonNullable<typeof numeric>['from']) => range(figure(min), figure(max))
  return [
    ...valuesTold(column),
    ...(datetime === undefined
      ? []
      : arrow('', range(datetime.from.min, datetime.from.max), range(datetime.to.min, datetime.to.max))),
    ...(numeric === undefined ? [] : arrow('mean', figure(numeric.from.mean), figure(numeric.to.mean))),
    ...(withTarget === undefined ? [] : arrow('with target', ratio(withTarget.from), ratio(withTarget.to))),
    ...arrow('missing', percent(missing.from), percent(missing.to)),
    ...(numeric === undefined
      ? []
      : [
          ...arrow('median', figure(numeric.from.p50), figure(numeric.to.p50)),
          ...arrow('range', numbers(numeric.from), numbers(numeric.to)),
        ]),
  ].slice(0, toldOfColumn)
}

/** Values of a category that are new or have gone, and the one whose share changed most. */
function valuesTold({ newValues, goneValues, shares = [] }: ColumnResult): readonly string[] {
  const named = (sign: string, values: typeof newValues) => {
    if (values === undefined || values.count === 0) return []
    const names = values.top.slice(0, 3).map(({ value }) => visible(value, 24))
    const rest = values.count - names.length
    return [`${sign} ${names.join(', ')}${rest > 0 ? ` and ${whole(rest)} more` : ''}`]
  }
  const [most] = shares
    .filter(({ from, to }) => from > 0 && to > 0 && percent(from) !== percent(to))
    .toSorted((a, b) => Math.abs(b.to - b.from) - Math.abs(a.to - a.from))
  return [
    ...named('new', newValues),
    ...named('gone', goneValues),
    ...(most === undefined ? [] : [`${visible(most.value, 24)} ${percent(most.from)} → ${percent(most.to)}`]),
  ]
}

function rowLines(keyed: KeyedResult, names: readonly [string, string]): readonly DiffLine[] {
  const { added, removed, changed, unchanged, examples, changes, duplicates, withoutKey } = keyed
  const compared = changed + unchanged
  return [
    { text: `- ${whole(removed)} removed`, mark: '-' },
    ...examples.removed.map((row): DiffLine => ({ text: `    ${rowText(row)}`, mark: '-' })),
    { text: `+ ${whole(added)} added`, mark: '+' },
    ...examples.added.map((row): DiffLine => ({ text: `    ${rowText(row)}`, mark: '+' })),
    { text: `~ ${whole(changed)} changed of ${whole(compared)} that both have`, mark: '~' },
    ...(changes.length === 0
      ? []
      : [
          {
            text: `    in ${changes
              .slice(0, 8)
              .map(({ column, rows }) => `${visible(column)} ${whole(rows)}`)
              .join(', ')}${changes.length > 8 ? `, and ${changes.length - 8} more` : ''}`,
            mark: '~',
          } as const,
        ]),
    ...examples.changed.map(({ key, changes: cells }): DiffLine => ({
      text: `    ${key.map((k) => visible(k, 24)).join(' ')}: ${cells
        .slice(0, 6)
        .map(({ column, from, to }) => `${visible(column)} ${cellText(from)} → ${cellText(to)}`)
        .join(', ')}`,
      mark: '~',
    })),
    ...[duplicates.from, duplicates.to].flatMap((side, i): readonly DiffLine[] =>
      side.keys === 0
        ? []
        : [
            {
              text: `! ${names[i]} has ${count(side.keys, 'key')} more than once (${count(side.rows, 'row')}, left out): ${side.examples
                .map((key) => key.map((k) => visible(k, 24)).join(' '))
                .join('; ')}`,
              mark: '!',
            },
          ],
    ),
    ...[withoutKey.from, withoutKey.to].flatMap((rows, i): readonly DiffLine[] =>
      rows === 0
        ? []
        : [{ text: `! ${names[i]} has ${count(rows, 'row')} without a key (left out)`, mark: '!' }],
    ),
  ]
}

function hintLines({ keyed, keyCandidates = [], equal }: DiffResult): readonly DiffLine[] {
  if (equal || keyed !== undefined || keyCandidates.length === 0) return []
  const key = keyCandidates[0] ?? ''
  return [
    { text: '' },
    {
      text: `--key ${/^[\w.-]+$/.test(key) ? key : JSON.stringify(key)} would compare them row by row`,
      mark: 'quiet',
    },
  ]
}

const rowText = (row: readonly { readonly column: string; readonly value: string | null }[]) =>
  row
    .slice(0, 8)
    .map(({ column, value }) => `${visible(column)}=${cellText(value)}`)
    .join(' ') + (row.length > 8 ? ' …' : '')
const cellText = (value: string | null) => (value === null ? 'null' : visible(value, 24) || "''")

/** `azureml:flights:1` as `flights:1`, a place by its path. */
const shortName = (reference: string) =>
  visible(
    reference.replace(/^azureml:(?!\/)/, '').replace(/^azureml:\/\/datastores\/([^/]+)\/paths\//, '$1/'),
  )

/** Text that cannot move a terminal's cursor, and is no longer than asked. */
function visible(text: string, most = 60): string {
  const plain = text.replaceAll(
    /[\p{Cc}\p{Cf}\u2028\u2029]/gu,
    (c) => `\\u${(c.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`,
  )
  return plain.length > most ? `${plain.slice(0, most - 1)}…` : plain
}

const whole = (value: number) => value.toLocaleString('en')
const count = (value: number, noun: string) => `${whole(value)} ${noun}${value === 1 ? '' : 's'}`
const signed = (value: number, digits = 0) =>
  `${value > 0 ? '+' : '−'}${Math.abs(value).toLocaleString('en', { maximumFractionDigits: digits })}`
const percent = (share: number) => `${(share * 100).toFixed(1)} %`
const ratio = (value: number | null) => (value === null ? '–' : value.toFixed(3))
const figure = (value: number | null) =>
  value === null
    ? '–'
    : Number.isInteger(value) && Math.abs(value) < 1e15
      ? whole(value)
      : value.toLocaleString('en', { maximumSignificantDigits: 4 })
