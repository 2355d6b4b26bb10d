import type { Proposal } from '../../api/alerts/proposals.ts'
import type { Incident, IncidentAction } from '../../api/incidents.ts'
import type { Endpoint } from '../../api/endpoints.ts'
import type { Job } from '../../api/jobs.ts'
import type { MonitorSummary } from '../../api/monitors.ts'
import type { Release } from '../../api/releases.ts'
import { namesIn, type Resource } from '../../api/resource.ts'

/** Something that somebody has to look at. */
export interface Need {
  readonly key: string
  readonly kind:
    | 'approval'
    | 'blocked'
    | 'held'
    | 'incident'
    | 'action'
    | 'proposal'
    | 'failed job'
    | 'failed schedule'
    | 'failed endpoint'
    | 'silent monitor'
  readonly title: string
  /** One sentence. */
  readonly why: string
  readonly since: string
  /** Where it is looked at. */
  readonly at: { readonly id: string } | { readonly schedule: string } | { readonly monitor: string }
  /** What is done about it there, in a word or two. */
  readonly verb: string
  /** What can be done about it at once: an action of a resource, and the operation that it needs. */
  readonly act?: {
    readonly label: string
    readonly id: string
    readonly action: string
    readonly operation: string
    readonly done: string
  }
}

/** What of a schedule says that its last time failed. */
export interface ScheduleRuns {
  readonly isEnabled?: boolean
  readonly nextRun?: string | null
  readonly lastRun?: { readonly at: string; readonly error?: string }
}

/** Everything that people may be waited for in. */
export interface Situation {
  readonly releases: readonly Release[]
  readonly jobs: readonly Job[]
  readonly endpoints: readonly Endpoint[]
  readonly incidents: readonly Incident[]
  readonly actions: readonly IncidentAction[]
  readonly proposals: readonly Proposal[]
  readonly schedules: readonly Resource<ScheduleRuns>[]
  readonly monitors: readonly MonitorSummary[]
}

const dayMs = 86_400_000

/**
 * What waits for people, the oldest first: releases that wait, are blocked or held; actions of incidents and changes that ask
 * for a yes; incidents that nobody looks at; endpoints and schedules that failed; monitors that see nothing; and jobs that failed
 * within a day, unless the same was run again since and did not fail.
 */
export const needs = (all: Situation, now: Date): readonly Need[] =>
  [
    ...all.releases.flatMap(ofRelease),
    ...ofJobs(all.jobs, now),
    ...all.endpoints.filter(({ properties }) => properties.provisioningState === 'Failed').map(ofEndpoint),
    ...all.incidents.filter(isUnseen).map(ofIncident),
    ...all.actions.filter(({ properties }) => properties.awaiting === 'approval').map(ofAction),
    ...all.proposals.filter(({ properties }) => properties.state === 'Proposed').map(ofProposal),
    ...all.schedules.flatMap(ofSchedule),
    ...all.monitors.flatMap(ofMonitor),
  ].sort((a, b) => a.since.localeCompare(b.since))

function ofRelease({ id, name, properties, systemData }: Release): readonly Need[] {
  const { phase, state, reason, stages, stage } = properties
  if (phase !== 'open') return []
  const { approval, delivery } = stages.find((one) => one.name === stage) ?? {}
  const isHeld = delivery?.state === 'paused'
  if (state !== 'waiting' && state !== 'blocked' && !isHeld) return []
  const kind = state === 'blocked' ? 'blocked' : isHeld ? 'held' : 'approval'
  return [
    {
      key: id,
      kind,
      title: `${namesIn(id)[1] ?? ''}/${name}`,
      why: reason,
      since:
        approval?.state === 'open'
          ? approval.requestedAt
          : (properties.timeline?.at(-1)?.at ?? systemData.lastModifiedAt),
      at: { id },
      verb: kind === 'approval' ? 'Review' : kind === 'held' ? 'Resume or abort' : 'Look at its gates',
    },
  ]
}

function ofJobs(jobs: readonly Job[], now: Date): readonly Need[] {
  const seen = new Set<string>()
  return jobs
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
      at: { id },
      verb: 'See why, run again',
    }))
}

const ofEndpoint = ({ id, name, systemData }: Endpoint): Need => ({
  key: id,
  kind: 'failed endpoint',
  title: name,
  why: 'The endpoint could not be brought up.',
  since: systemData.lastModifiedAt,
  at: { id },
  verb: 'See why',
})

const isUnseen = ({ properties: { state, acknowledged, silencedBy } }: Incident) =>
  state === 'Firing' && acknowledged === undefined && silencedBy === undefined

const ofIncident = ({ id, name, properties }: Incident): Need => ({
  key: id,
  kind: 'incident',
  title: `#${name} ${properties.rule}`,
  why: properties.summary,
  since: properties.firedAt,
  at: { id },
  verb: 'Look',
  act: {
    label: 'Acknowledge',
    id,
    action: 'acknowledge',
    operation: 'Twinloop/incidents/acknowledge/action',
    done: 'Acknowledged: others see that you look at it',
  },
})

const ofAction = ({ id, name, properties, systemData }: IncidentAction): Need => ({
  key: id,
  kind: 'action',
  title: `#${namesIn(id)[1] ?? ''} ${name.replace(/^\d+-/, '').replaceAll('_', ' ')}`,
  why: properties.reason,
  since: systemData.createdAt,
  at: { id: id.replace(/\/actions\/[^/]+$/, '') },
  verb: 'Look',
  act: {
    label: 'Approve',
    id,
    action: 'approve',
    operation: 'Twinloop/incidents/actions/approve/action',
    done: 'Approved: it is being done',
  },
})

const ofProposal = ({ id, properties, systemData }: Proposal): Need => ({
  key: id,
  kind: 'proposal',
  title: `Change of ${namesIn(properties.target).slice(1).join('/')}`,
  why: properties.reason,
  since: systemData.createdAt,
  at: { id },
  verb: 'Look',
  act: {
    label: 'Approve',
    id,
    action: 'approve',
    operation: 'Twinloop/changeProposals/approve/action',
    done: 'Approved: the change is being made',
  },
})

function ofSchedule({
  id,
  name,
  properties: { isEnabled, lastRun },
}: Resource<ScheduleRuns>): readonly Need[] {
  if (isEnabled === false || lastRun?.error === undefined) return []
  return [
    {
      key: id,
      kind: 'failed schedule',
      title: name,
      why: lastRun.error,
      since: lastRun.at,
      at: { schedule: name },
      verb: 'See the schedule',
    },
  ]
}

/** A monitor that sees nothing warns of nothing: that is never good. */
function ofMonitor({ name, enabled, verdict, lastRun, problem }: MonitorSummary): readonly Need[] {
  const isBlind = verdict === 'no_data' || verdict === 'error' || problem !== undefined
  if (!enabled || !isBlind) return []
  return [
    {
      key: `monitor ${name}`,
      kind: 'silent monitor',
      title: name,
      why:
        problem ??
        (verdict === 'error' ? 'Its last window could not be looked at.' : 'Its last window had no data.'),
      since: lastRun?.at ?? '',
      at: { monitor: name },
      verb: 'See its windows',
    },
  ]
}
