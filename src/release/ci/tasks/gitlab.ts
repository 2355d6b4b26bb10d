import { callHost } from '../reports/call.ts'
import { gitlabHeaders, gitlabProject } from '../reports/hosts/gitlab.ts'
import type { Remote } from '../reports/host.ts'
import { hidden, type Opened, type TaskHost } from './task-host.ts'

interface Issue {
  readonly iid: number
  readonly web_url: string
}

/** Issues of GitLab's REST API, version 4. */
export const gitlabTasks: TaskHost = {
  async open(remote, { title, body, mark, labels, assignees }) {
    const headers = gitlabHeaders(remote)
    const issues = `${gitlabProject(remote)}/issues`
    const [known] = await callHost<readonly Issue[]>(
      remote,
      'GET',
      `${issues}?scope=all&in=description&search=${encodeURIComponent(mark)}`,
      { headers },
    )
    if (known !== undefined) return opened(known)
    const made = await callHost<Issue>(remote, 'POST', issues, {
      headers,
      body: {
        title,
        description: `${body}\n\n${hidden(mark)}`,
        labels: labels.join(','),
        ...(assignees.length === 0 ? {} : { assignee_ids: await idsOf(remote, assignees) }),
      },
    })
    return opened(made)
  },
  async comment(remote, number, { body, mark, closes }) {
    const issue = `${gitlabProject(remote)}/issues/${number}`
    const headers = gitlabHeaders(remote)
    const notes = await callHost<readonly { readonly body: string }[]>(
      remote,
      'GET',
      `${issue}/notes?per_page=100`,
      { headers },
    )
    if (!notes.some((note) => note.body.includes(hidden(mark))))
      await callHost(remote, 'POST', `${issue}/notes`, {
        headers,
        body: { body: `${body}\n\n${hidden(mark)}` },
      })
    if (closes) await callHost(remote, 'PUT', issue, { headers, body: { state_event: 'close' } })
  },
}

const opened = ({ iid, web_url: url }: Issue): Opened => ({ number: String(iid), url })

/** GitLab wants people by their numbers. */
async function idsOf(remote: Remote, names: readonly string[]): Promise<readonly number[]> {
  const found = await Promise.all(
    names.map((name) =>
      callHost<readonly { readonly id: number }[]>(
        remote,
        'GET',
        `/users?username=${encodeURIComponent(name)}`,
        { headers: gitlabHeaders(remote) },
      ),
    ),
  )
  return found.flat().map(({ id }) => id)
}
