import { callHost } from '../reports/call.ts'
import { githubHeaders, githubRepository } from '../reports/hosts/github.ts'
import type { Remote } from '../reports/host.ts'
import { hidden, type Opened, type TaskHost } from './task-host.ts'

interface Issue {
  readonly number: number
  readonly html_url: string
  readonly body?: string | null
}

const pageSize = 100
/** Who was killed between opening an issue and writing it down looks for it among the newest. */
const pagesLookedAt = 3

/** Issues of GitHub's REST API. Its search lags behind, so the list is looked through instead. */
export const githubTasks: TaskHost = {
  async open(remote, { title, body, mark, labels, assignees }) {
    const known = await find(remote, mark)
    if (known !== undefined) return known
    const made = await callHost<Issue>(remote, 'POST', `${githubRepository(remote)}/issues`, {
      headers: githubHeaders(remote),
      body: { title, body: `${body}\n\n${hidden(mark)}`, labels, assignees },
    })
    return opened(made)
  },
  async comment(remote, number, { body, mark, closes }) {
    const issue = `${githubRepository(remote)}/issues/${number}`
    const headers = githubHeaders(remote)
    const comments = await callHost<readonly { readonly body?: string }[]>(
      remote,
      'GET',
      `${issue}/comments?per_page=${pageSize}`,
      { headers },
    )
    if (!comments.some((one) => one.body?.includes(hidden(mark)) === true))
      await callHost(remote, 'POST', `${issue}/comments`, {
        headers,
        body: { body: `${body}\n\n${hidden(mark)}` },
      })
    if (closes) await callHost(remote, 'PATCH', issue, { headers, body: { state: 'closed' } })
  },
}

const opened = ({ number, html_url: url }: Issue): Opened => ({ number: String(number), url })

async function find(remote: Remote, mark: string): Promise<Opened | undefined> {
  for (let page = 1; page <= pagesLookedAt; page++) {
    const path = `${githubRepository(remote)}/issues?state=all&sort=created&direction=desc&per_page=${pageSize}&page=${page}`
    const issues = await callHost<readonly Issue[]>(remote, 'GET', path, { headers: githubHeaders(remote) })
    const found = issues.find(({ body }) => body?.includes(hidden(mark)) === true)
    if (found !== undefined) return opened(found)
    if (issues.length < pageSize) return undefined
  }
  return undefined
}
