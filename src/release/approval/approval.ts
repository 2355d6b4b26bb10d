import { createHash } from 'node:crypto'
import type { Platform } from '../../kernel/platform.ts'
import type { NewEvent, Resource } from '../../kernel/resources/resource.ts'
import { stableJson } from '../../kernel/resources/row.ts'
import type { ReleasedModel } from '../gates/gate.ts'
import type { Stage } from '../plan/plan.ts'
import { releaseEvent } from '../releases/change.ts'
import { asRelease, type ApprovalRecord, type ReleaseState } from '../releases/release.ts'

/** Where an approval is asked for. */
export interface ApprovalAt {
  readonly release: Resource
  readonly state: ReleaseState
  readonly stage: Stage
  /** Id of the stage's workspace, in which roles count. */
  readonly workspaceId: string
  readonly candidate: ReleasedModel
}

/** A record to keep, with what is told in the same transaction, and when to look again (ms) if nobody decides. */
export interface ApprovalProgress {
  readonly record: ApprovalRecord
  readonly events: readonly NewEvent[]
  readonly again?: number
}

/** Asks for the approval of a stage whose gates have all let the candidate pass. */
export async function openApproval(platform: Platform, at: ApprovalAt): Promise<ApprovalProgress> {
  const now = platform.clock()
  const { startedBy, candidate } = at.state
  const rule = at.stage.approval
  const record: ApprovalRecord = {
    state: 'open',
    evidence: evidenceOf(at),
    requesters: [
      { id: startedBy.id, name: startedBy.name, why: 'started the release' },
      { id: '', name: candidate.registeredBy, why: 'registered the candidate' },
    ],
    requestedAt: now.toISOString(),
    expiresAt: new Date(now.getTime() + (rule?.withinMs ?? 0)).toISOString(),
    decisions: [],
  }
  const release = asRelease(at.release)
  const roles = { roles: rule?.roles ?? [], count: rule?.count ?? 1, expiresAt: record.expiresAt }
  return { record, events: [releaseEvent(release, 'ApprovalRequested', roles)] }
}

/** What it comes to with the decisions so far: one refusal ends it, and so does its time. */
export async function judgeApproval(
  platform: Platform,
  at: ApprovalAt,
  record: ApprovalRecord,
): Promise<ApprovalProgress> {
  const evidence = evidenceOf(at)
  const counted = record.decisions.filter((decision) => decision.evidence === evidence)
  const left = Date.parse(record.expiresAt) - platform.clock().getTime()
  const approvals = counted.filter(({ verdict }) => verdict === 'approve').length
  const state = counted.some(({ verdict }) => verdict === 'refuse')
    ? 'refused'
    : approvals >= (at.stage.approval?.count ?? 1)
      ? 'approved'
      : left <= 0
        ? 'expired'
        : 'open'
  const next = { ...record, evidence, state } as const
  if (state === 'open') return { record: next, events: [], again: left }
  return {
    record: next,
    events: [releaseEvent(asRelease(at.release), 'ApprovalDecided', { outcome: state })],
  }
}

/** Digest of what the gates of the stage found. */
const evidenceOf = ({ state, stage }: ApprovalAt): string => {
  const gates = state.stages.find(({ name }) => name === stage.name)?.gates ?? []
  const found = gates.map(({ name, attempt, state: of, result }) => ({ name, attempt, of, result }))
  return createHash('sha256').update(stableJson(found)).digest('hex')
}
