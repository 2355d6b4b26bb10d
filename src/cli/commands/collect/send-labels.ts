import { defineCommand } from '../../define-command.ts'
import { usage } from '../../failure.ts'
import { dataForms, dataReference } from '../../references/data-argument.ts'
import { encode, nameFlag } from '../verbs.ts'

export const sendLabels = defineCommand({
  noun: 'online-endpoint',
  verb: 'send-labels',
  summary:
    'Says what turned out to be true about requests, by their x-request-id: late, again, in any order.',
  flags: {
    name: { ...nameFlag, aliases: ['endpoint-name', 'e'] },
    file: {
      type: 'text',
      short: 'f',
      aliases: ['data'],
      placeholder: 'PATH',
      summary: `A table of labels: a local file (uploaded), or ${dataForms}.`,
    },
    correlationColumn: {
      type: 'text',
      placeholder: 'NAME',
      summary: 'Its column with the ids of requests. Default correlationid.',
    },
    rowColumn: {
      type: 'text',
      placeholder: 'NAME',
      summary: 'Its column with the number of the row in the request. Default: the first row of each.',
    },
    columns: { type: 'words', placeholder: 'NAME', summary: 'Columns with the truth. Default: all others.' },
    correlationId: { type: 'text', placeholder: 'ID', summary: 'Instead of a file: the id of one request.' },
    values: {
      type: 'words',
      placeholder: 'COLUMN=VALUE',
      summary: 'With --correlation-id: the truth about it, e.g. late=true.',
    },
  },
  examples: [
    'twinloop online-endpoint send-labels -n taxi-fare -f labels.csv --correlation-column request_id --columns fare',
    'twinloop online-endpoint send-labels -n taxi-fare --correlation-id 5a0c --values fare=12.5',
  ],
  async run({ flags, io, client }) {
    const { file, correlationId, values } = flags
    if ((file === undefined) === (correlationId === undefined))
      throw usage('which labels?', '--file PATH, or --correlation-id ID --values COLUMN=VALUE')
    const api = await client()
    const body =
      file === undefined
        ? { labels: [{ correlationId, values: Object.fromEntries(values.map(valueOf)) }] }
        : {
            data: {
              reference: await dataReference(api, io, file),
              ...(flags.correlationColumn === undefined
                ? {}
                : { correlationColumn: flags.correlationColumn }),
              ...(flags.rowColumn === undefined ? {} : { rowColumn: flags.rowColumn }),
              ...(flags.columns.length === 0 ? {} : { columns: flags.columns }),
            },
          }
    return api.post(`/onlineEndpoints/${encode(flags.name)}/labels`, body)
  },
})

/** `late=true` as a column and its value: true, false and numbers are not text. */
function valueOf(text: string): readonly [string, unknown] {
  const cut = text.indexOf('=')
  if (cut < 1) throw usage(`--values ${text}: use --values column=value`)
  const [name, value] = [text.slice(0, cut), text.slice(cut + 1)]
  if (/^(?:true|false|null|-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)$/i.test(value))
    return [name, JSON.parse(value.toLowerCase())]
  return [name, value]
}
