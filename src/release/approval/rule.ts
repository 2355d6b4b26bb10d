import type { Actor } from '../../kernel/access/access.ts'
import type { ApprovalRule } from '../plan/plan.ts'
import type { ApprovalRecord, Decision, Requester } from '../releases/release.ts'

/** Somebody who is known here, as they are now. */
export interface Approver {
  readonly id: string
  readonly name: string
  readonly kind: Actor['kind']
  readonly enabled: boolean
  /** Names of the roles held at the stage's workspace or above it that allow to approve. */
  readonly roles: readonly string[]
  /** Of a program: the principals in whose hands it is: who made it or has a password of it, and who is behind those. */
  readonly owners: readonly string[]
  /** What they are called elsewhere: `github:octocat`. */
  readonly identities: readonly string[]
}

/** `from` lets `to` use their right, from `since` to before `until` (ms). */
export interface Delegation {
  readonly from: string
  readonly to: string
  readonly since: number
  readonly until: number
}

/** Everything that an approval is judged by, as it is at `now` (ms). */
export interface Situation {
  readonly rule: ApprovalRule
  /** Name of the stage's workspace. */
  readonly workspace: string
  readonly requesters: readonly Requester[]
  /** By id in lower case. */
  readonly approvers: ReadonlyMap<string, Approver>
  readonly delegations: readonly Delegation[]
  /** Digest of what the gates have found. */
  readonly evidence: string
  readonly now: number
}

/** What CI says about the people whom it has asked. */
export interface CiClaim {
  /** `github:octocat` */
  readonly person: string
  readonly run: string
}

/** By which right somebody may decide: their own, or another's. Or why not, as a sentence. */
export type Standing =
  | { readonly role: string; readonly onBehalfOf?: NonNullable<Decision['onBehalfOf']> }
  | { readonly refusal: string }

export const sameId = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase()

/**
 * Whether `who` may decide now. People decide by a role of the rule that they hold at the stage's workspace, or by that of
 * somebody who has delegated it to them and still holds it; a right that was delegated is not delegated on. Programs
 * decide where the rule lets CI, and only with what CI claims. Nobody who asked for the release approves it, neither for
 * themselves nor for somebody else, nor does somebody else with their right; they may refuse it.
 */
export function standing(
  situation: Situation,
  who: string,
  verdict: Decision['verdict'],
  claim?: CiClaim,
): Standing {
  const { rule, approvers, delegations, now } = situation
  const approver = approvers.get(who.toLowerCase())
  if (approver?.enabled !== true) return { refusal: 'Whoever decides has to be known here, and enabled.' }
  if (approver.kind !== 'User') return standingOfProgram(situation, approver, verdict, claim)
  if (claim !== undefined)
    return { refusal: `${approver.name} is a person, and decides for themselves rather than for CI.` }
  const asked = verdict === 'approve' ? whyRequester(situation, approver.id) : undefined
  if (asked !== undefined)
    return { refusal: `${approver.name} ${asked}, and somebody else has to approve it.` }
  const own = roleOf(rule, approver)
  if (own !== undefined) return { role: own }
  for (const { from } of delegations.filter((d) => sameId(d.to, who) && d.since <= now && now < d.until)) {
    const right = delegatedRight(situation, from, verdict)
    if (right !== undefined) return right
  }
  return { refusal: lacking(situation, approver) }
}

/** The right of somebody who has delegated it, if they have one themselves. */
function delegatedRight(
  situation: Situation,
  from: string,
  verdict: Decision['verdict'],
): Exclude<Standing, { refusal: string }> | undefined {
  const delegator = situation.approvers.get(from.toLowerCase())
  if (delegator?.enabled !== true || delegator.kind !== 'User') return undefined
  if (verdict === 'approve' && whyRequester(situation, delegator.id) !== undefined) return undefined
  const role = roleOf(situation.rule, delegator)
  return role === undefined ? undefined : { role, onBehalfOf: { id: delegator.id, name: delegator.name } }
}

function standingOfProgram(
  situation: Situation,
  program: Approver,
  verdict: Decision['verdict'],
  claim: CiClaim | undefined,
): Standing {
  const { rule, requesters, approvers } = situation
  const refusal = (why: string) => ({ refusal: `${program.name} ${why}` })
  if (program.kind !== 'Application') return refusal('is no person.')
  if (!rule.ci) return refusal('is a program: the plan does not let programs approve (`ci: true`).')
  if (claim === undefined)
    return refusal('is a program, and has to say for whom it decides and in which run (on_behalf_of, run).')
  const role = roleOf(rule, program)
  if (role === undefined) return { refusal: lacking(situation, program) }
  const person = [...approvers.values()].find(({ identities }) =>
    identities.some((identity) => sameId(identity, claim.person)),
  )
  if (person?.enabled === false) return refusal(`decides for ${person.name}, who is disabled.`)
  if (verdict === 'approve' && rule.notRequester) {
    const direct = requesters.filter(({ behind }) => behind === undefined)
    const itself = direct.find(({ id }) => sameId(id, program.id))
    if (itself !== undefined) return refusal(`${itself.why}, and somebody else has to approve it.`)
    const owner = direct.find(({ id }) => program.owners.some((owner) => sameId(owner, id)))
    if (owner !== undefined)
      return refusal(`is in the hands of ${owner.name}, who ${owner.why}; somebody else has to approve it.`)
    const asked = person === undefined ? undefined : whyRequester(situation, person.id)
    if (asked !== undefined)
      return refusal(`decides for ${person?.name}, who ${asked}; somebody else has to approve it.`)
  }
  const { id, name } = person ?? { id: claim.person, name: claim.person }
  return { role, onBehalfOf: { id, name } }
}

