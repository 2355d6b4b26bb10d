import { callHost, Refused } from '../reports/call.ts'
import { githubHeaders, githubRepository } from '../reports/hosts/github.ts'
import type { Remote } from '../reports/host.ts'
import type { ChangeHost } from './change-host.ts'

interface Pull {
  readonly html_url: string
}

/** GitHub's references, contents and pull requests. */
export const githubChanges: ChangeHost = {
  async ask(remote, { branch, path, title, body, edit }) {
    const headers = githubHeaders(remote)
    const repository = githubRepository(remote)
    const [owner = ''] = remote.path.split('/')
    const pulls = `${repository}/pulls?state=all&head=${encodeURIComponent(`${owner}:${branch}`)}`
    const [known] = await callHost<readonly Pull[]>(remote, 'GET', pulls, { headers })
    if (known !== undefined) return { url: known.html_url }
    const { default_branch: base } = await callHost<{ readonly default_branch: string }>(
      remote,
      'GET',
      repository,
      { headers },
    )
    const file = `${repository}/contents/${path.split('/').map(encodeURIComponent).join('/')}`
    const now = await contents(remote, file, base)
    const wanted = edit(now.text)
    if (wanted === undefined || wanted === now.text) return undefined
    const { object } = await callHost<{ readonly object: { readonly sha: string } }>(
      remote,
      'GET',
      `${repository}/git/ref/heads/${base}`,
      { headers },
    )
    await unlessThere(() =>
      callHost(remote, 'POST', `${repository}/git/refs`, {
        headers,
        body: { ref: `refs/heads/${branch}`, sha: object.sha },
      }),
    )
    const there = await contents(remote, file, branch)
    if (there.text !== wanted)
      await callHost(remote, 'PUT', file, {
        headers,
        body: { message: title, content: Buffer.from(wanted).toString('base64'), sha: there.sha, branch },
      })
    const made = await callHost<Pull>(remote, 'POST', `${repository}/pulls`, {
      headers,
      body: { title, body, head: branch, base },
    })
    return { url: made.html_url }
  },
}

async function contents(remote: Remote, file: string, ref: string) {
  const { content, sha } = await callHost<{ readonly content: string; readonly sha: string }>(
    remote,
    'GET',
    `${file}?ref=${encodeURIComponent(ref)}`,
    { headers: githubHeaders(remote) },
  )
  return { sha, text: Buffer.from(content, 'base64').toString('utf8') }
}

/** A branch that a killed server had made is taken as it is. */
async function unlessThere(make: () => Promise<unknown>): Promise<void> {
  try {
    await make()
  } catch (error) {
    if (!(error instanceof Refused) || error.status !== 422) throw error
  }
}
