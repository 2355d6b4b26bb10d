import { z } from 'zod'
import { errors } from '../../kernel/errors.ts'
import type { Action, ActionContext } from '../../kernel/resources/resource.ts'
import { requirePerson } from '../person.ts'
import { changeAction } from './execution/change.ts'
import { asAction, labelOf } from './incident-action.ts'

const input = z.looseObject({ comment: z.string().nullish() })
const said = (given: ActionContext['input']) => {
  const { comment } = given as z.infer<typeof input>
  return comment == null || comment.trim() === '' ? '' : `: ${comment.trim()}`
}

/** `POST {action}/approve { comment? }`: lets an action begin that is over its budget. Throws conflict for any other. */
export const approve: Action = {
  input,
  async run({ platform, actor, resource, input: given }) {
    requirePerson(actor, 'what is over its budget')
    const changed = await changeAction(platform, resource.key, ({ status }) =>
      status.awaiting !== 'approval'
        ? undefined
        : {
            state: {
              awaiting: null,
              approvedBy: actor.name,
              reason: `${actor.name} approved it; it is about to begin.`,
            },
            happened: { what: `approved${said(given)}`, by: actor.name },
          },
    )
    if (changed === undefined) throw notAsked(resource)
    return { body: { name: resource.name, ...changed.status } }
  },
}

/** `POST {action}/refuse { comment? }`: it will not be done. */
export const refuse: Action = {
  input,
  async run({ platform, actor, resource, input: given }) {
    requirePerson(actor, 'what is over its budget')
    const changed = await changeAction(platform, resource.key, ({ status }) =>
      status.awaiting !== 'approval'
        ? undefined
        : {
            state: {
              state: 'Refused',
              awaiting: null,
              reason: `${actor.name} refused it${said(given)}.`,
              endedAt: platform.clock().toISOString(),
            },
            happened: { what: `refused${said(given)}`, by: actor.name },
            event: 'Refused',
          },
    )
    if (changed === undefined) throw notAsked(resource)
    return { body: { name: resource.name, ...changed.status } }
  },
}

/** `POST {action}/retry`: tries again what failed, from where it was. */
export const retry: Action = {
  async run({ platform, actor, resource }) {
    const changed = await changeAction(platform, resource.key, ({ status }) =>
      status.state !== 'Failed'
        ? undefined
        : {
            state: {
              state: 'Running',
              attempts: 0,
              nextAttemptAt: null,
              endedAt: null,
              reason: `${actor.name} has it tried again.`,
            },
            happened: { what: 'tried again', by: actor.name },
          },
    )
    if (changed === undefined)
      throw errors.conflict(
        `Action ${labelOf(resource)} is ${asAction(resource).status.state}: only what failed is tried again.`,
      )
    return { body: { name: resource.name, ...changed.status } }
  },
}

const notAsked = (resource: ActionContext['resource']) =>
  errors.conflict(
    `Action ${labelOf(resource)} is ${asAction(resource).status.state} and asks for no approval.`,
  )
