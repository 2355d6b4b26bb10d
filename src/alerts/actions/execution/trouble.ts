import { post } from '../../../admin/notices/post.ts'
import type { Platform } from '../../../kernel/platform.ts'
import { scopeId } from '../../../kernel/resources/arm-id.ts'
import { asAction, incidentActionsType, type IncidentAction } from '../incident-action.ts'
import { receiversOf, notifyParameters } from '../kinds/notify/parameters.ts'
import { urlOf } from '../links.ts'
import { incidentKey } from './incident.ts'

/**
 * Tells those whom the rule's `notify` tells that another action of the same incident was refused or failed: what was to
 * happen by itself did not, so somebody has to look. Told once, however often it is called.
 */
export async function tellTrouble(platform: Platform, action: IncidentAction): Promise<void> {
  const { kind, phase, rule, alert } = action.properties
  const { state, reason } = action.status
  if (kind === 'notify' || phase !== 'firing' || !['Refused', 'Failed'].includes(state)) return
  const all = await platform.resources.list({
    type: incidentActionsType,
    parent: incidentKey(action),
    where: { 'properties.kind': 'notify', 'properties.phase': 'firing' },
    top: 1000,
  })
  const [incident = ''] = action.id.split('/actions/')
  const what = state === 'Failed' ? 'failed' : 'was not done'
  for (const { properties, status } of all.map(asAction)) {
    const parameters = notifyParameters.safeParse(properties.parameters).data
    if (status.state === 'Skipped' || parameters === undefined) continue
    for (const to of receiversOf(parameters)) {
      // Who knows alerts as such would take it for another one.
      if ('format' in to && ['pagerduty', 'alertmanager'].includes(to.format ?? '')) continue
      await post(platform, scopeId(action.id) ?? '', to, {
        name: `trouble ${action.properties.key}`,
        about: incident,
        type: 'Twinloop.ActionTrouble',
        title: `[${rule.severity}] ${rule.name}: ${kind} ${what}`,
        text: `${kind} ${what}: ${reason}\n\n${alert.summary}\n${urlOf(platform, incident)}\n`,
        facts: [
          { name: 'Why', value: reason },
          { name: 'What', value: alert.summary },
          { name: 'Incident', value: incident.split('/').at(-1) ?? '' },
        ],
        links: [{ title: 'Look at the incident', url: urlOf(platform, incident) }],
        data: { rule: rule.name, action: action.name, kind, state, reason, labels: alert.labels },
      })
    }
  }
}
