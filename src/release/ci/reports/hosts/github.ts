import { callHost, Refused } from '../call.ts'
import type { PullRequestComment, Remote, ReportHost } from '../host.ts'

const states = {
  pending: 'pending',
  success: 'success',
  failure: 'failure',
  error: 'error',
  cancelled: 'error',
} as const
const longestDescription = 140
const pageSize = 100

interface Comment {
  readonly id: number
  readonly body?: string | null
}

export const githubHeaders = ({ token }: Remote) => ({
  accept: 'application/vnd.github+json',
  'x-github-api-version': '2022-11-28',
  authorization: `Bearer ${token}`,
})

export const githubRepository = ({ path }: Remote) =>
  `/repos/${path.split('/').map(encodeURIComponent).join('/')}`

/** GitHub's REST API, on github.com and on servers of one's own. */
export const github: ReportHost = {
  apiOf: (target) =>
    target.host === 'github.com'
      ? 'https://api.github.com'
      : target.pathname === '/' && !target.host.startsWith('api.')
        ? `${target.origin}/api/v3`
        : target.origin + target.pathname.replace(/\/$/, ''),
  async status(remote, { commit, state, context, description, targetUrl }) {
    await callHost(remote, 'POST', `${githubRepository(remote)}/statuses/${commit}`, {
      headers: githubHeaders(remote),
      body: {
        state: states[state],
        context,
        description: description.slice(0, longestDescription),
        ...(targetUrl === undefined ? {} : { target_url: targetUrl }),
      },
    })
  },
  async comment(remote, comment, known) {
    const body = { body: comment.body }
    const id = known ?? (await findComment(remote, comment))
    if (id !== undefined)
      try {
        await callHost(remote, 'PATCH', `${githubRepository(remote)}/issues/comments/${id}`, {
          headers: githubHeaders(remote),
          body,
        })
        return id
      } catch (error) {
        // Somebody has deleted it: then it is written anew.
        if (!(error instanceof Refused) || error.status !== 404 || known === undefined) throw error
      }
    const path = `${githubRepository(remote)}/issues/${comment.pullRequest}/comments`
    const made = await callHost<Comment>(remote, 'POST', path, { headers: githubHeaders(remote), body })
    return String(made.id)
  },
}

/** A comment that was written before this server knew that it was: killed in between, it would write it twice. */
async function findComment(
  remote: Remote,
  { pullRequest, mark }: PullRequestComment,
): Promise<string | undefined> {
  for (let page = 1; ; page++) {
    const path = `${githubRepository(remote)}/issues/${pullRequest}/comments?per_page=${pageSize}&page=${page}`
    const comments = await callHost<readonly Comment[]>(remote, 'GET', path, {
      headers: githubHeaders(remote),
    })
    const found = comments.find(({ body }) => body?.startsWith(mark) === true)
    if (found !== undefined) return String(found.id)
    if (comments.length < pageSize) return undefined
  }
}
