import { defineCommand } from '../../define-command.ts'
import type { Command } from '../../define-command.ts'
import { encode } from '../verbs.ts'

const path = '/providers/Twinloop/notices'

interface NoticeBody {
  readonly name: string
  readonly properties: Readonly<
    Record<'channel' | 'to' | 'subject' | 'about' | 'event' | 'state' | 'since', string>
  > & {
    readonly attempts: number
    readonly lastAttemptAt?: string
    readonly nextAttemptAt?: string
    readonly lastError?: string
    readonly answer?: string
    readonly sentAt?: string
  }
}

const present = ({ name, properties: p }: NoticeBody) => ({
  name,
  channel: p.channel,
  to: p.to,
  subject: p.subject,
  state: p.state,
  attempts: p.attempts,
  since: p.since,
  sent_at: p.sentAt,
  next_attempt_at: p.nextAttemptAt,
  error: p.lastError,
  answer: p.answer,
  event: p.event,
  about: p.about,
})
const table = {
  Name: 'name',
  State: 'state',
  To: 'to',
  Subject: 'subject',
  Attempts: 'attempts',
  Error: 'error',
}

const list = defineCommand({
  noun: 'notice',
  verb: 'list',
  summary: 'Lists the mails and webhook calls of a workspace, newest first, with how far they are.',
  flags: {
    state: {
      type: 'text',
      placeholder: 'STATE',
      choices: ['pending', 'sent', 'failed'],
      summary: 'Only those; failed ones were given up.',
    },
    maxResults: { type: 'integer', short: 'r', placeholder: 'N', summary: 'At most so many.' },
  },
  table,
  examples: ['twinloop notice list -o table', 'twinloop notice list --state failed -o table'],
  async run({ flags, client }) {
    const api = await client()
    const query = flags.state === undefined ? {} : { state: flags.state }
    return (await api.list<NoticeBody>(path, query, flags.maxResults)).map(present)
  },
})

const resend = defineCommand({
  noun: 'notice',
  verb: 'resend',
  summary: 'Tries again to deliver what was given up.',
  flags: {
    name: {
      type: 'text',
      short: 'n',
      placeholder: 'NAME',
      summary: 'One of them. Default: all that failed.',
    },
  },
  examples: ['twinloop notice resend -n 0f3c…', 'twinloop notice resend'],
  async run({ flags, io, client }) {
    const api = await client()
    const names =
      flags.name === undefined
        ? (await api.list<NoticeBody>(path, { state: 'failed' })).map(({ name }) => name)
        : [flags.name]
    for (const name of names) await api.post(`${path}/${encode(name)}/resend`)
    io.stderr(`${names.length} sent again\n`)
    return undefined
  },
})

export const commands: readonly Command[] = [list, resend]
