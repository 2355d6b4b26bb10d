import type { Client } from '../../client/client.ts'
import { defineCommand } from '../../define-command.ts'
import type { Command } from '../../define-command.ts'
import { usage } from '../../failure.ts'
import type { Io } from '../../io.ts'
import { planPath, releasePath, releaseWords } from './target.ts'

const reasonFlag = { type: 'text', placeholder: 'TEXT', summary: 'Why, for the timeline.' } as const
/** Sends a decision, and says in one line what became of it. */
async function decide(
  client: Client,
  io: Io,
  words: readonly string[],
  action: string,
  body: object,
): Promise<undefined> {
  const path = await releasePath(client, words)
  await client.post(`${path}/${action}`, body, { wait: false })
  const [plan, number] = path.split('/').filter((_, i, all) => i === all.length - 3 || i === all.length - 1)
  io.stderr(`${plan}/${number}: ${done[action] ?? action}\n`)
  return undefined
}

const done: Readonly<Record<string, string>> = {
  cancel: 'is being cancelled',
  retry: 'is tried again',
  waive: 'waived',
  pause: 'pauses',
  resume: 'goes on',
  promote: 'gets all traffic',
  abort: 'is being aborted; the champion gets all traffic',
}

const steer = (verb: 'cancel' | 'pause' | 'resume' | 'promote' | 'abort', summary: string) =>
  defineCommand({
    noun: 'release',
    verb,
    summary,
    flags: { reason: reasonFlag },
    words: releaseWords,
    examples: [`twinloop release ${verb} flight-delay/14`],
    run: async ({ flags, words, io, client }) =>
      decide(await client(), io, words, verb, { reason: flags.reason }),
  })

const retry = defineCommand({
  noun: 'release',
  verb: 'retry',
  summary: 'Has gates that did not pass look again, or whatever else it could not do.',
  flags: {
    gate: { type: 'text', placeholder: 'NAME', summary: 'Only this gate. Default: all that did not pass.' },
  },
  words: releaseWords,
  examples: ['twinloop release retry flight-delay/14 --gate load'],
  run: async ({ flags, words, io, client }) =>
    decide(await client(), io, words, 'retry', { gate: flags.gate }),
})

const waive = defineCommand({
  noun: 'release',
  verb: 'waive',
  summary: 'Lets it pass a gate that did not pass; takes somebody else than who wants the release.',
  flags: {
    gate: { type: 'text', placeholder: 'NAME', required: true, summary: 'The gate.' },
    reason: { ...reasonFlag, required: true, summary: 'Why that is all right. It is kept for ever.' },
    days: { type: 'integer', placeholder: 'N', summary: 'Ends after so many days, at most 90. Default 30.' },
  },
  words: releaseWords,
  examples: [
    'twinloop release waive flight-delay/14 --gate fairness --reason "OO has 40 rows; more in March" --days 14',
  ],
  run: async ({ flags, words, io, client }) =>
    decide(await client(), io, words, 'waive', { gate: flags.gate, reason: flags.reason, days: flags.days }),
})

const rollback = defineCommand({
  noun: 'release',
  verb: 'rollback',
  summary: 'Gives a former release all traffic again, at once.',
  flags: {
    to: {
      type: 'integer',
      placeholder: 'NUMBER',
      summary: 'The release to go back to. Default: the one before.',
    },
    reason: reasonFlag,
  },
  words: { placeholder: 'PLAN', summary: 'The release plan.', required: true },
  examples: ['twinloop release rollback flight-delay', 'twinloop release rollback flight-delay --to 12'],
  async run({ flags, words, io, client }) {
    const [word, ...others] = words
    if (word === undefined || others.length > 0) throw usage('which plan?', 'PLAN, such as flight-delay')
    const [plan = '', number] = word.split('/')
    if (number !== undefined && flags.to !== undefined)
      throw usage(`${word} --to ${flags.to} says it twice`, `release rollback ${plan} --to NUMBER`)
    const api = await client()
    const path = number === undefined ? planPath(plan) : `${planPath(plan)}/releases/${number}`
    const { from, release, champion, happened } = await api.post<{
      readonly from?: string
      readonly release: string
      readonly champion: { readonly name: string; readonly version: string }
      readonly happened: readonly string[]
    }>(`${path}/rollback`, { to: flags.to, reason: flags.reason })
    if (flags.output !== undefined || flags.query !== undefined) return { from, release, champion, happened }
    const was = from === undefined || from === release ? '' : ` (from ${from})`
    io.stderr(`${champion.name}:${champion.version} of ${release} reigns again${was}\n`)
    for (const line of happened) io.stderr(`  ${line}\n`)
    return undefined
  },
})

export const decisions: readonly Command[] = [
  retry,
  waive,
  steer('cancel', 'Ends a release and the jobs of its gates.'),
  steer('pause', 'Holds a delivery where it is.'),
  steer('resume', 'Lets a delivery go on.'),
  steer('promote', 'Gives the candidate all traffic now.'),
  steer('abort', 'Ends a delivery; the champion gets all traffic again.'),
  rollback,
]
