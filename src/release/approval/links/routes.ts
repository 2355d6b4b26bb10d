import { Hono, type Context } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { hashToken, type Actor } from '../../../kernel/access/access.ts'
import { errors, UserError } from '../../../kernel/errors.ts'
import { notSignedIn, type Html } from '../../../kernel/http/page.ts'
import type { Platform } from '../../../kernel/platform.ts'
import type { Frame } from '../../../kernel/rest/arm.ts'
import { insertAudit } from '../../../store/access-rows.ts'
import { findApprovalLink, useApprovalLink } from '../../../store/approval-rows.ts'
import type { ApprovalLinkRow } from '../../../store/approval-tables.ts'
import type { Db } from '../../../store/database.ts'
import { asRelease, type Decision, type Release } from '../../releases/release.ts'
import { stageWorkspace } from '../../releases/stage-workspace.ts'
import { situationOf, surroundings } from '../approval.ts'
import { decide, openIn } from '../decide.ts'
import { judge, standing } from '../rule.ts'
import { dateOf, reviewOf, type Review } from '../review.ts'
import { releaseIdOf } from './link.ts'
import { onceMorePage, reviewPage, toldPage, waitingPage, type Reader } from './page.ts'
import { waitingFor } from './waiting.ts'

const largestForm = bodyLimit({
  maxSize: 64 * 1024,
  onError: () => {
    throw errors.tooLarge('A decision is a form of at most 64 KiB.')
  },
})

/**
 * `GET /approvals?link=…` (or `?release=…` for who is signed in) shows what a release waits with, `GET /approvals` all that
 * waits; `POST /approvals` decides.
 * GET changes nothing: mail scanners open links before people do. A link needs no login and counts as the person to whom
 * it was sent, once, for the verdict, the stage and the evidence that it was sent with, until its end.
 */
export function approvalRoutes(platform: Platform): Hono<Frame> {
  const app = new Hono<Frame>()
  app.use('/approvals', async (context, next) => {
    await next()
    for (const [name, value] of Object.entries(careful)) context.res.headers.set(name, value)
  })
  app.get('/approvals', async (context) => show(platform, context))
  app.post('/approvals', largestForm, async (context) => take(platform, context))
  return app
}

/** The address says who may decide: it goes to no other page, into no cache and into no index. */
const careful = {
  'content-security-policy':
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
  'referrer-policy': 'same-origin',
  'cache-control': 'no-store',
  'x-robots-tag': 'noindex, nofollow',
}

async function show(platform: Platform, context: Context<Frame>) {
  return answered(context, async () => {
    if (!context.req.query('link') && !context.req.query('release')) {
      const actor = await platform.access.authenticate(context.req.raw.headers)
      return waitingPage(actor.name, await waitingFor(platform, actor))
    }
    const entry = await enter(platform, context, {
      link: context.req.query('link') ?? '',
      release: context.req.query('release') ?? '',
    })
    const told = entry.link === undefined ? await closed(platform, entry) : undefined
    if (told !== undefined) return told
    const { review, reader } = await look(platform, entry)
    return reviewPage(review, reader)
  })
}

async function take(platform: Platform, context: Context<Frame>) {
  return answered(context, async () => {
    const form = (await context.req.parseBody()) as Readonly<Record<string, unknown>>
    const read = (name: string) => (typeof form[name] === 'string' ? form[name] : '')
    const entry = await enter(platform, context, { link: read('link'), release: read('release') })
    const verdict = read('verdict')
    if (verdict !== 'approve' && verdict !== 'refuse')
      throw errors.badRequest(`The verdict is '${verdict}'; expected approve or refuse.`)
    if (entry.link !== undefined && entry.link.verdict !== verdict)
      throw errors.forbidden(`This link is there to ${entry.link.verdict}; the other one was sent with it.`)
    if (read('comment').length > 4000) throw errors.validation('A comment has 4,000 characters at most.')
    const { told, record, judgement } = await decide(platform, entry.release, entry.who, {
      verdict,
      comment: read('comment'),
      via: entry.link === undefined ? 'studio' : 'link',
      stage: entry.link?.stage ?? read('stage'),
      evidence: entry.link?.evidence ?? read('evidence'),
      also: (db) => writeDown(db, platform, entry, verdict),
    })
    const done = {
      open: `Thank you. ${judgement.missing} more ${judgement.missing === 1 ? 'approval is' : 'approvals are'} needed.`,
      approved: 'Thank you. That was the last one that was needed: the release goes on.',
      refused: 'Thank you. The release ends here.',
      expired: 'The time for it is over.',
    }[record.state]
    return toldPage(verdict === 'approve' ? 'Approved' : 'Refused', [done, `Written down: ${told}.`])
  })
}

