import type { Json } from '../../kernel/resources/resource.ts'

/** What starts releases of a plan. By hand is always possible. */
export interface PlanStart {
  readonly on: readonly StartEvent[]
  /** Only versions with these tags. */
  readonly tags: Readonly<Record<string, string>>
  /** For `alias`: which one is set to a version. Default `challenger`. */
  readonly alias: string
  /** For `schedule`: as Azure ML's schedules have it in REST. */
  readonly trigger?: Json
}

export const startEvents = ['model_registered', 'alias', 'schedule', 'alert'] as const
export type StartEvent = (typeof startEvents)[number]

/** A release plan as the release room understands it, parsed from what a user wrote with every default filled in. */
export interface ReleasePlan {
  /** The model whose versions are released. */
  readonly model: string
  /** The registry in which a version is published when the last stage has succeeded, if any. */
  readonly registry?: string
  readonly start: PlanStart
  /** True: a newer candidate ends a release that has not begun to deliver. Default true. */
  readonly supersede: boolean
  /** What a gate that failed means: a release that waits for somebody (default), or its end. */
  readonly onFailedGate: 'wait' | 'end'
  readonly stages: readonly Stage[]
}

export interface Stage {
  readonly name: string
  /** Name of the workspace; default the plan's own. */
  readonly workspace?: string
  readonly gates: readonly PlannedGate[]
  readonly approval?: ApprovalRule
  readonly deliver?: DeliveryPlan
}

/** A gate with what the plan tells it, already through the gate's own schema. */
export interface PlannedGate {
  /** The gate's name, or `name:` where a stage has several of a kind. Unique within the stage. */
  readonly name: string
  readonly gate: string
  readonly parameters: Json
}

export interface ApprovalRule {
  /** Names of roles, held at the stage's workspace; any of them. */
  readonly roles: readonly string[]
  /** How many people. Default 1. */
  readonly count: number
  /** Default true: who started the release, or registered the candidate, cannot approve it. */
  readonly notRequester: boolean
  /** Milliseconds until it expires. Default 7 days. */
  readonly withinMs: number
  /** Whom to tell: e-mail addresses and names of connections (webhooks). */
  readonly notify: readonly string[]
  /** True: an approval of a CI system's environment counts. Default false. */
  readonly ci: boolean
}

export interface DeliveryPlan {
  /** Name of the online endpoint, made if it is not there. */
  readonly online?: string
  /** Name of the batch endpoint. */
  readonly batch?: string
  /** What a deployment is made with (Azure's YAML words: instance_type, instance_count, environment, code_configuration …); default: as the champion's. */
  readonly deployment: Json
  readonly steps: readonly DeliveryStep[]
  readonly analysis: Json
  readonly onFailure: 'rollback' | 'hold'
  readonly freeze: readonly FreezeWindow[]
  /** How long the former champion's deployment stays warm after the promotion; default 24 hours. */
  readonly keepMs?: number
}

/** One step of a delivery: shadow traffic (`mirror`), or a share of the callers (`weight`), in percent, for at least so long. */
export type DeliveryStep =
  | { readonly mirror: number; readonly forMs: number }
  | { readonly weight: number; readonly forMs: number }
  | { readonly pause: true }

/** When nothing is delivered (rollbacks always are). */
export interface FreezeWindow {
  /** A cron expression for its beginning, or a date. */
  readonly from: string
  readonly forMs: number
  readonly timeZone: string
  readonly reason?: string
}
