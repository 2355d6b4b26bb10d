import { childId, scopeId } from '../../../kernel/resources/arm-id.ts'
import { errors, kinds, UserError } from '../../../kernel/errors.ts'
import type { Platform } from '../../../kernel/platform.ts'
import type { Json, Resource } from '../../../kernel/resources/resource.ts'
import { planActions } from '../../actions/planning/plan.ts'
import { incidentEvent } from '../../incidents/event.ts'
import type { IncidentProperties, IncidentState } from '../../incidents/incident.ts'
import type { Incident } from '../../incidents/incidents.ts'
import { changeIncident } from '../../incidents/timeline.ts'
import { quietReason } from '../../silences/quiet.ts'
import { fingerprintOf, type Alert } from '../machine.ts'
import type { AlertRule } from '../rule.ts'
import { parseRule } from '../grammar/parse.ts'
import { ruleIn, type RuleStatus } from '../stored.ts'
import { alertLabels } from './labels.ts'
import type { RuleState } from './state.ts'
import { filled, inUnit, sentenceOf } from './words.ts'

/**
 * Makes the incidents say what a rule's state does: one open for each alert that fires, under the number that was kept with
 * it, and its actions planned; every other one of the rule resolved, for `reason`. May be killed anywhere and done again.
 */
export async function settle(
  platform: Platform,
  resource: Resource,
  state: RuleState,
  reason: string,
): Promise<void> {
  const firing = new Map<string, Alert>()
  for (const [fingerprint, alert] of state.alerts) {
    const number = state.incidents.get(fingerprint)
    if (alert.state === 'firing' && number !== undefined) firing.set(String(number), alert)
  }
  for (const [number, alert] of firing) await open(platform, resource, number, alert)
  for (const incident of await openIncidents(platform, resource)) {
    if (firing.has(incident.name)) continue
    const known = [...state.incidents].find(([, number]) => String(number) === incident.name)
    const resolvedAt = known === undefined ? undefined : state.alerts.get(known[0])?.resolvedAt
    await resolve(platform, incident, reason, resolvedAt)
  }
}

/** Incidents of a rule that are not resolved. */
export async function openIncidents(platform: Platform, rule: Resource): Promise<readonly Incident[]> {
  const found = await platform.resources.list({
    type: 'incidents',
    parent: scopeId(rule.id) ?? '',
    where: { 'status.state': 'Firing', 'properties.rule': rule.name },
    top: 100_000,
  })
  return found as unknown as readonly Incident[]
}

async function open(platform: Platform, resource: Resource, number: string, alert: Alert): Promise<void> {
  const rule = ruleIn(resource.properties)
  const id = childId(scopeId(resource.id) ?? '', 'providers', 'Twinloop', 'incidents', number)
  const incident = (await platform.resources.find(id)) ?? (await make(platform, resource, rule, id, alert))
  await plan(platform, resource, rule, incident)
}

async function make(
  platform: Platform,
  resource: Resource,
  rule: AlertRule,
  id: string,
  alert: Alert,
): Promise<Resource> {
  const labels = alertLabels(resource.name, rule, alert.labels)
  const firedAt = new Date(alert.firedAt ?? platform.clock().getTime())
  const properties: IncidentProperties = {
    rule: resource.name,
    ruleId: resource.id,
    labels,
    firing: `${fingerprintOf(alert.labels)}@${firedAt.toISOString()}`,
    firedAt: firedAt.toISOString(),
  }
  const summary = sentenceOf(rule, alert.value, alert.labels)
  const quiet = await quietReason(platform, resource.scope, labels)
  const status: IncidentState = {
    state: 'Firing',
    severity: rule.severity,
    annotations: Object.fromEntries(
      Object.entries(rule.annotations).map(([name, text]) => [
        name,
        filled(text, { value: inUnit(rule.condition, alert.value), labels }),
      ]),
    ),
    value: alert.value,
    summary,
    ...(quiet === undefined ? {} : { silencedBy: quiet }),
    timeline: [
      ...(alert.activeAt < firedAt.getTime()
        ? [{ at: new Date(alert.activeAt).toISOString(), what: 'began' }]
        : []),
      { at: firedAt.toISOString(), what: `fired: ${summary}` },
      ...(quiet === undefined ? [] : [{ at: firedAt.toISOString(), what: `nobody is told: ${quiet}` }]),
    ],
  }
  try {
    const { resource: made } = await platform.resources.put(
      platform.identity('alerts'),
      id,
      { properties: properties as unknown as Json },
      { ifNoneMatch: '*', along: { status: status as unknown as Json } },
    )
    return made
  } catch (error) {
    if (!(error instanceof UserError) || error.kind !== kinds.preconditionFailed) throw error
    const there = await platform.resources.find(id)
    if (there === undefined) throw errors.conflict(`Incident '${id}' has just gone.`)
    return there
  }
}

async function resolve(
  platform: Platform,
  incident: Incident,
  reason: string,
  at: number | undefined,
): Promise<void> {
  await changeIncident(platform, incident.key, ({ id, name, properties, status }) => {
    if (status.state === 'Resolved') return undefined
    const resolvedAt = new Date(at ?? platform.clock().getTime()).toISOString()
    return {
      state: { state: 'Resolved', resolvedAt, silencedBy: null },
      happened: [{ at: resolvedAt, what: `resolved: ${reason}` }],
      events: [incidentEvent(id, name, 'Resolved', properties)],
    }
  })
}

/** Why an alert is over, as the timeline tells it: with the value that it has now, where there is one. */
export function overBecause(
  { values, alerts }: RuleState,
  { condition }: Pick<AlertRule, 'condition'>,
): string {
  const [value, second] = values
  const one = alerts.size <= 1 && second === undefined ? value : undefined
  return one === undefined ? 'it is not true any more' : `it is ${inUnit(condition, one.value)} now`
}

/** Plans what the rule says is to be done, under its writer's rights; what is planned already stays as it is. */
async function plan(
  platform: Platform,
  resource: Resource,
  rule: AlertRule,
  incident: Resource,
): Promise<void> {
  const { status, properties } = incident as unknown as Incident
  const { severity, annotations, value, summary } = status
  await planActions(
    platform,
    incident,
    {
      id: resource.id,
      name: resource.name,
      severity,
      annotations,
      owner: (resource.status as RuleStatus).owner,
      actions: rule.actions,
      coolDownMs: rule.coolDownMs,
    },
    { labels: properties.labels, value, summary, firedAt: new Date(properties.firedAt) },
  )
}

/** Plans the actions of an incident once more, because what kept them back is over. */
export async function planAgain(platform: Platform, incident: Incident): Promise<void> {
  const resource = await platform.resources.find(incident.properties.ruleId)
  const { rule } = resource === undefined ? {} : parseRule(resource.properties)
  if (resource === undefined || rule === undefined) return
  await plan(platform, resource, rule, incident as unknown as Resource)
}
