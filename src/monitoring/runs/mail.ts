import { post } from '../../admin/notices/post.ts'
import type { Message } from '../../admin/notices/message.ts'
import type { Platform } from '../../kernel/platform.ts'
import { scopeId } from '../../kernel/resources/arm-id.ts'
import { monitorOf } from '../monitors/read/read.ts'
import { valuesOfRun } from '../results/of-run.ts'
import { inWords, isBeyond } from '../results/verdict.ts'
import type { MonitorRun, SignalState } from './run.ts'

/** So many values are told in a mail; the rest is counted. */
const toldValues = 20

/** Mails whoever the monitor names of what its run found beyond thresholds. The same findings are told once. */
export async function mailOfBreach(platform: Platform, run: MonitorRun): Promise<void> {
  if (!run.status.breached) return
  const { monitor: name, definition, periodMs, at } = run.properties
  const { emails } = monitorOf(definition, { name, periodMs, at: new Date(at) })
  if (emails.length === 0) return
  const workspaceId = scopeId(run.id) ?? ''
  const message = await messageOf(platform, run)
  for (const mail of emails) await post(platform, workspaceId, { mail }, message)
}

async function messageOf(platform: Platform, run: MonitorRun): Promise<Message> {
  const { monitor, at } = run.properties
  const told = run.status.signals.filter(({ alertEnabled, breached = 0 }) => alertEnabled && breached > 0)
  const values = (await valuesOfRun(platform, run)).filter(
    (value) => isBeyond(value) && told.some(({ name }) => name === value.signal),
  )
  const lines = values.slice(0, toldValues).map((value) => `  ${value.signal}: ${inWords(value)}`)
  const more = values.length > toldValues ? [`  and ${values.length - toldValues} more`] : []
  const window = told.map((signal) => `  ${windowOf(signal)}`)
  const text = [
    `Monitor ${monitor} found values beyond their thresholds in the window that ends ${dateOf(at)}.`,
    '',
    ...lines,
    ...more,
    '',
    'What was looked at:',
    ...window,
    '',
    `Look at it: twinloop monitor show -n ${monitor}`,
    `All values: twinloop monitor-run show -n ${run.name} --all`,
  ].join('\n')
  const names = told.map(({ name }) => name)
  return {
    name: `breach/${names.toSorted().join(',')}`,
    about: run.id,
    type: 'Twinloop.MonitorRunCompleted',
    title: `${monitor}: ${names.join(', ')} beyond ${names.length === 1 ? 'its threshold' : 'thresholds'}`,
    text,
    facts: [
      { name: 'Monitor', value: monitor },
      { name: 'Window', value: dateOf(at) },
      ...told.map(({ name, worst = '' }) => ({ name, value: worst })),
    ],
    links: [],
    data: { monitor, run: run.name, at, breached: names },
  }
}

const windowOf = ({ name, production, judged = 0, breached = 0 }: SignalState): string =>
  [
    `${name}: ${breached} of ${judged} values beyond`,
    ...(production === undefined ? [] : [`${production.rows} rows`]),
    ...(production?.from === undefined || production.to === undefined
      ? []
      : [`${dateOf(production.from)} to ${dateOf(production.to)}`]),
  ].join(', ')

const dateOf = (at: string): string => `${at.slice(0, 16).replace('T', ' ')} UTC`
