import { errors } from '../../kernel/errors.ts'
import type { Platform } from '../../kernel/platform.ts'
import type { Resource } from '../../kernel/resources/resource.ts'
import type { Db } from '../../store/database.ts'
import { changeRelease } from '../releases/change.ts'
import { asRelease, type ApprovalRecord, type Decision, type Release } from '../releases/release.ts'
import { stageWorkspace } from '../releases/stage-workspace.ts'
import { currentStage, hasEnded, labelOf, withStage } from '../releases/state.ts'
import { situationOf, surroundings, type Surroundings } from './approval.ts'
import { judge, standing, withDecision, type CiClaim, type Judgement } from './rule.ts'

/** What somebody wants to decide. */
export interface Wanted {
  readonly verdict: Decision['verdict']
  readonly comment?: string
  readonly via: string
  /** Where CI decides: whom it has asked, and where. */
  readonly claim?: CiClaim
  /** Name of the stage that it is for, and digest of the evidence that was seen; other ones are refused. */
  readonly stage?: string
  readonly evidence?: string
  /** Written with the decision, or neither. */
  readonly also?: (db: Db) => Promise<void>
}

/** What became of a decision. */
export interface Decided {
  readonly record: ApprovalRecord
  readonly decision: Decision
  readonly judgement: Judgement
  /** One sentence. */
  readonly told: string
}

/**
 * Writes down what somebody decides about the stage that a release waits in. Throws conflict if it waits for no approval
 * (any more) or for another one than was seen, forbidden if they may not, validation for a refusal without a reason.
 */
export async function decide(
  platform: Platform,
  resource: Resource,
  who: string,
  wanted: Wanted,
): Promise<Decided> {
  const { verdict, comment } = wanted
  if (verdict === 'refuse' && (comment ?? '').trim() === '')
    throw errors.validation('A refusal needs its reason: whoever made the candidate has to know.', {
      target: 'comment',
    })
  const waiting = openIn(asRelease(resource), wanted)
  const workspace = await stageWorkspace(platform, asRelease(resource), waiting.stage.name)
  // Read last of all, so that a role that was just taken does not count.
  const around = await surroundings(platform, waiting.rule, workspace.id)
  let decided: Decided | undefined
  await changeRelease(platform, resource.key, (release) => {
    const { stage, approval } = openIn(release, wanted)
    decided = weigh(platform, around, approval, who, wanted)
    const { record, told, decision } = decided
    return {
      state: withStage(release.status, stage.name, { approval: record }),
      happened: [{ who: decision.by.name, what: told }],
      ...(wanted.also === undefined ? {} : { also: wanted.also }),
    }
  })
  if (decided === undefined) throw errors.notFound(`'${resource.id}' has gone.`)
  return decided
}

/** The approval that a release waits for. Throws conflict if there is none, or if it is not the one that was seen. */
export function openIn(release: Release, seen: Pick<Wanted, 'stage' | 'evidence'> = {}) {
  const label = labelOf(release)
  const { record, plan } = currentStage(release.status) ?? {}
  const { approval } = record ?? {}
  const rule = plan?.approval
  if (seen.stage !== undefined && record?.name !== seen.stage)
    throw errors.conflict(
      `Release ${label} is not in stage '${seen.stage}' any more: it is ${release.status.state}.`,
    )
  const isBeingCancelled = release.status.cancelling !== undefined && !hasEnded(release.status)
  const isOver = isBeingCancelled || hasEnded(release.status)
  if (
    record === undefined ||
    plan === undefined ||
    rule === undefined ||
    approval?.state !== 'open' ||
    isOver
  )
    throw errors.conflict(
      approval === undefined || approval.state === 'open'
        ? `Release ${label} waits for no approval: it is ${isBeingCancelled ? 'being cancelled' : release.status.state}.`
        : `The approval of stage '${record?.name}' of release ${label} is closed: it is ${approval.state}.`,
    )
  if (seen.evidence !== undefined && seen.evidence !== approval.evidence)
    throw errors.conflict(
      `What the gates of release ${label} have found has changed since: look at it again before you decide.`,
    )
  return { stage: plan, approval, rule }
}

function weigh(
  platform: Platform,
  around: Surroundings,
  approval: ApprovalRecord,
  who: string,
  { verdict, comment, via, claim }: Wanted,
): Decided {
  const now = platform.clock()
  const situation = situationOf(around, approval, now)
  if (now.getTime() >= Date.parse(approval.expiresAt))
    throw errors.conflict(`The time for this approval was over at ${approval.expiresAt}.`)
  const right = standing(situation, who, verdict, claim)
  if ('refusal' in right) throw errors.forbidden(right.refusal)
  const decision: Decision = {
    verdict,
    by: { id: who, name: around.approvers.get(who.toLowerCase())?.name ?? who },
    ...right,
    at: now.toISOString(),
    ...(comment === undefined || comment.trim() === '' ? {} : { comment: comment.trim() }),
    via,
    evidence: approval.evidence,
    ...(claim === undefined ? {} : { run: claim.run }),
  }
  const record = withDecision(situation, approval, decision)
  const judgement = judge(situation, record)
  return { record, decision, judgement, told: inWords(decision) + stillNeeded(judgement, record) }
}

/** `approved it as ML Engineer for Ana (holiday is over)`. */
function inWords({ verdict, role, onBehalfOf, comment, via, run }: Decision): string {
  const done = verdict === 'approve' ? 'approved' : 'refused'
  const as = onBehalfOf === undefined ? ` as ${role}` : ` as ${role} for ${onBehalfOf.name}`
  const by = via === 'ci' ? ` in ${run}` : via === 'link' ? ' by a link' : ''
  return `${done} it${as}${by}${comment === undefined ? '' : `: ${comment}`}`
}

const stillNeeded = ({ missing }: Judgement, { state }: ApprovalRecord): string =>
  state === 'open' ? ` (${missing} more ${missing === 1 ? 'is' : 'are'} needed)` : ''
