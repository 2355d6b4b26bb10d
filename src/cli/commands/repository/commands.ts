import { defineCommand } from '../../define-command.ts'
import type { Command } from '../../define-command.ts'
import type { Json } from '../../client/client.ts'
import { presentDelivery, presentReport } from '../../present/repository.ts'
import type { Body } from '../../present/present.ts'
import { repository as noun } from '../nouns.ts'
import { nameOf } from '../targets.ts'
import {
  deleteCommand,
  encode,
  fileFlag,
  listCommand,
  nameFlag,
  optionalName,
  setFlag,
  showCommand,
} from '../verbs.ts'

const create = defineCommand({
  noun: 'repository',
  verb: 'create',
  summary: 'Has a workspace hear from a Git repository and tell it; prints the address of the webhook.',
  flags: { file: { ...fileFlag, required: true }, name: optionalName, set: setFlag },
  table: noun.table,
  examples: [
    'twinloop repository create -f repository.yml --set secret=$WEBHOOK_SECRET',
    'twinloop repository create -f repository.yml --query webhook_url -o tsv',
  ],
  async run({ flags, io, client }) {
    const { readAsset } = await import('../../submit/asset.ts')
    const { repositoryBody } = await import('../../bodies/repository.ts')
    const { value } = await readAsset(client, io, flags, 'repository')
    const path = `/${noun.type}/${encode(nameOf(value.name, noun))}`
    return noun.present(await (await client()).put<Body>(path, repositoryBody(value)))
  },
})

/** Lists what belongs to a repository. */
const below = (options: {
  readonly verb: string
  readonly type: string
  readonly summary: string
  readonly table: Readonly<Record<string, string>>
  readonly states: readonly string[]
  present(body: Body): Json
}) =>
  defineCommand({
    noun: 'repository',
    verb: options.verb,
    summary: options.summary,
    flags: {
      name: nameFlag,
      state: { type: 'text', choices: options.states, summary: 'Only those in this state.' },
      maxResults: { type: 'integer', short: 'r', placeholder: 'N', summary: 'At most so many. Default 50.' },
    },
    table: options.table,
    examples: [
      `twinloop repository ${options.verb} -n ${noun.example} -o table`,
      `twinloop repository ${options.verb} -n ${noun.example} --state failed`,
    ],
    async run({ flags: { name, state, maxResults = 50 }, client }) {
      const api = await client()
      const path = `/${noun.type}/${encode(name)}`
      // Its own 404 names the nearest; a list below nothing is empty.
      await api.get(path)
      const bodies = await api.list<Body>(`${path}/${options.type}`, { state }, maxResults)
      return bodies.map((body) => options.present(body))
    },
  })

const deliveries = below({
  verb: 'deliveries',
  type: 'deliveries',
  summary: 'Lists the calls of its webhook, newest first, with what each started.',
  states: ['pending', 'done', 'failed', 'ignored'],
  table: {
    Received: 'received',
    Event: 'events[0].kind',
    Of: 'events[0].tag || events[0].branch',
    State: 'state',
    Started: 'started[0].id',
    Why: 'reason || started[?error].error | [0]',
  },
  present: presentDelivery,
})

const reports = below({
  verb: 'reports',
  type: 'reports',
  summary: 'Lists what its host is told of jobs and releases, newest first, and whether it took that.',
  states: ['pending', 'sent', 'failed'],
  table: {
    Name: 'name',
    Kind: 'kind',
    Says: 'status.description || comment.body',
    State: 'state',
    Attempts: 'attempts',
    Error: 'last_error',
  },
  present: presentReport,
})

export const commands: readonly Command[] = [
  create,
  showCommand(noun),
  listCommand(noun),
  deliveries,
  reports,
  deleteCommand(noun),
]
