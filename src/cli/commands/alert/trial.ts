import { usage } from '../../failure.ts'
import type { Client, Json } from '../../client/client.ts'
import { markOutput } from '../../io.ts'
import type { Io } from '../../io.ts'
import type { Source } from '../../yaml/source.ts'
import { columns, labelsOf, lasted, moment, stateOf } from './marks.ts'

/** What the server answers to the trial of a rule. Times are ISO. */
export interface Trial {
  readonly rule: string
  readonly subject: string
  readonly limit: string
  readonly every: string
  readonly from: string
  readonly to: string
  readonly looks: number
  readonly withoutData: number
  /** The first look at which something was measured. */
  readonly dataSince?: string
  readonly error?: string
  readonly warnings: readonly string[]
  readonly notes: readonly string[]
  readonly firings: readonly {
    readonly labels: Readonly<Record<string, string>>
    readonly from: string
    readonly to: string | null
    readonly summary: string
  }[]
  readonly now: {
    readonly state: 'no_data' | 'true' | 'false'
    readonly values: readonly { readonly labels: Readonly<Record<string, string>>; readonly shown: string }[]
  }
  readonly actions: readonly { readonly kind: string; readonly would?: string; readonly problem?: string }[]
}

/** The rule that is meant: the one in a file, or the one that is kept, whose properties the server has. */
export async function ruleToTest(
  client: () => Promise<Client>,
  io: Io,
  flags: {
    readonly file?: string | undefined
    readonly name?: string | undefined
    readonly set: readonly string[]
  },
): Promise<{ readonly name: string; readonly properties?: unknown; readonly source?: Source }> {
  if (flags.file === undefined) {
    if (flags.name === undefined) throw usage('which rule is to be tested?', '--file FILE or --name NAME')
    if (flags.set.length > 0) throw usage('--set changes what a file says', '--file FILE')
    return { name: flags.name }
  }
  const [{ readAsset }, { alertBody }, { ruleActions }] = await Promise.all([
    import('../../submit/asset.ts'),
    import('../../bodies/alert.ts'),
    import('../../submit/rule-actions.ts'),
  ])
  const { value, source, folder } = await readAsset(client, io, flags, 'alertRule')
  const actions = await ruleActions(client, io, value.actions, folder)
  const { properties } = alertBody({ ...value, actions }) as { readonly properties: Json }
  return { name: value.name ?? 'draft', properties, source }
}

const shownFirings = 10

/** A trial as a person reads it: how often it would have fired and when, what it is now, and what would be done. */
export function trialPicture(io: Io, trial: Trial): string {
  const { rule, subject, limit, every, firings, looks, now } = trial
  const days = (Date.parse(trial.to) - Date.parse(trial.from)) / 86_400_000
  const span = days >= 2 ? `${Math.round(days)} days` : `${Math.round(days * 24)} hours`
  const times = firings.length === 1 ? 'once' : `${firings.length} times`
  const verdict = firings.length === 0 ? 'would not have fired' : `would have fired ${times}`
  const first = firings[0] === undefined ? '' : `, first ${moment(firings[0].from)}`
  return [
    `${markOutput(io, 'bold', rule)} ${markOutput(io, firings.length === 0 ? 'green' : 'red', verdict)} in ${span} (${looks} looks)${first}`,
    markOutput(io, 'dim', `fires when ${subject} ${limit}, looked at every ${every}`),
    ...sparse(io, trial),
    ...(trial.error === undefined ? [] : [markOutput(io, 'red', `it cannot be looked at: ${trial.error}`)]),
    ...[...trial.warnings, ...trial.notes].map((note) => markOutput(io, 'yellow', note)),
    ...columns(
      firings
        .slice(-shownFirings)
        .map(({ labels, from, to, summary }) => [
          `  ${moment(from)}`,
          to === null ? 'and still' : `for ${lasted(from, to)}`,
          labelsOf(labels),
          summary,
        ]),
    ),
    ...(firings.length > shownFirings
      ? [markOutput(io, 'dim', `  the last ${shownFirings} of ${firings.length}`)]
      : []),
    '',
    nowLine(io, now),
    ...columns(now.values.slice(0, 10).map(({ labels, shown }) => ['  ', labelsOf(labels), shown])),
    ...(trial.actions.length === 0 ? [] : ['', 'when it fires:']),
    ...trial.actions.map(({ kind, would, problem }) =>
      problem === undefined
        ? `  ${stateOf(io, 'inactive', 0).split(' ')[0]} ${kind}: ${would ?? ''}`
        : `  ${markOutput(io, 'red', '✗')} ${kind}: ${problem}`,
    ),
    '',
  ].join('\n')
}

/** How much of the past there is to say anything of. */
function sparse(io: Io, { looks, withoutData, dataSince, from }: Trial): readonly string[] {
  if (withoutData === 0) return []
  const days = dataSince === undefined ? 0 : (Date.parse(dataSince) - Date.parse(from)) / 86_400_000
  const since = days > 0.5 ? `, the first measurement is of ${moment(dataSince ?? '')}` : ''
  return [markOutput(io, 'yellow', `nothing was measured at ${withoutData} of ${looks} looks${since}`)]
}

const nowLine = (io: Io, { state }: Trial['now']): string =>
  state === 'no_data'
    ? markOutput(io, 'yellow', 'now: nothing is measured that it could be about')
    : state === 'true'
      ? markOutput(io, 'red', 'now: it is true')
      : 'now: it is not true'
