import { relayOf } from '../../admin/notices/mail/relay.ts'
import type { Message, Receiver } from '../../admin/notices/message.ts'
import { post } from '../../admin/notices/post.ts'
import { UserError } from '../../kernel/errors.ts'
import type { EventConsumer, Platform } from '../../kernel/platform.ts'
import { childId, scopeId } from '../../kernel/resources/arm-id.ts'
import type { Json } from '../../kernel/resources/resource.ts'
import { situationOf, surroundings } from '../approval/approval.ts'
import { isAddress } from '../approval/check.ts'
import { makeLinks, reviewUrl, type PersonalLinks } from '../approval/links/link.ts'
import type { Person } from '../approval/people.ts'
import { couldApprove, judge, sameId } from '../approval/rule.ts'
import { reviewOf } from '../approval/review.ts'
import { releaseEvent } from '../releases/change.ts'
import { releasesReconciler } from '../releases/reconcilers.ts'
import { asRelease, type ApprovalRecord, type Release } from '../releases/release.ts'
import { stageWorkspace } from '../releases/stage-workspace.ts'
import { approvalAsked, approvalDecided, type About, type Ways } from './messages.ts'

/** Metadata of a connection to a program that may be trusted with everybody's links, because it takes each to its person. */
const trustedWithLinks = 'approval_links'

/** Tells people and programs of approvals: who is asked, and what came of it. */
export const approvalNotices: EventConsumer = {
  name: 'release/approval-notices',
  types: ['Twinloop.ReleaseApprovalRequested', 'Twinloop.ReleaseApprovalDecided'],
  async handle({ type, data }, platform) {
    const { releaseId, stage } = data as { readonly releaseId: string; readonly stage: string }
    await unlessGone(platform, releaseId, async (release) => {
      const known = await knownOf(platform, release, stage, data)
      if (known === undefined) return
      if (type === 'Twinloop.ReleaseApprovalRequested') await ask(platform, known)
      else await tellOutcome(platform, known)
    })
  },
}

/** What changes who may approve: roles, people, and who stands in for whom. */
const changesWhoMay = ['roleAssignments', 'roleDefinitions', 'users', 'approvalDelegations']

/** Asks those, too, who may approve only since a release waits, and has it say anew for whom it does. */
export const approvalNewcomers: EventConsumer = {
  name: 'release/approval-newcomers',
  types: ['Microsoft.Resources.ResourceWriteSuccess', 'Microsoft.Resources.ResourceDeleteSuccess'],
  async handle({ data }, platform) {
    const type = String(data['resourceType']).split('/').at(-1) ?? ''
    if (!changesWhoMay.includes(type)) return
    const waiting = await platform.resources.list({
      type: 'releasePlans/releases',
      where: { 'status.state': 'waiting' },
      top: 100_000,
    })
    for (const { id, key, status } of waiting)
      await unlessGone(platform, id, async (release) => {
        platform.wake(releasesReconciler, key)
        const { approval } = release.status.stages.find(({ name }) => name === status['stage']) ?? {}
        if (approval?.state !== 'open') return
        const known = await knownOf(platform, release, release.status.stage, eventOf(release, approval))
        if (known !== undefined) await askPeople(platform, known)
      })
  },
}

/** As the event said that asked the others. */
const eventOf = (release: Release, { requestedAt, expiresAt, evidence }: ApprovalRecord): Json =>
  releaseEvent(release, 'ApprovalRequested', { requestedAt, expiresAt, evidence }).data

/** What cannot be told any more, because a release, its workspace or its plan has gone, is told to nobody. */
async function unlessGone(
  platform: Platform,
  releaseId: string,
  tell: (release: Release) => Promise<void>,
): Promise<void> {
  const found = await platform.resources.find(releaseId)
  if (found === undefined) return
  try {
    await tell(asRelease(found))
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    platform.log.warn('nobody can be told of an approval', { release: releaseId, error: error.message })
  }
}

/** A release and its approval as they are when it is told of them. */
interface Known {
  readonly release: Release
  readonly workspaceId: string
  readonly approval: ApprovalRecord
  readonly notify: readonly string[]
  readonly about: About
  readonly people: ReadonlyMap<string, Person>
  readonly could: readonly Person[]
}

async function knownOf(
  platform: Platform,
  release: Release,
  stage: string,
  event: Json,
): Promise<Known | undefined> {
  const approval = release.status.stages.find(({ name }) => name === stage)?.approval
  const rule = release.status.plan.stages.find(({ name }) => name === stage)?.approval
  if (approval === undefined || rule === undefined) return undefined
  const workspace = await stageWorkspace(platform, release, stage)
  const around = await surroundings(platform, rule, workspace.id)
  const situation = situationOf(around, approval, platform.clock())
  const judgement = judge(situation, approval)
  const could = couldApprove(situation, judgement)
  const review = reviewOf(release, { stage, workspace: workspace.name, approval, judgement })
  return {
    release,
    workspaceId: scopeId(release.id) ?? '',
    approval,
    notify: rule.notify,
    about: { releaseId: release.id, review, event },
    people: around.approvers,
    could: [...around.approvers.values()].filter(({ id }) => could.some((c) => sameId(c.id, id))),
  }
}

