import { callHost } from '../reports/call.ts'
import { devOpsHeaders, devOpsProject } from '../reports/hosts/azure-devops.ts'
import type { Remote } from '../reports/host.ts'
import { asHtml } from './as-html.ts'
import type { Opened, TaskHost } from './task-host.ts'

const version = 'api-version=7.1'
const commentsVersion = 'api-version=7.1-preview.4'
const patch = { 'content-type': 'application/json-patch+json' }

interface WorkItem {
  readonly id: number
  readonly _links?: { readonly html?: { readonly href?: string } }
}

/** Work items of Azure DevOps' REST API: the mark is one of their tags, by which they can be asked for. */
export const devOpsTasks: TaskHost = {
  async open(remote, { title, body, mark, labels, assignees, kind }) {
    const known = await find(remote, mark)
    if (known !== undefined) return known
    const [assignee] = assignees
    const fields = {
      'System.Title': title.slice(0, 255),
      'System.Description': asHtml(body),
      'System.Tags': [...labels, mark].join('; '),
      ...(assignee === undefined ? {} : { 'System.AssignedTo': assignee }),
    }
    const made = await callHost<WorkItem>(
      remote,
      'POST',
      `${devOpsProject(remote)}/_apis/wit/workitems/$${encodeURIComponent(kind)}?${version}`,
      {
        headers: { ...devOpsHeaders(remote), ...patch },
        body: Object.entries(fields).map(([field, value]) => ({
          op: 'add',
          path: `/fields/${field}`,
          value,
        })),
      },
    )
    return opened(remote, made)
  },
  async comment(remote, number, { body, mark, closes }) {
    const headers = devOpsHeaders(remote)
    const comments = `${devOpsProject(remote)}/_apis/wit/workItems/${number}/comments`
    const before = await callHost<{ readonly comments: readonly { readonly text?: string }[] }>(
      remote,
      'GET',
      `${comments}?${commentsVersion}`,
      { headers },
    )
    // Comments keep no tags and lose what is hidden: the mark is read by people, too.
    const text = `${asHtml(body)}<div>${mark}</div>`
    if (!before.comments.some((one) => one.text?.includes(mark) === true))
      await callHost(remote, 'POST', `${comments}?${commentsVersion}`, { headers, body: { text } })
    if (!closes) return
    await callHost(remote, 'PATCH', `${devOpsProject(remote)}/_apis/wit/workitems/${number}?${version}`, {
      headers: { ...headers, ...patch },
      body: [{ op: 'add', path: '/fields/System.State', value: 'Done' }],
    })
  },
}

async function find(remote: Remote, mark: string): Promise<Opened | undefined> {
  const { workItems } = await callHost<{ readonly workItems: readonly WorkItem[] }>(
    remote,
    'POST',
    `${devOpsProject(remote)}/_apis/wit/wiql?${version}`,
    {
      headers: devOpsHeaders(remote),
      body: {
        query: `select [System.Id] from WorkItems where [System.TeamProject] = @project and [System.Tags] contains '${mark}'`,
      },
    },
  )
  const [found] = workItems
  return found === undefined ? undefined : opened(remote, found)
}

const opened = (remote: Remote, { id, _links: links }: WorkItem): Opened => ({
  number: String(id),
  url: links?.html?.href ?? `${remote.api}${devOpsProject(remote)}/_workitems/edit/${id}`,
})