/** Uses the link up and audits the decision, in the transaction of the decision. */
async function writeDown(
  db: Db,
  platform: Platform,
  { link, who, release }: Entry,
  verdict: Decision['verdict'],
) {
  const now = platform.clock().getTime()
  if (link !== undefined && !(await useApprovalLink(db, link.hash, now))) throw usedUp(link, now)
  await insertAudit(db, {
    time: now,
    actor: who,
    operation: `Twinloop/releasePlans/releases/${verdict}/action`,
    resource: release.key,
    status: 200,
    request_id: '',
    detail: link === undefined ? `${verdict} on the page` : `${verdict} by a link`,
  })
}

/** Who is here, about which release. */
interface Entry {
  readonly who: string
  readonly release: Release
  /** The link by which they came, with its text; undefined if they are signed in. */
  readonly link: (ApprovalLinkRow & { readonly token: string }) | undefined
}

/** Throws a UserError that says why somebody cannot be let in by what they brought. */
async function enter(
  platform: Platform,
  context: Context<Frame>,
  given: { readonly link: string; readonly release: string },
): Promise<Entry> {
  const signedIn = await platform.access.authenticate(context.req.raw.headers).catch(() => undefined)
  if (given.link === '') return enterSignedIn(platform, signedIn, given.release)
  const link = await findApprovalLink(platform.store.db, hashToken(given.link))
  if (link === undefined) throw errors.notFound('This link is not known here, or it is long over.')
  const now = platform.clock().getTime()
  if (link.used_at > 0 || link.expires_at <= now) throw usedUp(link, now)
  if (signedIn !== undefined && signedIn.id.toLowerCase() !== link.principal_id.toLowerCase())
    throw errors.forbidden(
      `This link was sent to somebody else, and you are signed in as ${signedIn.name}. Decide with your own.`,
    )
  const found = await platform.resources.find(link.release)
  if (found === undefined) throw errors.notFound('The release that this link is about has gone.')
  return { who: link.principal_id, release: asRelease(found), link: { ...link, token: given.link } }
}

async function enterSignedIn(platform: Platform, actor: Actor | undefined, release: string): Promise<Entry> {
  if (actor === undefined) throw errors.unauthenticated('You are not signed in.')
  if (actor.confinedTo !== '') throw errors.forbidden(`The token of ${actor.name} decides nothing.`)
  const id = releaseIdOf(platform.config, release)
  if (id === undefined)
    throw errors.badRequest('The address names no release: expected ?release={workspace}/{plan}/{number}.')
  await platform.access.require(actor, 'Twinloop/releasePlans/releases/read', id)
  return { who: actor.id, release: asRelease(await platform.resources.get(id)), link: undefined }
}

const usedUp = ({ used_at }: ApprovalLinkRow, now: number): UserError =>
  errors.conflict(
    used_at > 0
      ? `This link was used at ${dateOf(new Date(used_at).toISOString())}. It works once; to change your mind, use the other one or sign in.`
      : `The time for this decision is over (now it is ${dateOf(new Date(now).toISOString())}).`,
  )

