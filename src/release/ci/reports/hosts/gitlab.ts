import { callHost, Refused } from '../call.ts'
import type { PullRequestComment, Remote, ReportHost } from '../host.ts'

const states = {
  pending: 'running',
  success: 'success',
  failure: 'failed',
  error: 'failed',
  cancelled: 'canceled',
} as const
const longestDescription = 255
const pageSize = 100

interface Note {
  readonly id: number
  readonly body: string
}

export const gitlabHeaders = ({ token }: Remote) => ({ 'private-token': token })
export const gitlabProject = ({ path }: Remote) => `/projects/${encodeURIComponent(path)}`

/** GitLab's REST API, version 4. */
export const gitlab: ReportHost = {
  apiOf: (target) =>
    /\/api\/v4\/?$/.test(target.pathname)
      ? target.origin + target.pathname.replace(/\/$/, '')
      : `${target.origin + target.pathname.replace(/\/$/, '')}/api/v4`,
  async status(remote, { commit, state, context, description, targetUrl }) {
    try {
      await callHost(remote, 'POST', `${gitlabProject(remote)}/statuses/${commit}`, {
        headers: gitlabHeaders(remote),
        body: {
          state: states[state],
          name: context,
          description: description.slice(0, longestDescription),
          ...(targetUrl === undefined ? {} : { target_url: targetUrl }),
        },
      })
    } catch (error) {
      // It refuses to go from a state to the same one.
      if (error instanceof Refused && error.status === 400 && /cannot transition status/i.test(error.message))
        return
      throw error
    }
  },
  async comment(remote, comment, known) {
    const notes = `${gitlabProject(remote)}/merge_requests/${comment.pullRequest}/notes`
    const body = { body: comment.body }
    const id = known ?? (await findNote(remote, notes, comment))
    if (id !== undefined)
      try {
        await callHost(remote, 'PUT', `${notes}/${id}`, { headers: gitlabHeaders(remote), body })
        return id
      } catch (error) {
        if (!(error instanceof Refused) || error.status !== 404 || known === undefined) throw error
      }
    return String((await callHost<Note>(remote, 'POST', notes, { headers: gitlabHeaders(remote), body })).id)
  },
}

async function findNote(
  remote: Remote,
  notes: string,
  { mark }: PullRequestComment,
): Promise<string | undefined> {
  for (let page = 1; ; page++) {
    const path = `${notes}?per_page=${pageSize}&page=${page}`
    const found = await callHost<readonly Note[]>(remote, 'GET', path, { headers: gitlabHeaders(remote) })
    const own = found.find(({ body }) => body.startsWith(mark))
    if (own !== undefined) return String(own.id)
    if (found.length < pageSize) return undefined
  }
}
