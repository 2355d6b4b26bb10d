import { z } from 'zod'
import type { Receiver } from '../../../../admin/notices/message.ts'
import { oneOrMore } from '../../words.ts'

const address = z
  .string()
  .trim()
  .regex(/^[^\s@,;<>]+@[^\s@,;<>]+$/, { error: ({ input }) => `'${String(input)}' is no mail address` })
const connection = z.string().trim().min(1)

/** What a receiver of each word understands; `webhook`: what its connection says, CloudEvents if nothing. */
const formats = {
  webhook: undefined,
  slack: 'slack',
  teams: 'teams',
  pagerduty: 'pagerduty',
  alertmanager: 'alertmanager',
} as const
export const channels = Object.keys(formats) as (keyof typeof formats)[]

export const notifyParameters = z
  .strictObject({
    /** Addresses of people. */
    email: oneOrMore(address).optional(),
    /** Names of connections, of each kind of receiver. */
    webhook: oneOrMore(connection).optional(),
    slack: oneOrMore(connection).optional(),
    teams: oneOrMore(connection).optional(),
    pagerduty: oneOrMore(connection).optional(),
    alertmanager: oneOrMore(connection).optional(),
    /** False: nobody is told when it is over. */
    resolved: z.boolean().default(true),
  })
  .refine((given) => given.email !== undefined || channels.some((channel) => given[channel] !== undefined), {
    error: 'says nobody to tell: email, webhook, slack, teams, pagerduty or alertmanager',
    when: ({ issues }) => issues.length === 0,
  })
export type NotifyParameters = z.infer<typeof notifyParameters>

/** Everybody who is told. */
export const receiversOf = (parameters: NotifyParameters): readonly Receiver[] => [
  ...(parameters.email ?? []).map((mail) => ({ mail })),
  ...channels.flatMap((channel) =>
    (parameters[channel] ?? []).map((name) => ({ connection: name, format: formats[channel] })),
  ),
]