/** What there is to decide, for somebody who may. Throws conflict or forbidden if there is nothing, or not for them. */
async function look(
  platform: Platform,
  { who, release, link }: Entry,
): Promise<{ readonly review: Review; readonly reader: Reader }> {
  const seen = link === undefined ? {} : { stage: link.stage, evidence: link.evidence }
  const { stage, approval, rule } = openIn(release, seen)
  const workspace = await stageWorkspace(platform, release, stage.name)
  const around = await surroundings(platform, rule, workspace.id)
  const situation = situationOf(around, approval, platform.clock())
  const offered: readonly Decision['verdict'][] =
    link === undefined ? ['approve', 'refuse'] : [link.verdict as Decision['verdict']]
  const rights = offered.map((verdict) => ({ verdict, right: standing(situation, who, verdict) }))
  const granted = rights.flatMap(({ verdict, right }) => ('refusal' in right ? [] : [{ verdict, right }]))
  const [first] = granted
  if (first === undefined) {
    const [refused] = rights.map(({ right }) => right)
    throw errors.forbidden(
      refused !== undefined && 'refusal' in refused ? refused.refusal : 'You may not decide.',
    )
  }
  const { role, onBehalfOf } = first.right
  const judgement = judge(situation, approval)
  return {
    review: reviewOf(release, { stage: stage.name, workspace: workspace.name, approval, judgement }),
    reader: {
      name: around.approvers.get(who.toLowerCase())?.name ?? who,
      right: onBehalfOf === undefined ? `as ${role}` : `as ${role} in the place of ${onBehalfOf.name}`,
      verdicts: granted.map(({ verdict }) => verdict),
      byLink: link !== undefined,
      ...(link === undefined ? { files: filesOf(release) } : {}),
      hidden:
        link === undefined
          ? { release: release.id, stage: stage.name, evidence: approval.evidence }
          : { link: link.token },
    },
  }
}

/** How the approval of a release has come out that was asked for last, if none is open. */
async function closed(platform: Platform, { release }: Entry): Promise<Html | undefined> {
  const { stages, plan } = release.status
  const asked = stages.findLast(({ approval }) => approval !== undefined)
  const rule = plan.stages.find(({ name }) => name === asked?.name)?.approval
  if (asked?.approval === undefined || asked.approval.state === 'open' || rule === undefined) return undefined
  const { approval, name: stage } = asked
  const workspace = await stageWorkspace(platform, release, stage)
  const around = await surroundings(platform, rule, workspace.id)
  const judgement = judge(situationOf(around, approval, platform.clock()), approval)
  const review = reviewOf(release, { stage, workspace: workspace.name, approval, judgement })
  const { model, version } = review
  return toldPage(`${model}:${version} for ${stage}: ${approval.state}`, [release.status.reason], {
    review,
    files: filesOf(release),
  })
}

/** Below which the files of its evidence are, for who may read the release. */
const filesOf = ({ id }: Release) => `${id}/evidence`

/** A page for what `make` finds, or for why it cannot. */
async function answered(context: Context<Frame>, make: () => Promise<Html>) {
  try {
    return context.html(await make())
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    if (error.kind.status === 401) return context.html(await signedOut(context), 401)
    const title = titles[error.kind.status] ?? 'This is not possible'
    return context.html(await toldPage(title, [error.message]), error.kind.status as ContentfulStatusCode)
  }
}

/**
 * Whoever follows a link from a mail or a chat comes without their session's cookie, which only this server's own pages
 * send along: so they are let come once more, from here.
 */
function signedOut(context: Context<Frame>): Html {
  if (context.req.method !== 'GET' || context.req.query('again') !== undefined) return notSignedIn()
  return onceMorePage(`/approvals?release=${encodeURIComponent(context.req.query('release') ?? '')}&again=1`)
}

const titles: Readonly<Record<number, string>> = {
  400: 'Something is missing',
  403: 'This is not for you to decide',
  404: 'There is nothing here',
  409: 'Not any more',
}
