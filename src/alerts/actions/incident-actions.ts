import { z } from 'zod'
import { errors } from '../../kernel/errors.ts'
import type { ResourceDefinition } from '../../kernel/resources/resource.ts'
import { approve, refuse, retry } from './decisions.ts'
import {
  incidentActionsType,
  type IncidentActionProperties,
  type IncidentActionStatus,
} from './incident-action.ts'

const schema = z.looseObject({
  kind: z.string().min(1),
  phase: z.enum(['firing', 'resolved']),
}) as unknown as z.ZodType<IncidentActionProperties>

/** Something that is done because an alert fired, once, with how far it is and everything that happened to it. */
export const incidentActions: ResourceDefinition<IncidentActionProperties> = {
  type: incidentActionsType,
  provider: 'Twinloop',
  summary: 'What is done about an incident: notified, retrained, rolled back, …',
  schema,
  filters: { state: 'status.state', kind: 'properties.kind' },
  async prepare({ actor, before }, platform) {
    if (actor.id !== platform.identity('alerts').id)
      throw errors.forbidden('Actions of an incident are those that its rule says: write the rule.')
    if (before !== undefined) return undefined
    return {
      status: {
        state: 'Waiting',
        reason: 'It is about to begin.',
        attempts: 0,
        history: [],
      } satisfies IncidentActionStatus,
    }
  },
  actions: { approve, refuse, retry },
}
