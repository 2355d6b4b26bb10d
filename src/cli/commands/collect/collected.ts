import type { DataAnswer } from '../../../data/exploration/answer.ts'
import { defineCommand } from '../../define-command.ts'
import { usage } from '../../failure.ts'
import { outputFlag, showRows } from '../data-rows/show-rows.ts'
import { encode, nameFlag } from '../verbs.ts'

export const collected = defineCommand({
  noun: 'online-deployment',
  verb: 'collected',
  summary:
    'Shows what the data collector has kept: inputs, predictions and labels side by side, newest first.',
  flags: {
    name: nameFlag,
    endpointName: {
      type: 'text',
      short: 'e',
      aliases: ['endpoint'],
      placeholder: 'NAME',
      required: true,
      summary: 'Its endpoint.',
    },
    since: {
      type: 'text',
      placeholder: 'TIME',
      summary: 'Requests from this time on, ISO 8601. Default: a day ago.',
    },
    until: { type: 'text', placeholder: 'TIME', summary: 'Requests before this time. Default: now.' },
    rows: { type: 'integer', placeholder: 'N', summary: 'How many rows. Default 20.' },
    output: outputFlag,
  },
  examples: [
    'twinloop online-deployment collected -n blue -e taxi-fare',
    'twinloop online-deployment collected -n blue -e taxi-fare --since 2026-01-01 --rows 10000 -o csv',
  ],
  async run({ flags, io, client }) {
    const path = `/onlineEndpoints/${encode(flags.endpointName)}/deployments/${encode(flags.name)}`
    const answer = await (
      await client()
    ).post<DataAnswer & { views: readonly string[] }>(`${path}/collected`, {
      limit: flags.rows ?? 20,
      ...moment('from', flags.since),
      ...moment('to', flags.until),
    })
    if (answer.columns.length === 0) {
      io.stderr(
        'nothing was collected in this time; a deployment collects what its data_collector says, some seconds after the requests\n',
      )
      return undefined
    }
    return showRows({ ...answer, notes: [], tables: {} }, io, flags)
  },
})

function moment(name: string, text: string | undefined): Readonly<Record<string, string>> {
  if (text === undefined) return {}
  const time = new Date(text)
  if (Number.isNaN(time.getTime())) throw usage(`${text} is no time`, '2026-01-31 or 2026-01-31T09:00:00Z')
  return { [name]: time.toISOString() }
}