/** Asks each who could approve, and tells whom the plan names beside them. */
async function ask(platform: Platform, known: Known): Promise<void> {
  const { approval, about, notify, workspaceId, release } = known
  // Decided, or asked anew, since the event was written.
  if (approval.state !== 'open' || approval.evidence !== about.event['evidence']) return
  const asked = await askPeople(platform, known)
  const message = await approvalAsked(about, { page: reviewUrl(platform, release.id) }, undefined)
  for (const mail of notify.filter(isAddress))
    if (!asked.some((person) => isNamed([mail], person.mail)))
      await post(platform, workspaceId, { mail }, message)
  for (const connection of notify.filter((receiver) => !isAddress(receiver)))
    await tellProgram(platform, known, connection, message)
}

/** Asks each who could approve and has an address, by links of their own; whoever was asked already is not again. */
async function askPeople(platform: Platform, known: Known): Promise<readonly Person[]> {
  const { about, could, notify, workspaceId, release } = known
  const reachable = could.filter(({ mail }) => mail !== undefined)
  const asked = (await mayMail(platform, workspaceId))
    ? reachable
    : reachable.filter(({ mail }) => isNamed(notify, mail))
  for (const person of asked) {
    const { approve, refuse, keep } = linksFor(platform, known, person)
    const ways = { page: reviewUrl(platform, release.id), approve, refuse }
    const message = await approvalAsked(about, ways, person.name)
    await post(platform, workspaceId, { mail: person.mail ?? '' }, message, keep)
  }
  return asked
}

const linksFor = (platform: Platform, { release, about, approval }: Known, person: Person): PersonalLinks =>
  makeLinks(platform, {
    principalId: person.id,
    release: release.key,
    stage: about.review.stage,
    evidence: approval.evidence,
    expiresAt: new Date(approval.expiresAt),
  })

const isNamed = (addresses: readonly string[], mail: string | undefined) =>
  mail !== undefined && addresses.some((address) => sameId(address, mail))

/** Who is not named in the plan is written to only where mails are sent at all. */
async function mayMail(platform: Platform, workspaceId: string): Promise<boolean> {
  try {
    return (await relayOf(platform, workspaceId)) !== undefined
  } catch (error) {
    // The notices that fail will say what is wrong with it.
    if (error instanceof UserError) return true
    throw error
  }
}

/** A program gets everybody's links only where its connection says so. */
async function tellProgram(
  platform: Platform,
  known: Known,
  connection: string,
  message: Message,
): Promise<void> {
  const { workspaceId, could } = known
  const id = childId(workspaceId, 'connections', connection)
  const { metadata } = (await platform.resources.find<Connection>(id))?.properties ?? {}
  if (metadata?.[trustedWithLinks] !== 'true')
    return void (await post(platform, workspaceId, { connection }, withPeople(message, could)))
  const each = could.map((person) => ({ person, links: linksFor(platform, known, person) }))
  const approvers = each.map(({ person: { name, mail }, links: { approve, refuse } }) => ({
    name,
    mail,
    approve,
    refuse,
  }))
  await post(
    platform,
    workspaceId,
    { connection },
    { ...message, data: { ...message.data, approvers } },
    async (db) => {
      for (const { links } of each) await links.keep(db)
    },
  )
}

interface Connection {
  readonly metadata?: Readonly<Record<string, string>> | null
}

const withPeople = (message: Message, could: readonly Person[]): Message => ({
  ...message,
  data: { ...message.data, approvers: could.map(({ name, mail }) => ({ name, mail })) },
})

/** Tells those who asked for the release, and whom the plan names. */
async function tellOutcome(platform: Platform, known: Known): Promise<void> {
  const { approval, about, people, notify, workspaceId, release } = known
  const ways: Ways = { page: reviewUrl(platform, release.id) }
  const message = await approvalDecided(about, ways, approval.state)
  const requesters = approval.requesters
    .filter(({ behind }) => behind === undefined)
    .map(({ id }) => people.get(id.toLowerCase())?.mail)
    .filter((mail) => mail !== undefined)
  const mails = (await mayMail(platform, workspaceId)) ? requesters : []
  const addresses = new Map([...mails, ...notify.filter(isAddress)].map((mail) => [mail.toLowerCase(), mail]))
  const receivers: readonly Receiver[] = [
    ...[...addresses.values()].map((mail) => ({ mail })),
    ...notify.filter((receiver) => !isAddress(receiver)).map((connection) => ({ connection })),
  ]
  for (const receiver of receivers) await post(platform, workspaceId, receiver, message)
}
