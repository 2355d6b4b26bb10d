import type { Platform } from '../../kernel/platform.ts'
import type { NewEvent, Resource } from '../../kernel/resources/resource.ts'
import type { ReleasedModel } from '../gates/gate.ts'
import type { ApprovalRule, Stage } from '../plan/plan.ts'
import { releaseEvent } from '../releases/change.ts'
import { asRelease, type ApprovalRecord, type ReleaseState } from '../releases/release.ts'
import { delegationsIn } from './delegations.ts'
import { evidenceDigest } from './evidence.ts'
import { everybody, type Person } from './people.ts'
import { requestersOf } from './requesters.ts'
import { couldApprove, judge, type Judgement, type Situation } from './rule.ts'

/** Where an approval is asked for. */
export interface ApprovalAt {
  readonly release: Resource
  readonly state: ReleaseState
  readonly stage: Stage
  /** Id of the stage's workspace, in which roles count. */
  readonly workspaceId: string
  readonly candidate: ReleasedModel
}

/** Roles are given and taken, and people disabled, without a word to the releases that wait for them. */
const lookAgainMs = 60_000

/** A record to keep, with what is told in the same transaction, and when to look again (ms) if nobody decides. */
export interface ApprovalProgress {
  readonly record: ApprovalRecord
  readonly events: readonly NewEvent[]
  /** While it is open: for whom it waits, one sentence. */
  readonly waitingFor: string
  readonly again?: number
}

/** What approvals of a stage are judged by that others may change at any time. */
export interface Surroundings {
  readonly rule: ApprovalRule
  readonly workspace: string
  readonly approvers: ReadonlyMap<string, Person>
  readonly delegations: Situation['delegations']
}

/** Reads who is known now, with which roles, and who stands in for whom. */
export async function surroundings(
  platform: Platform,
  rule: ApprovalRule,
  workspaceId: string,
): Promise<Surroundings> {
  const [approvers, delegations] = await Promise.all([
    everybody(platform, workspaceId),
    delegationsIn(platform, workspaceId),
  ])
  return { rule, workspace: workspaceId.split('/').at(-1) ?? '', approvers, delegations }
}

/** Asks for the approval of a stage whose gates have all let the candidate pass. */
export async function openApproval(platform: Platform, at: ApprovalAt): Promise<ApprovalProgress> {
  const rule = ruleOf(at)
  const release = asRelease(at.release)
  const now = platform.clock()
  const record: ApprovalRecord = {
    state: 'open',
    requestedAt: now.toISOString(),
    expiresAt: new Date(now.getTime() + rule.withinMs).toISOString(),
    evidence: evidenceDigest(at.state, at.stage.name),
    requesters: await requestersOf(platform, release),
    decisions: [],
  }
  const found = await judged(platform, at, record)
  return {
    record,
    events: [asked(at, record)],
    waitingFor: waitingFor(found.situation, found.judgement),
    again: Math.min(lookAgainMs, rule.withinMs),
  }
}

/**
 * What it comes to now: judged anew by the roles that people hold, by who stands in for whom and by what the gates have
 * found, as they are at this moment. With other evidence, those who may approve are asked again.
 */
export async function judgeApproval(
  platform: Platform,
  at: ApprovalAt,
  before: ApprovalRecord,
): Promise<ApprovalProgress> {
  const evidence = evidenceDigest(at.state, at.stage.name)
  const record = { ...before, evidence }
  const { situation, judgement } = await judged(platform, at, record)
  const next: ApprovalRecord = { ...record, state: judgement.state }
  const told = { waitingFor: waitingFor(situation, judgement), record: next }
  if (next.state !== 'open') return { ...told, events: [decided(at, next)] }
  const again = Math.min(lookAgainMs, Math.max(0, Date.parse(next.expiresAt) - situation.now))
  return { ...told, events: evidence === before.evidence ? [] : [asked(at, next)], again }
}

async function judged(platform: Platform, at: ApprovalAt, record: ApprovalRecord) {
  const around = await surroundings(platform, ruleOf(at), at.workspaceId)
  const situation = situationOf(around, record, platform.clock())
  return { situation, judgement: judge(situation, record) }
}

/** A record in its surroundings. */
export const situationOf = (
  around: Surroundings,
  { requesters, evidence }: Pick<ApprovalRecord, 'requesters' | 'evidence'>,
  now: Date,
): Situation & Surroundings => ({ ...around, requesters, evidence, now: now.getTime() })

function ruleOf({ stage }: ApprovalAt): ApprovalRule {
  if (stage.approval === undefined) throw new Error(`Stage '${stage.name}' needs no approval.`)
  return stage.approval
}

const asked = ({ release, state, stage, workspaceId }: ApprovalAt, record: ApprovalRecord): NewEvent =>
  releaseEvent({ id: release.id, status: state }, 'ApprovalRequested', {
    stage: stage.name,
    stageWorkspaceId: workspaceId,
    roles: stage.approval?.roles,
    count: stage.approval?.count,
    requestedAt: record.requestedAt,
    expiresAt: record.expiresAt,
    evidence: record.evidence,
  })

const decided = ({ release, state, stage, workspaceId }: ApprovalAt, record: ApprovalRecord): NewEvent =>
  releaseEvent({ id: release.id, status: state }, 'ApprovalDecided', {
    stage: stage.name,
    stageWorkspaceId: workspaceId,
    outcome: record.state,
    requestedAt: record.requestedAt,
    decisions: record.decisions.map(({ verdict, by, onBehalfOf, role, at, comment, via, run }) => ({
      verdict,
      by: by.name,
      onBehalfOf: onBehalfOf?.name,
      role,
      at,
      comment,
      via,
      run,
    })),
  })

/** For whom an open approval waits. Says so, too, if there is nobody who could give it. */
export function waitingFor(situation: Situation, judgement: Judgement): string {
  const { rule, workspace, requesters } = situation
  const could = couldApprove(situation, judgement)
  const roles = rule.roles.join(' or ')
  const people = judgement.missing === 1 ? 'one approval' : `${judgement.missing} approvals`
  if (could.length >= judgement.missing)
    return `Waits for ${people} by ${roles} at workspace '${workspace}': ${listed(could.map(({ name }) => name))}.`
  const but = rule.notRequester && requesters.length > 0 ? ' but those who asked for it' : ''
  const enough = could.length === 0 ? 'nobody' : `only ${listed(could.map(({ name }) => name))}`
  if (rule.ci) return `Waits for ${people} by ${roles} at workspace '${workspace}', or by CI.`
  const one = isForOne(situation, judgement) ? ' A team of one plans `not_requester: false`.' : ''
  return `Waits for ${people}, and there is ${enough}${but} who may give it: ${roles} at workspace '${workspace}' is needed.${one}`
}

/** True if only whoever asked for the release could approve it. */
function isForOne(situation: Situation, judgement: Judgement): boolean {
  const rule = { ...situation.rule, notRequester: false }
  return (
    situation.rule.notRequester && couldApprove({ ...situation, rule }, judgement).length >= judgement.missing
  )
}

/** At most five by name. */
const listed = (names: readonly string[]): string =>
  names.length <= 5 ? names.join(', ') : `${names.slice(0, 5).join(', ')} and ${names.length - 5} more`
