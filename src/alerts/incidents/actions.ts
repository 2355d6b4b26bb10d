import { z } from 'zod'
import { errors } from '../../kernel/errors.ts'
import { childId, scopeId } from '../../kernel/resources/arm-id.ts'
import type { Action, Resource } from '../../kernel/resources/resource.ts'
import { incidentEvent } from './event.ts'
import type { Incident } from './incidents.ts'
import { changeIncident } from './timeline.ts'

/** `POST {incident}/acknowledge`: somebody has seen it and sees to it. Asked again by the same person it only adds the comment. */
const acknowledge: Action = {
  input: z.strictObject({ comment: z.string().min(1).optional() }),
  async run({ platform, resource, actor, input }) {
    const comment = input['comment'] as string | undefined
    await changeIncident(platform, resource.key, (incident) => {
      refuseResolved(incident, 'acknowledged')
      const { id, name, properties, status } = incident
      const by = status.acknowledged?.by
      if (by === actor.name && comment === undefined) return undefined
      return {
        state: {
          acknowledged: {
            by: actor.name,
            at: platform.clock().toISOString(),
            ...(comment === undefined ? {} : { comment }),
          },
        },
        happened: [{ what: `acknowledged${comment === undefined ? '' : `: ${comment}`}`, by: actor.name }],
        ...(by === undefined ? { events: [incidentEvent(id, name, 'Acknowledged', properties)] } : {}),
      }
    })
    return undefined
  },
}

/** `POST {incident}/comment`: what somebody found, for the timeline. Resolved ones can still be commented. */
const comment: Action = {
  input: z.strictObject({ comment: z.string().min(1).max(10_000) }),
  async run({ platform, resource, actor, input }) {
    await changeIncident(platform, resource.key, () => ({
      happened: [{ what: String(input['comment']), by: actor.name }],
    }))
    return undefined
  },
}

/** `POST {incident}/silence`: keeps this alert quiet for a time; answers with the silence that was made. */
const silence: Action = {
  input: z.strictObject({
    for: z.string().min(1),
    reason: z.string().min(1),
    name: z.string().optional(),
  }),
  async run({ platform, resource, actor, input }) {
    const incident = resource as unknown as Incident
    refuseResolved(incident, 'silenced')
    const {
      name = `incident-${incident.name}`,
      for: length,
      reason,
    } = input as {
      readonly name?: string
      readonly for: string
      readonly reason: string
    }
    const matchers = Object.entries(incident.properties.labels).map(
      ([label, value]) => `${label}=${JSON.stringify(value)}`,
    )
    const id = childId(scopeId(resource.id) ?? '', 'providers', 'Twinloop', 'silences', name)
    const properties = { matchers, from: platform.clock().toISOString(), for: length, reason }
    const { resource: made } = await platform.resources.put(actor, id, { properties })
    await changeIncident(platform, resource.key, () => ({
      happened: [{ what: `silenced for ${length}: ${reason}`, by: actor.name, id: made.id }],
    }))
    return { body: { id: made.id, name: made.name } }
  },
}

function refuseResolved({ name, status }: Pick<Resource, 'name'> & Pick<Incident, 'status'>, what: string) {
  if (status.state === 'Resolved')
    throw errors.conflict(
      `Incident ${name} was resolved at ${status.resolvedAt ?? ''}: it cannot be ${what}.`,
    )
}

export const incidentActions = { acknowledge, comment, silence }
