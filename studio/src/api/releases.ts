import { queryOptions } from '@tanstack/react-query'
import { call, respond } from './call.ts'
import { keyOf } from './queries.ts'
import type { Page, Resource } from './resource.ts'
import type { Workspace } from './workspaces.ts'

export interface PlanProperties {
  readonly model: string
  readonly description?: string
  readonly stages?: readonly unknown[]
  readonly lastStart?: { readonly at: string; readonly by: string; readonly what: string }
}
export type Plan = Resource<PlanProperties>

export interface Measure {
  readonly name: string
  readonly of?: string
  readonly estimate: number | null
  readonly interval?: { readonly lower: number; readonly upper: number; readonly confidence: number }
  readonly n?: number
  readonly method?: string
  readonly limit?: string
  readonly bound?: { readonly min?: number; readonly max?: number }
  readonly slice?: Readonly<Record<string, string>>
  readonly verdict?: string
  readonly note?: string
}
export interface EvidenceFile {
  readonly name: string
  readonly title: string
  readonly contentType: string
  readonly bytes: number
}
export interface Gate {
  readonly name: string
  readonly gate: string
  readonly attempt: number
  readonly state: string
  readonly doing?: string
  readonly error?: string
  readonly startedAt?: string
  readonly endedAt?: string
  readonly jobs?: Readonly<Record<string, string>>
  readonly waiver?: {
    readonly by: { readonly name: string }
    readonly reason: string
    readonly expiresAt: string
  }
  readonly result?: {
    readonly verdict: string
    readonly summary: string
    readonly measures: readonly Measure[]
    readonly notes: readonly string[]
    readonly files: readonly EvidenceFile[]
  }
  readonly earlier?: readonly unknown[]
}
export interface Decision {
  readonly verdict: string
  readonly by: { readonly name: string }
  readonly role: string
  readonly at: string
  readonly comment?: string
  readonly via: string
}
export interface Approval {
  readonly state: string
  readonly evidence: string
  readonly requesters: readonly { readonly id: string; readonly name: string; readonly why: string }[]
  readonly requestedAt: string
  readonly expiresAt: string
  readonly decisions: readonly Decision[]
}
export interface Look {
  readonly at: string
  readonly step: number
  readonly weight?: number
  readonly mirror?: number
  readonly verdict: string
  readonly why: string
  readonly requests: { readonly canary: number; readonly champion: number }
  /** How callers were split, and the e-value against the share that was asked for. */
  readonly split?: { readonly canary: number; readonly champion: number; readonly against: number }
  readonly latency?: { readonly canary: ArmLatency; readonly champion: ArmLatency }
  readonly findings: readonly Finding[]
}
export interface Finding {
  readonly check: string
  readonly state: string
  readonly canary: number | null
  readonly champion: number | null
  /** Candidate less champion, with the interval that holds however often one looks; open ends are null. */
  readonly difference?: {
    readonly estimate: number
    readonly lower: number | null
    readonly upper: number | null
    readonly margin: number
    readonly n: { readonly canary: number; readonly champion: number }
  }
  readonly says?: string
}
/** Milliseconds; the intervals are those of order statistics. */
export interface ArmLatency {
  readonly p50: LatencyQuantile
  readonly p99: LatencyQuantile
}
interface LatencyQuantile {
  readonly estimate: number | null
  readonly interval?: { readonly lower: number | null; readonly upper: number | null }
}
export interface Delivery {
  readonly state: string
  /** From 0. */
  readonly step?: number
  /** The delivery's own: the deployments' names, and since when (milliseconds) the step is in force. */
  readonly working?: {
    readonly candidate?: string
    readonly champion?: string | null
    readonly since?: number
    readonly slowMs?: number
    /** What came of it, and when (milliseconds). */
    readonly end?: { readonly outcome: string; readonly at: number; readonly why: string }
  }
  readonly doing?: string
  readonly verdict?: string
  readonly looks?: readonly Look[]
}
export interface Stage {
  readonly name: string
  readonly state: string
  readonly gates: readonly Gate[]
  readonly approval?: Approval
  readonly delivery?: Delivery
  readonly scorecard?: EvidenceFile
}
export type Step =
  | { readonly mirror: number; readonly forMs: number }
  | { readonly weight: number; readonly forMs: number }
  | { readonly pause: true }
export interface ReleaseProperties {
  readonly version: string
  readonly phase: 'open' | 'ended'
  readonly state: string
  readonly reason: string
  readonly stage: string
  readonly stages: readonly Stage[]
  readonly plan?: {
    readonly stages: readonly {
      readonly name: string
      readonly workspace?: string
      readonly approval?: {
        readonly roles: readonly string[]
        readonly count: number
        readonly notRequester: boolean
      }
      readonly deliver?: {
        readonly online?: string
        readonly batch?: string
        readonly steps: readonly Step[]
        readonly analysis?: { readonly deadline?: string; readonly min_requests?: number }
      }
    }[]
  }
  readonly candidate?: { readonly id: string; readonly name: string; readonly version: string }
  readonly champion?: {
    readonly id: string
    readonly name: string
    readonly version: string
    readonly by: string
  }
  readonly startedBy?: { readonly id: string; readonly name: string; readonly why: string }
  readonly startedAt?: string
  readonly endedAt?: string
  readonly timeline?: readonly { readonly at: string; readonly who: string; readonly what: string }[]
}
export type Release = Resource<ReleaseProperties>

const plansOf = (workspace: Workspace) => `${workspace.id}/providers/Twinloop/releasePlans`
/** Of each plan so many are listed, the newest. */
const newest = 100

/** The newest releases of all plans, newest first. */
export const releasesQuery = (workspace: Workspace) =>
  queryOptions({
    queryKey: keyOf({ types: ['releasePlans/releases', 'releasePlans'] }, 'releases', workspace.id),
    queryFn: async ({ signal }) => {
      const plans = await call<Page<Plan>>(plansOf(workspace), { signal, query: { $top: '1000' } })
      const pages = await Promise.all(
        plans.value.map(({ id }) =>
          call<Page<Release>>(`${id}/releases`, { signal, query: { $top: String(newest) } }),
        ),
      )
      return pages
        .flatMap(({ value }) => value)
        .sort((a, b) => b.systemData.createdAt.localeCompare(a.systemData.createdAt))
    },
  })

/** Starts a release of a version; answers with the one that runs, if there is one. */
export async function startRelease(
  workspace: Workspace,
  plan: string,
  version: string,
  why: string,
): Promise<Release> {
  return call<Release>(`${plansOf(workspace)}/${plan}/start`, {
    method: 'POST',
    body: { version, ...(why === '' ? {} : { reason: why }) },
  })
}

/** What people do about a release; `input` is the action's own. */
export const actOn = (id: string, action: string, input: Readonly<Record<string, unknown>> = {}) =>
  respond(`${id}/${action}`, { method: 'POST', body: input })
