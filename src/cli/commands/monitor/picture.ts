import type { SignalState } from '../../../monitoring/runs/run.ts'
import type { MonitorSummary } from '../../../monitoring/monitors/summaries.ts'
import { short } from '../../../monitoring/results/verdict.ts'
import { markOutput } from '../../io.ts'
import type { Io, Style } from '../../io.ts'
import type { Body } from '../../present/present.ts'
import { runOf, type RunProperties, type RunValue } from '../../present/monitor-run.ts'

/** So many values of a signal are shown that are within their thresholds; all of those beyond. */
const shownWithin = 5

/** A monitor as a person reads it: how it stands, what its latest window found, and what to type next. */
export function picture(
  io: Io,
  summary: MonitorSummary | undefined,
  run: { readonly body: Body; readonly values: readonly RunValue[] } | undefined,
  options: { readonly all: boolean },
): string {
  const head = summary === undefined ? [] : headLines(io, summary)
  if (run === undefined)
    return [
      ...head,
      '',
      dim(io, '  No window was computed yet.'),
      ...(summary === undefined ? [] : next(io, [`twinloop monitor run -n ${summary.name} --wait`])),
      '',
    ].join('\n')
  const state = runOf(run.body)
  const name = run.body.name ?? ''
  const hidden = options.all ? 0 : countHidden(state, run.values)
  return [
    ...head,
    ...(summary === undefined ? [] : ['']),
    runLine(io, name, state),
    ...(state.reason === undefined ? [] : [`  ${state.reason}`]),
    ...state.signals.flatMap((signal) => [
      '',
      ...signalLines(
        io,
        signal,
        run.values.filter((value) => value.signal === signal.name),
        options.all,
      ),
    ]),
    ...next(io, [
      ...(hidden > 0 ? [`twinloop monitor-run show -n ${name} --all`] : []),
      ...worstQuery(state, run.values),
    ]),
    '',
  ].join('\n')
}

const dim = (io: Io, text: string) => markOutput(io, 'dim', text)

function headLines(
  io: Io,
  { name, displayName, enabled, watches, nextRun, running, problem }: MonitorSummary,
) {
  const about = [
    ...(watches === undefined ? [] : [`watches ${watches}`]),
    ...(enabled ? (nextRun === undefined ? [] : [`next window ends ${minute(nextRun)}`]) : ['disabled']),
    ...(running === 0 ? [] : [`${running} being computed`]),
  ]
  return [
    `${markOutput(io, 'bold', name)}${displayName === undefined ? '' : `  ${displayName}`}`,
    ...(about.length === 0 ? [] : [dim(io, about.join(' · '))]),
    ...(problem === undefined ? [] : [markOutput(io, 'red', `could not run: ${problem}`)]),
  ]
}

function runLine(io: Io, name: string, { at, state, breached, startedAt, endedAt }: RunProperties): string {
  const verdict = state === 'Completed' ? (breached ? 'breached' : 'completed') : state.toLowerCase()
  const time =
    startedAt === undefined || endedAt === undefined
      ? ''
      : `, took ${((Date.parse(endedAt) - Date.parse(startedAt)) / 1000).toFixed(1)} s`
  return `${mark(io, breached ? 'breached' : state)} ${markOutput(io, 'bold', `window to ${minute(at)}`)}  ${verdict}  ${dim(io, `${name}${time}`)}`
}

function signalLines(
  io: Io,
  signal: SignalState,
  values: readonly RunValue[],
  all: boolean,
): readonly string[] {
  const { name, kind, outcome, reason, doing, judged = 0, breached = 0, alertEnabled } = signal
  const said =
    outcome === 'computed'
      ? judged === 0
        ? `${values.length} ${values.length === 1 ? 'value' : 'values'}, none judged`
        : `${breached} of ${judged} beyond`
      : outcome === 'running'
        ? (doing ?? 'being computed')
        : outcome === 'waiting'
          ? 'waits'
          : `${outcome === 'no_data' ? 'no data' : 'could not look'}: ${reason ?? ''}`
  const quiet = alertEnabled ? '' : dim(io, '  (nobody is told)')
  const head = `  ${mark(io, breached > 0 ? 'breached' : outcome)} ${markOutput(io, 'bold', name)}  ${dim(io, kind)}  ${said}${quiet}`
  const beyond = values.filter((value) => value.breached === true)
  const others = values.filter((value) => value.breached !== true)
  const shown = [...beyond, ...(all ? others : others.slice(0, Math.max(0, shownWithin - beyond.length)))]
  return [
    head,
    ...(looked(signal) === '' ? [] : [dim(io, `      ${looked(signal)}`)]),
    ...valueLines(io, shown),
    ...(signal.notes ?? []).slice(0, all ? undefined : 2).map((note) => dim(io, `      ${note}`)),
  ]
}

