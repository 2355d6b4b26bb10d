import { callHost, Refused } from '../reports/call.ts'
import { gitlabHeaders, gitlabProject } from '../reports/hosts/gitlab.ts'
import type { Remote } from '../reports/host.ts'
import type { ChangeHost } from './change-host.ts'

interface MergeRequest {
  readonly web_url: string
}

/** GitLab's branches, files and merge requests. */
export const gitlabChanges: ChangeHost = {
  async ask(remote, { branch, path, title, body, edit }) {
    const headers = gitlabHeaders(remote)
    const project = gitlabProject(remote)
    const requests = `${project}/merge_requests`
    const [known] = await callHost<readonly MergeRequest[]>(
      remote,
      'GET',
      `${requests}?scope=all&source_branch=${encodeURIComponent(branch)}`,
      { headers },
    )
    if (known !== undefined) return { url: known.web_url }
    const { default_branch: base } = await callHost<{ readonly default_branch: string }>(
      remote,
      'GET',
      project,
      { headers },
    )
    const file = `${project}/repository/files/${encodeURIComponent(path)}`
    const now = await contents(remote, file, base)
    const wanted = edit(now)
    if (wanted === undefined || wanted === now) return undefined
    try {
      const query = `branch=${encodeURIComponent(branch)}&ref=${encodeURIComponent(base)}`
      await callHost(remote, 'POST', `${project}/repository/branches?${query}`, { headers })
    } catch (error) {
      // A branch that a killed server had made is taken as it is.
      if (!(error instanceof Refused) || error.status !== 400 || !/already exists/i.test(error.message))
        throw error
    }
    if ((await contents(remote, file, branch)) !== wanted)
      await callHost(remote, 'PUT', file, {
        headers,
        body: { branch, commit_message: title, content: wanted },
      })
    const made = await callHost<MergeRequest>(remote, 'POST', requests, {
      headers,
      body: {
        source_branch: branch,
        target_branch: base,
        title,
        description: body,
        remove_source_branch: true,
      },
    })
    return { url: made.web_url }
  },
}

async function contents(remote: Remote, file: string, ref: string): Promise<string> {
  const { content } = await callHost<{ readonly content: string }>(
    remote,
    'GET',
    `${file}?ref=${encodeURIComponent(ref)}`,
    { headers: gitlabHeaders(remote) },
  )
  return Buffer.from(content, 'base64').toString('utf8')
}
