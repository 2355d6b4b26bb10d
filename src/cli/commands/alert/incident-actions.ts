import { defineCommand } from '../../define-command.ts'
import type { Command } from '../../define-command.ts'
import { textOf } from '../../present/present.ts'
import { incident as noun } from '../nouns.ts'
import { encode } from '../verbs.ts'

/** What somebody decides about an action of an incident. */
const decision = (verb: 'approve' | 'refuse' | 'retry', summary: string) =>
  defineCommand({
    noun: 'incident',
    verb,
    summary,
    flags: {
      name: { type: 'text', short: 'n', placeholder: 'NUMBER', required: true, summary: 'The incident.' },
      action: {
        type: 'text',
        short: 'a',
        placeholder: 'ACTION',
        required: true,
        summary: 'The action, as incident show calls it.',
      },
      ...(verb === 'retry'
        ? {}
        : {
            comment: {
              type: 'text',
              short: 'm',
              placeholder: 'TEXT',
              summary: 'Why, for the record.',
            } as const,
          }),
    },
    examples: [`twinloop incident ${verb} -n 12 -a 0-retrain`],
    async run({ flags, io, client }) {
      const { comment } = flags as { readonly comment?: string }
      const path = `/${noun.type}/${encode(flags.name)}/actions/${encode(flags.action)}/${verb}`
      const api = await client()
      const answer = await api.post<{ readonly reason?: string }>(
        path,
        comment === undefined ? {} : { comment },
      )
      io.stderr(`${flags.action}: ${textOf(answer.reason)}\n`)
      return undefined
    },
  })

export const actionCommands: readonly Command[] = [
  decision('approve', 'Lets an action begin that is over its budget.'),
  decision('refuse', 'Has an action that waits for approval not done.'),
  decision('retry', 'Has an action that failed tried again.'),
]
