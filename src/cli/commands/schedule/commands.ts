import { defineCommand } from '../../define-command.ts'
import type { Command } from '../../define-command.ts'
import type { Body } from '../../present/present.ts'
import { moment, nameOf } from '../targets.ts'
import { schedule as noun } from '../nouns.ts'
import {
  deleteCommand,
  encode,
  fileFlag,
  nameFlag,
  noWaitFlag,
  optionalName,
  setFlag,
  showCommand,
} from '../verbs.ts'

const flags = {
  file: { ...fileFlag, required: true },
  name: optionalName,
  set: setFlag,
  noWait: noWaitFlag,
} as const

/** `create` and `update -f` are one: what is there is replaced. */
const write = (verb: 'create' | 'update') =>
  defineCommand({
    noun: 'schedule',
    verb,
    summary:
      verb === 'create'
        ? 'Makes jobs, imports data or monitors a model again and again.'
        : 'Replaces a schedule by what a file says.',
    flags,
    table: noun.table,
    examples: [
      `twinloop schedule ${verb} -f nightly.yml`,
      `twinloop schedule ${verb} -f monitor.yml`,
      ...(verb === 'create' ? ['twinloop schedule create -f nightly.yml --set trigger.interval=2'] : []),
    ],
    async run({ flags: given, io, client }) {
      const { readAsset } = await import('../../submit/asset.ts')
      const { scheduleAction } = await import('../../submit/schedule.ts')
      const { scheduleBody } = await import('../../bodies/schedule.ts')
      const { value, folder, source } = await readAsset(client, io, given, 'schedule')
      const path = `/schedules/${encode(nameOf(value.name, noun))}`
      const action = await scheduleAction(client, io, value, folder)
      const api = await client()
      const before = verb === 'update' ? await api.get<Body>(path) : undefined
      const isEnabled = before?.properties?.['isEnabled'] !== false
      try {
        return noun.present(
          await api.put<Body>(path, scheduleBody(value, action, isEnabled), { wait: !given.noWait }),
        )
      } catch (error) {
        const { throwAtPlaces } = await import('../../submit/monitor-places.ts')
        return throwAtPlaces(error, source, io)
      }
    },
  })

const list = defineCommand({
  noun: 'schedule',
  verb: 'list',
  summary: 'Lists schedules that are enabled.',
  flags: {
    includeDisabled: { type: 'switch', summary: 'Disabled ones too.' },
    disabledOnly: { type: 'switch', summary: 'Only disabled ones.' },
    maxResults: { type: 'integer', short: 'r', placeholder: 'N', summary: 'At most so many.' },
  },
  table: noun.table,
  examples: [
    'twinloop schedule list -o table',
    'twinloop schedule list --include-disabled --query "[].name" -o tsv',
  ],
  async run({ flags: { includeDisabled, disabledOnly, maxResults }, client }) {
    const listViewType = disabledOnly ? 'DisabledOnly' : includeDisabled ? 'All' : 'EnabledOnly'
    const bodies = await (await client()).list<Body>('/schedules', { listViewType }, maxResults)
    return bodies.map((body) => noun.present(body))
  },
})

const turn = (verb: 'enable' | 'disable') =>
  defineCommand({
    noun: 'schedule',
    verb,
    summary:
      verb === 'enable'
        ? 'Lets it run again, from the next time that is due.'
        : 'Lets it make nothing until it is enabled.',
    flags: { name: nameFlag, noWait: noWaitFlag },
    examples: [`twinloop schedule ${verb} -n ${noun.example}`],
    async run({ flags: { name, noWait }, client }) {
      const api = await client()
      const path = `/schedules/${encode(name)}`
      const body = await api.get<Body>(path)
      const properties = { ...body.properties, isEnabled: verb === 'enable' }
      return noun.present(await api.put<Body>(path, { ...body, properties }, { wait: !noWait }))
    },
  })

const trigger = defineCommand({
  noun: 'schedule',
  verb: 'trigger',
  summary: 'Makes now what it makes, beside the times at which it is due.',
  flags: {
    name: nameFlag,
    scheduleTime: {
      type: 'text',
      placeholder: 'TIME',
      summary: 'As if it were due then: the window of a monitor ends there. Default: now.',
    },
  },
  examples: [
    `twinloop schedule trigger -n ${noun.example} --query job_name -o tsv`,
    'twinloop schedule trigger -n flight-drift --schedule-time 2013-05-01',
  ],
  async run({ flags: { name, scheduleTime: given }, client }) {
    const scheduleTime = given === undefined ? new Date().toISOString() : moment(given, '--schedule-time')
    const made = await (
      await client()
    ).post<{ submissionId: string; scheduleActionType: string }>(`/schedules/${encode(name)}/trigger`, {
      scheduleTime,
    })
    return { job_name: made.submissionId, schedule_action_type: made.scheduleActionType }
  },
})

const backfill = defineCommand({
  noun: 'schedule',
  verb: 'backfill',
  summary: 'Makes what it would have made at each of its times in the past, had it been there.',
  flags: {
    name: nameFlag,
    from: { type: 'text', placeholder: 'TIME', required: true, summary: 'Times from then on, included.' },
    to: { type: 'text', placeholder: 'TIME', required: true, summary: 'Times until then, included.' },
  },
  table: { Time: 'time', Made: 'name' },
  examples: [`twinloop schedule backfill -n ${noun.example} --from 2026-01-01 --to 2026-03-31 -o table`],
  async run({ flags: { name, from, to }, client }) {
    const { times, made } = await (
      await client()
    ).post<{ readonly times: readonly string[]; readonly made: readonly string[] }>(
      `/schedules/${encode(name)}/backfill`,
      { from: moment(from, '--from'), to: moment(to, '--to') },
    )
    return times.map((time, i) => ({ time, name: made[i] }))
  },
})

export const commands: readonly Command[] = [
  write('create'),
  write('update'),
  showCommand(noun),
  list,
  turn('enable'),
  turn('disable'),
  trigger,
  backfill,
  deleteCommand(noun),
]
