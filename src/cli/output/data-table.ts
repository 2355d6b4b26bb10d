import type { DataAnswer } from '../../data/exploration/answer.ts'

/** Text longer than this is cut, however wide the terminal. */
const widest = 60
/** Columns are not made narrower than this to make room for more. */
const narrowest = 6
const gap = '  '

export type Mark = (style: 'bold' | 'dim' | undefined, text: string) => string

type Answered = Pick<DataAnswer, 'columns' | 'rows'>

/**
 * Rows as a table that fits a terminal of `width` characters: names and types above, numbers to the right, missing
 * values as `null`, long text cut with `…`. Columns that do not fit are named below.
 */
export function dataTable({ columns, rows }: Answered, width: number, mark: Mark): string {
  const cells = rows.map((row) => row.map(shown))
  const numeric = columns.map(({ type }) => isNumeric(type))
  const types = columns.map(({ type }) => shortType(type))
  const wanted = columns.map(({ name }, i) =>
    Math.min(
      widest,
      Math.max(widthOf(name), widthOf(types[i] ?? ''), ...cells.map((row) => widthOf(row[i] ?? ''))),
    ),
  )
  const widths = fitting(wanted, width)
  const aligned = (texts: readonly string[], style: (i: number) => 'bold' | 'dim' | undefined) =>
    widths
      .map((size, i) => {
        const text = cut(texts[i] ?? '', size)
        const space = ' '.repeat(size - widthOf(text))
        const marked = mark(style(i), text)
        return numeric[i] === true ? space + marked : marked + space
      })
      .join(gap)
      .trimEnd()
  const left = columns.slice(widths.length).map(({ name }) => name)
  return [
    aligned(
      columns.map(({ name }) => printable(name)),
      () => 'bold',
    ),
    aligned(types, () => 'dim'),
    ...cells.map((row, r) => aligned(row, (i) => (rows[r]?.[i] === null ? 'dim' : undefined))),
    ...(left.length === 0
      ? []
      : [
          mark(
            'dim',
            cut(`${left.length} more ${left.length === 1 ? 'column' : 'columns'}: ${left.join(', ')}`, width),
          ),
        ]),
    '',
  ].join('\n')
}

/** Rows as CSV (RFC 4180) with a header; a missing value is empty, and an empty text is `""`. */
export function csvText({ columns, rows }: Answered): string {
  const field = (value: unknown) => {
    if (value === null || value === undefined) return ''
    const text =
      typeof value === 'string'
        ? value
        : typeof value === 'object'
          ? JSON.stringify(value)
          : `${value as number}`
    return text === '' || /[",\r\n]/.test(text) || text.trim() !== text
      ? `"${text.replaceAll('"', '""')}"`
      : text
  }
  const lines = [columns.map(({ name }) => name), ...rows]
  return lines.map((line) => `${line.map(field).join(',')}\n`).join('')
}

/** Rows as objects by the columns' names; of columns of one name the later ones get `_1`, `_2`, … */
export function rowObjects({ columns, rows }: Answered): readonly Readonly<Record<string, unknown>>[] {
  const names: string[] = []
  for (const { name } of columns) {
    let unique = name
    for (let n = 1; names.includes(unique); n++) unique = `${name}_${n}`
    names.push(unique)
  }
  return rows.map((row) => Object.fromEntries(names.map((name, i) => [name, row[i]])))
}

/** The columns from the left that fit; wide ones are made narrower before others are left out. */
function fitting(wanted: readonly number[], width: number): readonly number[] {
  const total = (sizes: readonly number[]) =>
    sizes.reduce((sum, size) => sum + size + gap.length, -gap.length)
  if (total(wanted) <= width) return wanted
  // Text gives way first: half of its width still says what it is.
  const narrowed = wanted.map((size) => Math.min(size, Math.max(narrowest, Math.floor(widest / 3))))
  const sizes = [...narrowed]
  while (sizes.length > 1 && total(sizes) > width) sizes.pop()
  let spare = width - total(sizes)
  return sizes.map((size, i) => {
    const more = Math.max(0, Math.min(spare, (wanted[i] ?? size) - size))
    spare -= more
    return Math.min(size + more, Math.max(width, 1))
  })
}

const isNumeric = (type: string) =>
  /^(?:U?(?:TINY|SMALL|BIG|HUGE)?INT(?:EGER)?|FLOAT|DOUBLE|DECIMAL.*)$/.test(type)

const shortType = (type: string): string =>
  type
    .replace(/^(STRUCT|MAP|ENUM|UNION)\(.*$/, '$1')
    .replace('TIMESTAMP WITH TIME ZONE', 'TIMESTAMPTZ')
    .toLowerCase()

function shown(value: unknown): string {
  if (value === null || value === undefined) return 'null'
  if (typeof value === 'object') return printable(JSON.stringify(value))
  return printable(typeof value === 'string' ? value : `${value as number}`)
}

/** Text on one line, without what a terminal would obey. */
const printable = (text: string): string =>
  text
    .replaceAll(/\r\n|\n|\r/g, '⏎')
    .replaceAll(/\t/g, ' ')
    .replaceAll(/\p{Cc}|\p{Cf}/gu, '�')

const wide =
  /[\p{Emoji_Presentation}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\uFF01-\uFF60]/u
const widthOfCharacter = (c: string) => (/\p{Mn}|\p{Me}/u.test(c) ? 0 : wide.test(c) ? 2 : 1)

/** Columns of a terminal that a text takes. */
function widthOf(text: string): number {
  let sum = 0
  for (const c of text) sum += widthOfCharacter(c)
  return sum
}

function cut(text: string, width: number): string {
  if (widthOf(text) <= width) return text
  let kept = ''
  let sum = 0
  for (const c of text) {
    sum += widthOfCharacter(c)
    if (sum > width - 1) break
    kept += c
  }
  return `${kept}…`
}
