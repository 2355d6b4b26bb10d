import { z } from 'zod'
import { errors } from '../../kernel/errors.ts'
import type { Json, Resource, ResourceDefinition } from '../../kernel/resources/resource.ts'
import { textMap } from '../../kernel/resources/schema.ts'
import { incidentActions } from './actions.ts'
import type { IncidentProperties, IncidentState } from './incident.ts'
import { incidentEvent } from './event.ts'

export type Incident = Resource<IncidentProperties, IncidentState>

const schema = z.looseObject({
  rule: z.string(),
  ruleId: z.string(),
  labels: textMap,
  firing: z.string(),
  firedAt: z.string(),
}) as unknown as z.ZodType<IncidentProperties & Json>

/** Something that is wrong, from when an alert of a rule fires until it is resolved. Made by the platform alone. */
export const incidents: ResourceDefinition<IncidentProperties & Json> = {
  type: 'incidents',
  provider: 'Twinloop',
  summary: 'One firing of one alert, with everything that happened until it was resolved.',
  schema,
  name: /^[1-9]\d{0,8}$/,
  filters: {
    state: 'status.state',
    rule: 'properties.rule',
    severity: 'status.severity',
    acknowledged: 'status.acknowledged.by',
  },
  async prepare({ id, name, actor, before, body }, platform) {
    if (!/\/workspaces\/[^/]+\/providers\/twinloop\/incidents\/[^/]+$/i.test(id))
      throw errors.badRequest(`An incident belongs to a workspace; '${id}' is not in one.`)
    if (actor.id !== platform.identity('alerts').id)
      throw errors.forbidden(
        'Incidents are opened and resolved by alert rules alone; they can be acknowledged, commented and silenced.',
      )
    return before === undefined ? { events: [incidentEvent(id, name, 'Opened', body.properties)] } : undefined
  },
  async beforeDelete(resource, _platform, { root }) {
    const { name, key, status } = resource as unknown as Incident
    if (root === key && status.state === 'Firing')
      throw errors.conflict(`Incident ${name} is not resolved: it goes on firing. Silence it instead.`)
  },
  actions: incidentActions,
}
