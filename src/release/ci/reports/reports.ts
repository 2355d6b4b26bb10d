import { createHash } from 'node:crypto'
import { z } from 'zod'
import { errors } from '../../../kernel/errors.ts'
import type { Platform } from '../../../kernel/platform.ts'
import { childId } from '../../../kernel/resources/arm-id.ts'
import type { Resource, ResourceDefinition } from '../../../kernel/resources/resource.ts'
import type { Repository } from '../repository.ts'
import type { CommitStatus, PullRequestComment } from './host.ts'

const schema = z.looseObject({
  kind: z.enum(['status', 'comment']),
  /** Id of the job or release that it tells of. */
  about: z.string(),
  /** When that began: what began earlier says nothing over it. */
  since: z.string(),
  status: z
    .looseObject({
      commit: z.string(),
      state: z.enum(['pending', 'success', 'failure', 'error', 'cancelled']),
      context: z.string(),
      description: z.string(),
      targetUrl: z.string().optional(),
    })
    .optional(),
  comment: z.looseObject({ pullRequest: z.number(), mark: z.string(), body: z.string() }).optional(),
})
export type ReportProperties = z.infer<typeof schema>

export interface ReportState {
  /** `failed`: given up, until there is something else to tell. */
  readonly state: 'pending' | 'sent' | 'failed'
  readonly attempts: number
  readonly nextAttemptAt?: string
  readonly lastError?: string
  readonly sentAt?: string
  /** What the host calls the comment. */
  readonly remoteId?: string
}

export type Report = Resource<ReportProperties, ReportState>
export const asReport = (resource: Resource): Report => resource as unknown as Report

/**
 * What a repository's host is to show of a commit or a pull request: the latest word, whatever was told before. It is
 * told at least once, and again until the host takes it.
 */
export const reports: ResourceDefinition<ReportProperties> = {
  type: 'repositories/reports',
  provider: 'Twinloop',
  summary: 'A commit status or a comment on a pull request, with how far the host has been told.',
  schema,
  filters: { state: 'status.state', kind: 'properties.kind' },
  async prepare({ actor }, platform) {
    if (actor.id !== platform.identity('release').id)
      throw errors.forbidden(
        'Reports are written by the platform, of jobs and releases that came of a commit.',
      )
    return { status: { state: 'pending', attempts: 0, nextAttemptAt: null, lastError: null } }
  },
}

type Told = Pick<ReportProperties, 'about' | 'since'>

export const reportStatus = (platform: Platform, repository: Repository, status: CommitStatus, told: Told) =>
  write(platform, repository, `${status.commit.slice(0, 12)}-${short(status.context)}`, {
    ...told,
    kind: 'status',
    status: { ...status },
  })

export const reportComment = (
  platform: Platform,
  repository: Repository,
  comment: PullRequestComment,
  told: Told,
) =>
  write(platform, repository, `pr-${comment.pullRequest}-${short(comment.mark)}`, {
    ...told,
    kind: 'comment',
    comment: { ...comment },
  })

async function write(platform: Platform, repository: Repository, name: string, properties: ReportProperties) {
  const id = childId(repository.id, 'reports', name)
  const before = await platform.resources.find<ReportProperties>(id)
  // The end of what is over must not hide that the same was begun again.
  if (
    before !== undefined &&
    before.properties.about !== properties.about &&
    before.properties.since > properties.since
  )
    return
  await platform.resources.put(platform.identity('release'), id, { properties })
}

const short = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 10)
