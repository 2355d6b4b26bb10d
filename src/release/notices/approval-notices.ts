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
    const found = await platform.resources.find(releaseId)
    if (found === undefined) return
    const known = await knownOf(platform, asRelease(found), stage, data)
    if (known === undefined) return
    if (type === 'Twinloop.ReleaseApprovalRequested') await ask(platform, known)
    else await tellOutcome(platform, known)
  },
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

/** Asks each who could approve, by links of their own, and tells whom the plan names beside them. */
async function ask(platform: Platform, known: Known): Promise<void> {
  const { approval, about, could, notify, workspaceId, release } = known
  // Decided, or asked anew, since the event was written.
  if (approval.state !== 'open' || approval.evidence !== about.event['evidence']) return
  const page = reviewUrl(platform, release.id)
  const linksFor = (person: Person) =>
    makeLinks(platform, {
      principalId: person.id,
      release: release.key,
      stage: about.review.stage,
      evidence: approval.evidence,
      expiresAt: new Date(approval.expiresAt),
    })
  const addressed = notify.filter(isAddress)
  const asked = (await mayMail(platform, workspaceId))
    ? could
    : could.filter(({ mail }) => isNamed(addressed, mail))
  for (const person of asked.filter(({ mail }) => mail !== undefined)) {
    const links = linksFor(person)
    const ways = { page, approve: links.approve, refuse: links.refuse }
    await post(
      platform,
      workspaceId,
      { mail: person.mail ?? '' },
      await approvalAsked(about, ways, person.name),
      links.keep,
    )
  }
  const message = await approvalAsked(about, { page }, undefined)
  for (const mail of addressed.filter((address) => !asked.some((person) => isNamed([address], person.mail))))
    await post(platform, workspaceId, { mail }, message)
  for (const connection of notify.filter((receiver) => !isAddress(receiver)))
    await tellProgram(platform, known, connection, message, linksFor)
}

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
  { workspaceId, could }: Known,
  connection: string,
  message: Message,
  linksFor: (person: Person) => PersonalLinks,
): Promise<void> {
  const id = childId(workspaceId, 'connections', connection)
  const { metadata } = (await platform.resources.find<Connection>(id))?.properties ?? {}
  if (metadata?.[trustedWithLinks] !== 'true')
    return void (await post(platform, workspaceId, { connection }, withPeople(message, could)))
  const each = could.map((person) => ({ person, links: linksFor(person) }))
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
