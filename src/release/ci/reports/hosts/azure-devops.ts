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

const headers = ({ token }: Remote) => ({
  authorization: `Basic ${Buffer.from(`:${token}`).toString('base64')}`,
})

/** `organisation/project/_git/name` as the Git API of Azure DevOps Services and Server has it. */
function repositoryPath({ path, api }: Remote): string {
  const [, organisation = '', project = '', name = ''] = /^(.+)\/([^/]+)\/_git\/([^/]+)$/.exec(path) ?? []
  // The address of the API may name the organisation already.
  const above = api.toLowerCase().endsWith(`/${organisation.toLowerCase()}`) ? '' : `/${organisation}`
  return `${above}/${encodeURIComponent(project)}/_apis/git/repositories/${encodeURIComponent(name)}`
}

export const azureDevOps: ReportHost = {
  apiOf: (target) => target.origin + target.pathname.replace(/\/$/, ''),
  async status(remote, { commit, state, context, description, targetUrl }) {
    const [genre = 'twinloop', ...name] = context.split('/')
    await callHost(remote, 'POST', `${repositoryPath(remote)}/commits/${commit}/statuses?${version}`, {
      headers: headers(remote),
      body: {
        state: states[state],
        description,
        context: { genre, name: name.join('/') },
        ...(targetUrl === undefined ? {} : { targetUrl }),
      },
    })
  },
  async comment(remote, comment, known) {
    const threads = `${repositoryPath(remote)}/pullRequests/${comment.pullRequest}/threads`
    const id = known ?? (await findThread(remote, threads, comment))
    if (id !== undefined)
      try {
        const body = { content: comment.body }
        await callHost(remote, 'PATCH', `${threads}/${id}/comments/1?${version}`, {
          headers: headers(remote),
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
      headers: headers(remote),
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
    headers: headers(remote),
  })
  const own = value.find(
    ({ comments, isDeleted }) => isDeleted !== true && comments[0]?.content?.startsWith(mark) === true,
  )
  return own === undefined ? undefined : String(own.id)
}
