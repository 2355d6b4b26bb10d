import type { ColumnProfile, Profile } from '../../../data/profile/profile.ts'
import { barsOf } from '../../../data/profile/bars.ts'
import { counted, figure, gist, share, size, typeName } from '../../../data/profile/words.ts'
import type { Style } from '../../io.ts'
import { columnsOf, fit, visible, wrap } from './text.ts'

export interface ViewOptions {
  /** Columns of the terminal. */
  readonly width: number
  readonly mark: (style: Style, text: string) => string
}

const levels = ' ▁▂▃▄▅▆▇█'
const mostWarnings = 20
const mostFeatures = 10

/** A profile for a terminal: a line for the table, one for each column, and what stands out. */
export function profileView(profile: Profile, options: ViewOptions): string {
  const blocks = [
    header(profile, options),
    columnLines(profile, options),
    targetLines(profile, options),
    driftLines(profile, options),
    warningLines(profile, options),
    profile.notes.flatMap((note) =>
      wrap(visible(note), options.width).map((line) => options.mark('dim', line)),
    ),
  ]
  return `${blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`
}

function header(profile: Profile, { width, mark }: ViewOptions): readonly string[] {
  const { source, rows, columnCount, bytes, missingCells, duplicateRows } = profile
  const title = `${visible(source.name)} ${visible(source.version)}`
  const facts = [
    `${figure(rows)} rows`,
    `${figure(columnCount)} columns`,
    size(bytes),
    `${share(rows * columnCount === 0 ? 0 : missingCells / (rows * columnCount))} missing`,
    `${counted(duplicateRows)} duplicate rows`,
  ].join(' · ')
  const line = `${mark('bold', title)} · ${facts}`
  return columnsOf(`${title} · ${facts}`) <= width ? [line] : [mark('bold', title), ...wrap(facts, width)]
}

function columnLines({ columns }: Profile, { width, mark }: ViewOptions): readonly string[] {
  const longest = Math.max(6, ...columns.map(({ name }) => columnsOf(visible(name))))
  const nameWidth = Math.min(longest, width < 72 ? 12 : width < 100 ? 18 : 32)
  const sparkWidth = width < 100 ? 8 : 16
  const distinctWidth = Math.max(8, ...columns.map(({ distinct }) => counted(distinct).length))
  const rest = Math.max(1, width - nameWidth - sparkWidth - distinctWidth - 10 - 7 - 10)
  const heading = [
    fit('column', nameWidth),
    fit('kind', 10),
    fit('', sparkWidth),
    fit('missing', 7, 'right'),
    fit('distinct', distinctWidth, 'right'),
    fit('range or most frequent', rest).trimEnd(),
  ]
  const line = (column: ColumnProfile) =>
    [
      mark('bold', fit(visible(column.name), nameWidth)),
      mark('dim', fit(typeName[column.semanticType], 10)),
      mark('cyan', fit(spark(barsOf(column, sparkWidth)), sparkWidth)),
      missing(column, mark),
      fit(counted(column.distinct), distinctWidth, 'right'),
      fit(visible(gist(column)), rest).trimEnd(),
    ].join('  ')
  return [mark('dim', heading.join('  ')), ...columns.map((column) => line(column).trimEnd())]
}

/** Counts as blocks; what is not none is always seen. */
export function spark(counts: readonly number[]): string {
  const highest = Math.max(...counts, 1)
  return counts.map((count) => levels[Math.ceil((count / highest) * 8)] ?? ' ').join('')
}

function missing({ missing }: ColumnProfile, mark: ViewOptions['mark']): string {
  const text = fit(missing.count === 0 ? '·' : share(missing.fraction), 7, 'right')
  return missing.count === 0 ? mark('dim', text) : missing.fraction >= 0.5 ? mark('yellow', text) : text
}

function targetLines({ target }: Profile, { width, mark }: ViewOptions): readonly string[] {
  if (target === undefined) return []
  const floor = target.task === 'regression' ? 0 : 0.5
  const features = target.features.slice(0, mostFeatures)
  const nameWidth = Math.min(32, Math.max(6, ...features.map(({ column }) => columnsOf(visible(column)))))
  const barWidth = Math.max(10, Math.min(40, width - nameWidth - 26))
  const lines = features.map(({ column, value, suspectedLeakage }) => {
    const length = Math.max(0, ((value - floor) / (1 - floor)) * barWidth)
    const bar = fit(length < 0.5 ? '▏' : '█'.repeat(Math.round(length)), barWidth)
    const flag = suspectedLeakage ? `  ${mark('yellow', 'leakage?')}` : ''
    return `${fit(visible(column), nameWidth)}  ${mark(suspectedLeakage ? 'yellow' : 'cyan', bar)}  ${value.toFixed(3)}${flag}`
  })
  const measure = target.task === 'regression' ? 'R²' : 'AUC'
  const title = `${mark('bold', `What tells of ${visible(target.column)}`)} ${mark('dim', `(${measure} of each column alone)`)}`
  return [title, ...lines, ...rest(target.features.length - features.length, mark)]
}

function driftLines(profile: Profile, { mark }: ViewOptions): readonly string[] {
  const { drift } = profile
  if (drift === undefined) return []
  const shown = drift.columns.slice(0, mostFeatures)
  const nameWidth = Math.min(32, Math.max(6, ...shown.map(({ name }) => columnsOf(visible(name)))))
  const number = (value: number | null | undefined) =>
    fit(value === null || value === undefined ? '' : value.toFixed(3), 11, 'right')
  const lines = shown.map((column) =>
    [
      fit(visible(column.name), nameWidth),
      number(column.normalizedWassersteinDistance),
      number(column.jensenShannonDistance),
      number(column.populationStabilityIndex),
      column.drifted ? ` ${mark('yellow', 'drifted')}` : '',
    ]
      .join(' ')
      .trimEnd(),
  )
  const heading = ['column'.padEnd(nameWidth), 'Wasserstein', '     Jensen', '        PSI'].join(' ')
  const title = `${mark('bold', `Against ${visible(drift.against.name)} ${visible(drift.against.version)}`)} ${mark('dim', `(${figure(drift.rows)} rows)`)}`
  return [title, mark('dim', heading), ...lines, ...rest(drift.columns.length - shown.length, mark)]
}

function warningLines({ warnings, drift }: Profile, { width, mark }: ViewOptions): readonly string[] {
  // The table of drift has said these.
  const told = warnings.filter(({ code }) => code !== 'drift' || drift === undefined)
  if (told.length === 0) return []
  const lines = told
    .slice(0, mostWarnings)
    .flatMap(({ severity, message }) =>
      wrap(visible(message), width - 2).map((line, i) =>
        i > 0 ? `  ${line}` : `${severity === 'warning' ? mark('yellow', '!') : mark('dim', '·')} ${line}`,
      ),
    )
  return [mark('bold', 'What stands out'), ...lines, ...rest(told.length - mostWarnings, mark)]
}

const rest = (count: number, mark: ViewOptions['mark']): readonly string[] =>
  count > 0 ? [mark('dim', `… and ${count} more (--output json, or --report)`)] : []
