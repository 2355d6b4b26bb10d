import { callHost, Refused } from '../call.ts'
import type { PullRequestComment, Remote, ReportHost } from '../host.ts'

const states = {
  pending: 'pending',
  success: 'succeeded',
  failure: 'failed',
  error: 'error',
  cancelled: 'notApplicable',
} as const
const version = 'api-version=7.1'

interface Thread {
  readonly id: number
  readonly isDeleted?: boolean
  readonly comments: readonly { readonly id: number; readonly content?: string }[]
}

export const devOpsHeaders = ({ token }: Remote) => ({
  authorization: `Basic ${Buffer.from(`:${token}`).toString('base64')}`,
})

const shape = /^(.+)\/([^/]+)\/_git\/([^/]+)$/

/** The project of a repository as the APIs of Azure DevOps Services and Server have it: `/organisation/project`. */
export function devOpsProject({ path, api }: Remote): string {
  const [, organisation = '', project = ''] = shape.exec(path) ?? []
  // The address of the API may name the organisation already.
  const above = api.toLowerCase().endsWith(`/${organisation.toLowerCase()}`) ? '' : `/${organisation}`
  return `${above}/${encodeURIComponent(project)}`
}

/** `organisation/project/_git/name` as its Git API has it. */
export const devOpsRepository = (remote: Remote): string =>
  `${devOpsProject(remote)}/_apis/git/repositories/${encodeURIComponent(shape.exec(remote.path)?.[3] ?? '')}`

export const azureDevOps: ReportHost = {
  apiOf: (target) => target.origin + target.pathname.replace(/\/$/, ''),
  async status(remote, { commit, state, context, description, targetUrl }) {
    const [genre = 'twinloop', ...name] = context.split('/')
    await callHost(remote, 'POST', `${devOpsRepository(remote)}/commits/${commit}/statuses?${version}`, {
      headers: devOpsHeaders(remote),
      body: {
        state: states[state],
        description,
        context: { genre, name: name.join('/') },
        ...(targetUrl === undefined ? {} : { targetUrl }),
      },
    })
  },
  async comment(remote, comment, known) {
    const threads = `${devOpsRepository(remote)}/pullRequests/${comment.pullRequest}/threads`
    const id = known ?? (await findThread(remote, threads, comment))
    if (id !== undefined)
      try {
        const body = { content: comment.body }
        await callHost(remote, 'PATCH', `${threads}/${id}/comments/1?${version}`, {
          headers: devOpsHeaders(remote),
          body,
        })
        return id
      } catch (error) {
        if (!(error instanceof Refused) || error.status !== 404 || known === undefined) throw error
      }
    const body = {
      // Closed: what it says asks for no answer.
      status: 'closed',
      comments: [{ parentCommentId: 0, commentType: 'text', content: comment.body }],
    }
    const made = await callHost<Thread>(remote, 'POST', `${threads}?${version}`, {
      headers: devOpsHeaders(remote),
      body,
    })
    return String(made.id)
  },
}

async function findThread(
  remote: Remote,
  threads: string,
  { mark }: PullRequestComment,
): Promise<string | undefined> {
  const { value } = await callHost<{ value: readonly Thread[] }>(remote, 'GET', `${threads}?${version}`, {
    headers: devOpsHeaders(remote),
  })
  const own = value.find(
    ({ comments, isDeleted }) => isDeleted !== true && comments[0]?.content?.startsWith(mark) === true,
  )
  return own === undefined ? undefined : String(own.id)
}
