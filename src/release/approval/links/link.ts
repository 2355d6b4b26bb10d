import { randomBytes } from 'node:crypto'
import { hashToken } from '../../../kernel/access/access.ts'
import { publicUrl } from '../../../kernel/http/public-url.ts'
import type { Platform } from '../../../kernel/platform.ts'
import { childId, workspaceId } from '../../../kernel/resources/arm-id.ts'
import { deleteApprovalLinks, insertApprovalLinks } from '../../../store/approval-rows.ts'
import type { Db } from '../../../store/database.ts'
import type { Decision } from '../../releases/release.ts'

const rememberedMs = 30 * 86_400_000

/** Links by which one person decides about one stage upon one evidence, one for each verdict. */
export interface PersonalLinks {
  readonly approve: string
  readonly refuse: string
  /** Writes them down: to be called in the transaction that sends them. Only their hashes are kept. */
  readonly keep: (db: Db) => Promise<void>
}

/** What a link is for. It works once, for that and nothing else, until its end, and counts as `principalId`. */
export interface LinkPurpose {
  readonly principalId: string
  /** Key of the release. */
  readonly release: string
  readonly stage: string
  readonly evidence: string
  readonly expiresAt: Date
}

export function makeLinks(platform: Platform, purpose: LinkPurpose): PersonalLinks {
  const tokens = { approve: newToken(), refuse: newToken() }
  const now = platform.clock().getTime()
  const row = (verdict: Decision['verdict']) => ({
    hash: hashToken(tokens[verdict]),
    principal_id: purpose.principalId,
    release: purpose.release,
    stage: purpose.stage,
    verdict,
    evidence: purpose.evidence,
    created_at: now,
    expires_at: purpose.expiresAt.getTime(),
  })
  return {
    approve: linkTo(platform, tokens.approve),
    refuse: linkTo(platform, tokens.refuse),
    async keep(db) {
      await deleteApprovalLinks(db, now - rememberedMs)
      await insertApprovalLinks(db, [row('approve'), row('refuse')])
    },
  }
}

/** As far from being guessed as a token of the API. */
const newToken = () => randomBytes(32).toString('base64url')

/** In the query, which is not logged, rather than in the path. */
const linkTo = (platform: Platform, token: string) => `${publicUrl(platform)}/approvals?link=${token}`

/** Where somebody who can sign in sees what a release waits with, and decides. */
export const reviewUrl = (platform: Platform, releaseId: string): string =>
  `${publicUrl(platform)}/approvals?release=${encodeURIComponent(shortNameOf(platform, releaseId)).replaceAll('%2F', '/')}`

const shortName = /^([^/]+)\/([^/]+)\/(\d+)$/
const longName = /^(.+)\/workspaces\/([^/]+)\/providers\/Twinloop\/releasePlans\/([^/]+)\/releases\/(\d+)$/i

/** `dev/flight-delay/14` where the release is in the server's own resource group; its id elsewhere. */
function shortNameOf({ config }: Platform, releaseId: string): string {
  const [, , workspace, plan, number] = longName.exec(releaseId) ?? []
  const short = `${workspace}/${plan}/${number}`
  return releaseIdOf(config, short)?.toLowerCase() === releaseId.toLowerCase() ? short : releaseId
}

/** The id of a release that is called `workspace/plan/number`, or by its id; undefined for anything else. */
export function releaseIdOf(config: Platform['config'], called: string): string | undefined {
  if (longName.test(called)) return called
  const [, workspace, plan, number] = shortName.exec(called) ?? []
  return workspace === undefined || plan === undefined || number === undefined
    ? undefined
    : childId(
        workspaceId(config.subscription, config.resourceGroup, workspace),
        'providers',
        'Twinloop',
        'releasePlans',
        plan,
        'releases',
        number,
      )
}
