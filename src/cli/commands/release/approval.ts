import { randomBytes } from 'node:crypto'
import type { Client } from '../../client/client.ts'
import { defineCommand } from '../../define-command.ts'
import type { Command } from '../../define-command.ts'
import { usage } from '../../failure.ts'
import type { Io } from '../../io.ts'
import type { Body } from '../../present/present.ts'
import { encode } from '../verbs.ts'
import { releasePath, releaseWords } from './target.ts'

const commentFlag = {
  type: 'text',
  short: 'm',
  placeholder: 'TEXT',
  summary: 'Why, for the record.',
} as const

/** What the server answers to a decision. */
interface Decided {
  readonly release: string
  readonly state: string
  readonly missing: number
  readonly happened: string
}

const judge = (verb: 'approve' | 'refuse', summary: string, example: string) =>
  defineCommand({
    noun: 'release',
    verb,
    summary,
    flags: {
      comment: commentFlag,
      onBehalfOf: {
        type: 'text',
        placeholder: 'ISSUER:NAME',
        summary: 'In CI: whom its environment has asked, e.g. github:octocat. The plan has to let CI decide.',
      },
      run: { type: 'text', placeholder: 'URL', summary: 'In CI: the run in which they were asked.' },
    },
    words: releaseWords,
    examples: [
      `twinloop release ${verb} flight-delay/14 --comment "${example}"`,
      `twinloop release ${verb} flight-delay/14 --comment "${example}" --on-behalf-of github:octocat --run "$RUN_URL"`,
    ],
    async run({ flags, words, io, client }) {
      const { comment, onBehalfOf, run } = flags
      return decide(await client(), io, flags, words, verb, { comment, onBehalfOf, run, via: 'cli' })
    },
  })

const review = defineCommand({
  noun: 'release',
  verb: 'review',
  summary: 'In a CI job: takes over what the reviewers of its environment have decided.',
  flags: {
    environment: {
      type: 'text',
      placeholder: 'NAME',
      summary: 'The environment (GitHub) or the stage (Azure Pipelines). Default: the one that was reviewed.',
    },
  },
  words: releaseWords,
  examples: [
    'twinloop release review flight-delay',
    'twinloop release review flight-delay/14 --environment production',
  ],
  async run({ flags, words, io, client }) {
    const { systemHere } = await import('./ci/systems.ts')
    const system = systemHere(io.env)
    const api = await client()
    const { person, verdict, comment, run } = await system.review(io.env, flags.environment, io.signal)
    const said = comment ?? (verdict === 'refuse' ? `refused in ${system.name}` : undefined)
    return decide(api, io, flags, words, verdict, { comment: said, onBehalfOf: person, run })
  },
})

/** Sends a decision, and says in one line what became of it. */
async function decide(
  api: Client,
  io: Io,
  flags: { readonly output: string | undefined; readonly query: string | undefined },
  words: readonly string[],
  verdict: 'approve' | 'refuse',
  body: object,
): Promise<Decided | undefined> {
  const path = `${await releasePath(api, words)}/${verdict}`
  const decided = await api.post<Decided>(path, body, { wait: false })
  if (flags.output !== undefined || flags.query !== undefined) return decided
  io.stderr(`${labelOf(decided.release)}: ${decided.happened}\n`)
  return undefined
}

const labelOf = (id: string): string => {
  const segments = id.split('/')
  return `${segments.at(-3)}/${segments.at(-1)}`
}

interface DelegationBody extends Body {
  readonly properties: {
    readonly fromName: string
    readonly toName: string
    readonly since: string
    readonly until: string
    readonly reason: string
    readonly inForce: boolean
  }
}

const delegations = '/providers/Twinloop/approvalDelegations'

const present = ({ name, properties }: DelegationBody) => ({
  name,
  from: properties.fromName,
  to: properties.toName,
  since: properties.since,
  until: properties.until,
  reason: properties.reason,
  in_force: properties.inForce,
})

const table = { Name: 'name', From: 'from', To: 'to', Until: 'until', InForce: 'in_force', Reason: 'reason' }

const delegate = defineCommand({
  noun: 'release',
  verb: 'delegate',
  summary: 'Lets somebody approve and refuse in your place for a time, in a workspace.',
  flags: {
    to: { type: 'text', placeholder: 'PERSON', required: true, summary: 'Name or address of who stands in.' },
    until: {
      type: 'text',
      placeholder: 'WHEN',
      required: true,
      summary: 'For how long (7d), or the last day (2026-12-01). At most 90 days.',
    },
    reason: { type: 'text', placeholder: 'TEXT', required: true, summary: 'Why, for the record.' },
  },
  table,
  examples: [
    'twinloop release delegate --to ben --until 14d --reason "on holiday"',
    'twinloop release delegate --to ben@example.org --until 2026-12-24 --reason "parental leave" -w prod',
  ],
  async run({ flags, client }) {
    const until = await endOf(flags.until)
    const api = await client()
    const name = `to-${flags.to.replaceAll(/[^\w]+/g, '-')}-${randomBytes(4).toString('hex')}`
    const properties = { to: flags.to, until, reason: flags.reason }
    return present(await api.put<DelegationBody>(`${delegations}/${encode(name)}`, { properties }))
  },
})

/** A duration from now, the end of a day (UTC), or a time as it is. */
async function endOf(until: string): Promise<string> {
  if (/^\d{4}-\d{2}-\d{2}$/.test(until) && !Number.isNaN(Date.parse(until)))
    return new Date(Date.parse(until) + 86_400_000).toISOString()
  const { duration } = await import('../../../kernel/grammar/values.ts')
  const ms = duration({ path: [], mistakes: [] }, until)
  if (ms !== undefined) return new Date(Date.now() + ms).toISOString()
  const date = new Date(until)
  if (Number.isNaN(date.getTime()))
    throw usage(`--until ${until} is neither a time nor how long`, 'such as 7d or 2026-12-01')
  return date.toISOString()
}

const list = defineCommand({
  noun: 'release',
  verb: 'delegations',
  summary: 'Lists who stands in for whom in a workspace.',
  flags: {},
  table,
  examples: ['twinloop release delegations -o table'],
  async run({ client }) {
    const api = await client()
    return (await api.list<DelegationBody>(delegations)).map(present)
  },
})

const undelegate = defineCommand({
  noun: 'release',
  verb: 'undelegate',
  summary: 'Withdraws a delegation; what was decided by it and is still open does not count any more.',
  flags: { name: { type: 'text', short: 'n', placeholder: 'NAME', required: true, summary: 'Its name.' } },
  examples: ['twinloop release undelegate -n to-ben-1a2b3c4d'],
  async run({ flags, client }) {
    const api = await client()
    await api.remove(`${delegations}/${encode(flags.name)}`)
    return undefined
  },
})

/** What people do about approvals. */
export const approval: readonly Command[] = [
  judge('approve', 'Approves the stage that a release waits in.', 'gains on EWR are worth the ORD dip'),
  judge('refuse', 'Refuses it, with a reason: the release ends.', 'ORD got worse'),
  review,
  delegate,
  list,
  undelegate,
]