/** Rows that were looked at, and what they were held against. */
function looked({ production, reference, provisional = 0 }: SignalState): string {
  if (production === undefined) return ''
  const { rows, from, to, labelled } = production
  return [
    `${rows.toLocaleString('en-US')} rows`,
    ...(from === undefined || to === undefined ? [] : [`${day(from)} to ${day(to)}`]),
    ...(labelled === undefined ? [] : [`${labelled.toLocaleString('en-US')} with labels`]),
    ...(reference === undefined ? [] : [`against ${reference.rows.toLocaleString('en-US')} rows`]),
    ...(provisional === 0 ? [] : ['labels are still to come']),
  ].join(' · ')
}

/** A table of values: what, how much, what it may be. */
function valueLines(io: Io, values: readonly RunValue[]): readonly string[] {
  const rows = values.map((value) => ({
    sign: value.breached === true ? mark(io, 'breached') : value.breached === false ? mark(io, 'ok') : ' ',
    what: [value.feature ?? '', ...Object.entries(value.segment ?? {}).map(([key, of]) => `${key}=${of}`)]
      .filter((part) => part !== '')
      .join(' '),
    metric: value.metric,
    value: value.value === null ? 'no value' : short(value.value),
    limit: limitOf(value),
    note: value.value === null ? (value.note ?? '') : value.provisional === true ? 'provisional' : '',
    breached: value.breached === true,
  }))
  const width = (of: 'what' | 'metric' | 'value' | 'limit') =>
    Math.max(0, ...rows.map((row) => row[of].length))
  const [what, metric, value, limit] = [width('what'), width('metric'), width('value'), width('limit')]
  return rows.map((row) => {
    const number = row.value.padStart(value)
    return `      ${row.sign} ${what === 0 ? '' : `${row.what.padEnd(what)}  `}${row.metric.padEnd(metric)}  ${row.breached ? markOutput(io, 'red', number) : number}  ${dim(io, row.limit.padEnd(limit))}  ${dim(io, row.note)}`.trimEnd()
  })
}

function limitOf({ threshold }: RunValue): string {
  if (threshold === undefined) return ''
  const { lower, upper, from } = threshold
  const limits =
    lower !== undefined && upper !== undefined
      ? `${short(lower)} to ${short(upper)}`
      : upper !== undefined
        ? `≤ ${short(upper)}`
        : lower !== undefined
          ? `≥ ${short(lower)}`
          : ''
  return from === 'reference' && limits !== '' ? `${limits} (of the reference)` : limits
}

const countHidden = ({ signals }: RunProperties, values: readonly RunValue[]): number =>
  signals.reduce((sum, { name, breached = 0 }) => {
    const own = values.filter(({ signal }) => signal === name).length
    return sum + Math.max(0, own - Math.max(breached, shownWithin))
  }, 0)

/** How the worst value came to be, window by window. */
function worstQuery({ monitor }: RunProperties, values: readonly RunValue[]): readonly string[] {
  const worst = values.find(({ breached }) => breached === true)
  if (worst === undefined) return []
  const feature = worst.feature === undefined ? '' : ` --feature ${quoted(worst.feature)}`
  return [
    `twinloop monitor values -n ${monitor} --signal ${quoted(worst.signal)} --metric ${worst.metric}${feature}`,
  ]
}

const quoted = (text: string) => (/^[\w.:-]+$/.test(text) ? text : `"${text}"`)

const next = (io: Io, lines: readonly string[]): readonly string[] =>
  lines.length === 0 ? [] : ['', ...lines.map((line) => dim(io, `  ${line}`))]

const signs: Readonly<Record<string, readonly [string, Style]>> = {
  ok: ['✓', 'green'],
  computed: ['✓', 'green'],
  Completed: ['✓', 'green'],
  breached: ['✗', 'red'],
  error: ['!', 'red'],
  Failed: ['!', 'red'],
  no_data: ['?', 'yellow'],
  running: ['●', 'cyan'],
  Running: ['●', 'cyan'],
}

export const mark = (io: Io, state: string): string => {
  const [sign, style] = signs[state] ?? ['○', 'dim']
  return markOutput(io, style, sign)
}

export const minute = (iso: string) => `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`

/** A day where it begins one, otherwise to the minute. */
const day = (iso: string) =>
  iso.slice(11, 16) === '00:00' ? iso.slice(0, 10) : `${iso.slice(0, 10)} ${iso.slice(11, 16)}`