/** What somebody did to ask for the release, if that keeps them from approving it. */
function whyRequester({ rule, requesters }: Situation, id: string): string | undefined {
  if (!rule.notRequester) return undefined
  return requesters.find((requester) => sameId(requester.id, id))?.why
}

const roleOf = (rule: ApprovalRule, { roles }: Approver): string | undefined =>
  rule.roles.find((role) => roles.some((held) => sameId(held, role)))

function lacking({ rule, workspace }: Situation, { name, roles }: Approver): string {
  const wanted = rule.roles.map((role) => `'${role}'`).join(' or ')
  const has = roles.length === 0 ? '' : ` (has ${roles.join(', ')})`
  return `${name} needs the role ${wanted} at workspace '${workspace}'${has}, or a delegation by somebody who holds it.`
}

/** An approval as it stands. */
export interface Judgement {
  readonly state: ApprovalRecord['state']
  /** Approvals that count, one a person and one a right. */
  readonly counted: readonly Decision[]
  /** Approvals that were given and do not count any more, each with the reason as a sentence. */
  readonly void: readonly { readonly decision: Decision; readonly why: string }[]
  /** How many are still needed. */
  readonly missing: number
}

/**
 * Judges by what is true now, not by what was when each decision was made: roles, delegations and evidence may have
 * changed. What is closed stays as it was.
 */
export function judge(situation: Situation, record: ApprovalRecord): Judgement {
  const { rule, now } = situation
  const counted: Decision[] = []
  const invalid: Judgement['void'][number][] = []
  for (const decision of record.decisions.filter(({ verdict }) => verdict === 'approve')) {
    const why = flaw(situation, decision) ?? duplicate(counted, decision)
    if (why === undefined) counted.push(decision)
    else invalid.push({ decision, why })
  }
  const missing = Math.max(0, rule.count - counted.length)
  const open = missing === 0 ? 'approved' : 'open'
  const state =
    record.state !== 'open' ? record.state : now >= Date.parse(record.expiresAt) ? 'expired' : open
  return { state, counted, void: invalid, missing }
}

/** Why an approval that was given does not count now. */
function flaw(situation: Situation, decision: Decision): string | undefined {
  const { by, onBehalfOf, run, evidence } = decision
  if (evidence !== situation.evidence) return 'What the gates have found has changed since.'
  if (decision.via === 'ci' && onBehalfOf !== undefined) {
    const again = standing(situation, by.id, 'approve', {
      person: identityOf(situation, onBehalfOf.id),
      run: run ?? '',
    })
    return 'refusal' in again ? again.refusal : undefined
  }
  if (onBehalfOf === undefined) {
    const own = standing({ ...situation, delegations: [] }, by.id, 'approve')
    return 'refusal' in own ? own.refusal : undefined
  }
  // It had to be in force when it was used; one that was withdrawn since is not there any more.
  const at = Date.parse(decision.at)
  const delegations = situation.delegations.filter(({ from }) => sameId(from, onBehalfOf.id))
  const used = standing({ ...withoutOwnRoles(situation, by.id), delegations, now: at }, by.id, 'approve')
  return 'refusal' in used
    ? `${by.name} decided for ${onBehalfOf.name}, which does not hold any more.`
    : undefined
}

/** So that a delegated decision is judged by the right that it used. */
function withoutOwnRoles(situation: Situation, id: string): Situation {
  const approver = situation.approvers.get(id.toLowerCase())
  if (approver === undefined) return situation
  const approvers = new Map(situation.approvers).set(id.toLowerCase(), { ...approver, roles: [] })
  return { ...situation, approvers }
}

/** A name by which CI's claim leads to the person again whom it was taken for. */
const identityOf = ({ approvers }: Situation, id: string): string =>
  approvers.get(id.toLowerCase())?.identities[0] ?? id

/** Two approvals by one person or by one person's right are one. */
function duplicate(counted: readonly Decision[], decision: Decision): string | undefined {
  const rightOf = ({ by, onBehalfOf }: Decision) => (onBehalfOf ?? by).id
  const other = counted.find((c) => sameId(rightOf(c), rightOf(decision)) || sameId(c.by.id, decision.by.id))
  return other === undefined ? undefined : `${(other.onBehalfOf ?? other.by).name} counts already.`
}

/** The record with a decision in it: in the place of the person's earlier one, and closed if that was the last it needed. */
export function withDecision(
  situation: Situation,
  record: ApprovalRecord,
  decision: Decision,
): ApprovalRecord {
  const others = record.decisions.filter(({ by }) => !sameId(by.id, decision.by.id))
  const decided = { ...record, decisions: [...others, decision] }
  if (decision.verdict === 'refuse') return { ...decided, state: 'refused' }
  return { ...decided, state: judge(situation, decided).state }
}

/** Who could approve now and does not count yet, people only. */
export function couldApprove(situation: Situation, judgement: Judgement): readonly Approver[] {
  const taken = judgement.counted.flatMap(({ by, onBehalfOf }) => [by.id, onBehalfOf?.id ?? by.id])
  return [...situation.approvers.values()].filter((approver) => {
    if (approver.kind !== 'User' || taken.some((id) => sameId(id, approver.id))) return false
    const may = standing(situation, approver.id, 'approve')
    return !('refusal' in may) && !taken.some((id) => sameId(id, may.onBehalfOf?.id ?? approver.id))
  })
}
