import { z } from 'zod'
import { scopeId } from '../../kernel/resources/arm-id.ts'
import type { Platform } from '../../kernel/platform.ts'
import type { Action, Json } from '../../kernel/resources/resource.ts'
import { asAction, incidentActionsType } from '../actions/incident-action.ts'
import type { Incident } from './incidents.ts'

const dayMs = 86_400_000
/** Incidents that are told at most, those to which something happened last. */
const most = 5000
const pageSize = 500

const input = z.strictObject({
  /** How far back, in days: what was over before is left out. Default 30. */
  days: z.number().positive().max(3660).optional(),
  /** Only of this rule. */
  rule: z.string().optional(),
})

/**
 * `POST {workspace}/incidentSummaries { days?, rule? }`: incidents as lists show them, without their timelines, the last to
 * fire first: all that fire, and those that were over within these days. `actions` counts what is done about each by state,
 * `approval` how many of those wait for a person. `isCut`: there are more than 5,000.
 */
export const incidentSummaries: Action = {
  operation: 'read',
  input,
  async run({ platform, resource, input: given }) {
    const { days = 30, rule } = given as z.infer<typeof input>
    const since = new Date(platform.clock().getTime() - days * dayMs).toISOString()
    const found = await incidentsSince(platform, resource.id, { since, rule })
    const counts = await actionsIn(platform, resource.id)
    const value = found
      .toSorted((a, b) => b.properties.firedAt.localeCompare(a.properties.firedAt))
      .map((incident) => summaryOf(incident, counts.get(incident.key) ?? {}))
    return { body: { since, value, ...(found.length < most ? {} : { isCut: true }) } }
  },
}

/** Those that fire or were over since; whatever happened to one changed it, so the unchanged need not be read. */
async function incidentsSince(
  platform: Platform,
  workspaceId: string,
  { since, rule }: { readonly since: string; readonly rule: string | undefined },
): Promise<readonly Incident[]> {
  const parent = workspaceId
  const of = rule === undefined ? {} : { 'properties.rule': rule }
  const list = async (state: string, skip: number) =>
    (await platform.resources.list({
      type: 'incidents',
      parent,
      where: { ...of, 'status.state': state },
      orderBy: { field: 'modifiedAt', descending: true },
      skip,
      top: pageSize,
    })) as unknown as readonly Incident[]
  const all: Incident[] = []
  for (const state of ['Firing', 'Resolved'])
    for (let skip = 0; all.length < most; skip += pageSize) {
      const page = await list(state, skip)
      all.push(...page.filter(({ status }) => state === 'Firing' || (status.resolvedAt ?? '') >= since))
      const isPast = state === 'Resolved' && (page.at(-1)?.modifiedAt.toISOString() ?? '') < since
      if (page.length < pageSize || isPast) break
    }
  return all.slice(0, most)
}

/** By key of the incident: how many of its actions are in each state that somebody may have to see to. */
async function actionsIn(
  platform: Platform,
  workspaceId: string,
): Promise<ReadonlyMap<string, Readonly<Record<string, number>>>> {
  const counts = new Map<string, Record<string, number>>()
  for (const state of ['Waiting', 'Running', 'Failed', 'Refused'])
    for (const one of await platform.resources.list({
      type: incidentActionsType,
      scope: scopeId(workspaceId) ?? workspaceId,
      where: { 'status.state': state },
      top: most,
    })) {
      const incident = one.key.split('/').slice(0, -2).join('/')
      const count = counts.get(incident) ?? {}
      const word = asAction(one).status.awaiting === 'approval' ? 'approval' : state.toLowerCase()
      count[word] = (count[word] ?? 0) + 1
      counts.set(incident, count)
    }
  return counts
}

function summaryOf({ id, name, properties, status }: Incident, actions: Json): Json {
  const { rule, labels, firedAt } = properties
  const { state, severity, summary, value, acknowledged, silencedBy, resolvedAt } = status
  return {
    id,
    name,
    rule,
    labels,
    firedAt,
    state,
    severity,
    summary,
    value,
    ...(acknowledged === undefined ? {} : { acknowledged }),
    ...(silencedBy == null ? {} : { silencedBy }),
    ...(resolvedAt === undefined ? {} : { resolvedAt }),
    actions,
  }
}
