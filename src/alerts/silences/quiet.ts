import type { Platform } from '../../kernel/platform.ts'
import type { Incident } from '../incidents/incidents.ts'
import { policyOf } from '../routing/policy/routing.ts'
import { inhibitedBy, silencedBy } from '../routing/mute.ts'
import type { Labels } from '../rules/machine.ts'
import { activeSilences } from './silences.ts'

/** Why nobody is told of an alert: a silence or another alert that explains it; undefined if somebody is. */
export type Quiet = (labels: Labels) => string | undefined

/** What keeps alerts of a workspace quiet now. */
export async function quietIn(platform: Platform, scope: string, firing: readonly Labels[]): Promise<Quiet> {
  const now = platform.clock().getTime()
  const { inhibitions } = await policyOf(platform, scope)
  const silences = (await activeSilences(platform, scope)).map(({ name, rule, until }) => ({
    name,
    matchers: rule.matchers,
    from: Number.NEGATIVE_INFINITY,
    to: until.getTime(),
  }))
  return (labels) => {
    const silence = silencedBy(labels, silences, now)
    if (silence !== undefined) return `silence ${silence.name} until ${shortly(new Date(silence.to))}`
    const source = inhibitedBy(labels, firing, inhibitions)
    return source === undefined ? undefined : `inhibited by ${source['alertname'] ?? 'another alert'}`
  }
}

/** The same for one alert. */
export async function quietReason(
  platform: Platform,
  scope: string,
  labels: Labels,
): Promise<string | undefined> {
  const firing = (await firingIncidents(platform, scope)).map(({ properties }) => properties.labels)
  return (await quietIn(platform, scope, firing))(labels)
}

/** The incidents of a workspace that are not resolved, oldest first. */
export async function firingIncidents(platform: Platform, scope: string): Promise<readonly Incident[]> {
  const found = await platform.resources.list({
    type: 'incidents',
    parent: scope,
    where: { 'status.state': 'Firing' },
    orderBy: { field: 'createdAt', descending: false },
    top: 100_000,
  })
  return found as unknown as readonly Incident[]
}

/** `2026-11-23 18:00 UTC`. */
const shortly = (at: Date) => `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`
