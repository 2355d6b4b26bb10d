import { createHash, randomUUID } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import type { Client } from '../../client/client.ts'
import { defineCommand } from '../../define-command.ts'
import { Failure, usage } from '../../failure.ts'
import { markOutput, type Io, type Style } from '../../io.ts'
import { data as noun } from '../nouns.ts'
import { columnsOf, fit } from '../profile/text.ts'
import { versionOf } from '../verbs.ts'
import type { Mark } from './render.ts'
import type { DiffResult } from './result.ts'

interface DiffBody {
  readonly properties: {
    readonly provisioningState: string
    readonly progress?: { readonly columns: number; readonly of: number }
    readonly result?: DiffResult
    readonly error?: { readonly message: string }
  }
}

export const diff = defineCommand({
  noun: 'data',
  verb: 'diff',
  summary: 'Shows how two versions of data differ: columns, distributions, and with --key rows.',
  words: {
    placeholder: 'FROM TO',
    summary: 'NAME:VERSION, NAME@latest, or azureml://datastores/NAME/paths/PATH.',
    required: true,
  },
  flags: {
    key: {
      type: 'text',
      short: 'k',
      placeholder: 'COLUMN,…',
      summary: 'Columns by which rows are known: added, removed and changed ones are told.',
    },
    target: {
      type: 'text',
      placeholder: 'COLUMN',
      summary: 'Column to be predicted: how the others go together with it is compared.',
    },
    all: { type: 'switch', summary: 'Shows every column that changed.' },
    exitCode: { type: 'switch', summary: 'Ends with 1 if there are differences, with 0 if there are none.' },
    output: {
      type: 'text',
      short: 'o',
      placeholder: 'FORMAT',
      choices: ['diff', 'json', 'jsonc', 'yaml', 'yamlc', 'table', 'tsv', 'none'],
      summary: 'How the result is printed. Default diff, for people.',
    },
  },
  examples: [
    'twinloop data diff flights:1 flights:2',
    'twinloop data diff flights:1 flights@latest --key year,month,day,carrier,flight --exit-code',
    'twinloop data diff azureml://datastores/archive/paths/jan.csv flights:1 --output json',
  ],
  async run({ flags, words, io, client }) {
    const [from, to, ...rest] = words
    if (from === undefined || to === undefined || rest.length > 0)
      throw usage(
        'twinloop data diff needs two versions: what was, and what is',
        'twinloop data diff flights:1 flights:2',
      )
    const api = await client()
    const properties = {
      from: await referenceOf(api, from),
      to: await referenceOf(api, to),
      ...(flags.key === undefined
        ? {}
        : {
            keys: flags.key
              .split(',')
              .map((key) => key.trim())
              .filter(Boolean),
          }),
      ...(flags.target === undefined ? {} : { target: flags.target }),
    }
    const result = await compare(api, io, properties)
    const output = (flags.output as unknown as string | undefined) ?? 'diff'
    const isData = flags.query !== undefined || output !== 'diff'
    const exitCode = flags.exitCode && !result.equal ? 1 : 0
    if (isData && exitCode === 0) return output === 'table' ? result.columns : result
    await print(io, result, { all: flags.all, output, query: flags.query, isData })
    return { exitCode }
  },
})

/** `flights:1` and `flights@latest` as references, with the version that a label means now; others as they are. */
async function referenceOf(api: Client, text: string): Promise<string> {
  const short = /^(?:azureml:)?([\w.-]+)(?::([\w.-]+)|@([\w.-]+))?$/.exec(text)
  if (short !== null) {
    const [, name = '', version, label] = short
    return `azureml:${name}:${version ?? (await versionOf(api, noun, name, label ?? 'latest'))}`
  }
  if (/^(?:azureml:|\/subscriptions\/|[a-z][a-z0-9+.-]*:\/\/)/i.test(text)) return text
  throw usage(
    `${text} is no reference to data`,
    'NAME:VERSION, NAME@latest or azureml://datastores/NAME/paths/PATH; a local file has to be registered first: twinloop data create -n NAME -p FILE',
  )
}

/** Has the server compare, and waits. Versions never change, so what was compared once is there already. */
async function compare(
  api: Client,
  io: Io,
  properties: { readonly from: string; readonly to: string },
): Promise<DiffResult> {
  const lasting = [properties.from, properties.to].every((text) => /^azureml:[^/]/.test(text))
  const name = lasting
    ? createHash('sha256').update(JSON.stringify(properties)).digest('hex').slice(0, 32)
    : randomUUID()
  const path = `/providers/Twinloop/dataDiffs/${name}`
  let { properties: found } = await api.put<DiffBody>(path, { properties }, { wait: false })
  for (let pause = 50; found.provisioningState === 'Creating'; pause = Math.min(1000, pause * 2)) {
    await setTimeout(pause, undefined, { signal: io.signal }).catch(() => {
      throw new Failure('interrupted; the comparison goes on at the server', { exitCode: 130 })
    })
    found = (await api.get<DiffBody>(path)).properties
    if (found.progress !== undefined && io.colour)
      io.stderr(`\r${found.progress.columns} of ${found.progress.of} columns compared`)
  }
  if (io.colour) io.stderr('\r\u001B[K')
  if (found.result !== undefined) return found.result
  throw new Failure(found.error?.message ?? `the comparison is ${found.provisioningState}`)
}

interface Printing {
  readonly all: boolean
  readonly output: string
  readonly query: string | undefined
  readonly isData: boolean
}

async function print(io: Io, result: DiffResult, { all, output, query, isData }: Printing): Promise<void> {
  if (isData) {
    const { render } = await import('../../output/print.ts')
    io.stdout(await render(result, { query, output: output === 'diff' ? 'json' : output }))
    return
  }
  const { renderDiff } = await import('./render.ts')
  for (const { text, mark } of renderDiff(result, { all }))
    io.stdout(
      `${markOutput(io, mark === undefined || text === '' ? undefined : styles[mark], atMost(text, io.width))}\n`,
    )
}

/** A line that would break is harder to read than one that is cut. */
const atMost = (text: string, width: number) => (columnsOf(text) > width ? fit(text, width) : text)

const styles = {
  '+': 'green',
  '-': 'red',
  '~': 'yellow',
  '!': 'red',
  heading: 'bold',
  quiet: 'dim',
} as const satisfies Record<Mark, Style>
