import { randomBytes } from 'node:crypto'
import type { Client } from '../../client/client.ts'
import { defineCommand } from '../../define-command.ts'
import type { Command } from '../../define-command.ts'
import type { Io } from '../../io.ts'
import type { Body } from '../../present/present.ts'
import { encode, listCommand, nameFlag, noWaitFlag, showCommand, deleteCommand, type Noun } from '../verbs.ts'

export const streamFlag = { type: 'switch', short: 's', summary: 'Follows it until it is over.' } as const

/** `flights-20260131T090500-4f2k`: one import or export of many. */
export const transferName = (of: string, now: Date): string =>
  `${of.replaceAll(/[^\w.-]/g, '_').slice(0, 200)}-${now.toISOString().replaceAll(/[-:]|\..*/g, '')}-${randomBytes(2).toString('hex')}`

/** Asks for a transfer and shows it, or follows it to its end. */
export async function startTransfer(
  client: Client,
  io: Io,
  noun: Noun,
  asked: { readonly name: string; readonly properties: unknown; readonly stream: boolean },
): Promise<unknown> {
  const path = `/${noun.type}/${encode(asked.name)}`
  const body = await client.put<Body>(path, { properties: asked.properties })
  if (!asked.stream) return noun.present(body)
  const { followTransfer } = await import('./follow.ts')
  return followTransfer(client, io, path)
}

/** What can be done with transfers that were asked for. */
export const transferCommands = (noun: Noun): readonly Command[] => [
  showCommand(noun),
  listCommand(noun),
  defineCommand({
    noun: noun.noun,
    verb: 'stream',
    summary: `Follows ${noun.title.startsWith('e') ? 'an' : 'a'} ${noun.title} until it is over.`,
    flags: { name: nameFlag },
    examples: [`twinloop ${noun.noun} stream -n ${noun.example}`],
    async run({ flags, io, client }) {
      const { followTransfer } = await import('./follow.ts')
      return followTransfer(await client(), io, `/${noun.type}/${encode(flags.name)}`)
    },
  }),
  defineCommand({
    noun: noun.noun,
    verb: 'cancel',
    summary: 'Cancels it; nothing of it stays.',
    flags: { name: nameFlag, noWait: noWaitFlag },
    examples: [`twinloop ${noun.noun} cancel -n ${noun.example}`],
    async run({ flags, client }) {
      await (await client()).post(`/${noun.type}/${encode(flags.name)}/cancel`, {}, { wait: !flags.noWait })
      return undefined
    },
  }),
  deleteCommand(noun),
]
