import type { Endpoint } from '../../api/endpoints.ts'
import type { Incident } from '../../api/incidents.ts'
import type { Job } from '../../api/jobs.ts'
import type { Release } from '../../api/releases.ts'
import { namesIn } from '../../api/resource.ts'

/** Something that somebody has to look at. */
export interface Need {
  readonly key: string
  readonly kind: 'approval' | 'blocked' | 'incident' | 'failed job' | 'failed endpoint'
  readonly title: string
  /** One sentence. */
  readonly why: string
  readonly since: string
  /** Id of what to look at. */
  readonly id: string
}

const dayMs = 86_400_000

/**
 * What waits for people, the oldest first: releases that wait or are blocked, endpoints that failed, incidents that nobody looks at, and jobs that failed
 * within a day, unless the same was run again since and did not fail.
 */
export function needs(
  {
    releases,
    jobs,
    endpoints,
    incidents,
  }: {
    readonly releases: readonly Release[]
    readonly jobs: readonly Job[]
    readonly endpoints: readonly Endpoint[]
    readonly incidents: readonly Incident[]
  },
  now: Date,
): readonly Need[] {
  const waiting = releases
    .filter(
      ({ properties: { state, phase } }) => phase === 'open' && (state === 'waiting' || state === 'blocked'),
    )
    .map(({ id, name, properties: { state, reason, stages, stage }, systemData }): Need => {
      const approval = stages.find((one) => one.name === stage)?.approval
      return {
        key: id,
        kind: state === 'blocked' ? 'blocked' : 'approval',
        title: `${namesIn(id)[1] ?? ''}/${name}`,
        why: reason,
        since: approval?.state === 'open' ? approval.requestedAt : systemData.lastModifiedAt,
        id,
      }
    })
  const seen = new Set<string>()
  const failed = jobs
    .toSorted((a, b) => b.systemData.createdAt.localeCompare(a.systemData.createdAt))
    .filter((job) => {
      const name = `${job.properties.experimentName ?? ''} ${job.properties.displayName ?? job.name}`
      const isNewest = !seen.has(name)
      seen.add(name)
      return (
        isNewest &&
        job.properties.status === 'Failed' &&
        now.getTime() - Date.parse(job.systemData.createdAt) < dayMs
      )
    })
    .map(({ id, name, properties, systemData }): Need => ({
      key: id,
      kind: 'failed job',
      title: properties.displayName ?? name,
      why: properties.error?.message.split('\n')[0] ?? 'It failed.',
      since: properties.endTime ?? systemData.lastModifiedAt,
      id,
    }))
  const broken = endpoints
    .filter(({ properties }) => properties.provisioningState === 'Failed')
    .map(({ id, name, systemData }): Need => ({
      key: id,
      kind: 'failed endpoint',
      title: name,
      why: 'The endpoint could not be brought up.',
      since: systemData.lastModifiedAt,
      id,
    }))
  const firing = incidents
    .filter(
      ({ properties: { state, acknowledged, silencedBy } }) =>
        state === 'Firing' && acknowledged === undefined && silencedBy === undefined,
    )
    .map(({ id, name, properties }): Need => ({
      key: id,
      kind: 'incident',
      title: `#${name} ${properties.rule}`,
      why: properties.summary,
      since: properties.firedAt,
      id,
    }))
  return [...waiting, ...failed, ...broken, ...firing].sort((a, b) => a.since.localeCompare(b.since))
}
