import type { Answered, Called } from './hosts.ts'

const base64 = (text: string) => Buffer.from(text).toString('base64')

/** What a fake host keeps of one file on its branches, and what it was asked to take. */
interface Repository {
  readonly branches: Map<string, string>
  readonly requests: { readonly branch: string; readonly title: string; readonly body: string }[]
}

const repositoryWith = (text: string): Repository => ({ branches: new Map([['main', text]]), requests: [] })

/** GitHub's references, contents and pull requests, of one file. */
export function githubRepository(path: string, text: string) {
  const kept = repositoryWith(text)
  const answer = ({ method, path: whole, body }: Called): Answered => {
    const [bare = '', query = ''] = whole.replace(/^\/api\/v3\/repos\/acme\/flights/, '').split('?')
    const asked = new URLSearchParams(query)
    if (method === 'GET' && bare === '') return { status: 200, body: { default_branch: 'main' } }
    if (method === 'GET' && bare === '/git/ref/heads/main')
      return { status: 200, body: { object: { sha: 'tip' } } }
    if (method === 'POST' && bare === '/git/refs') {
      const branch = String(body['ref']).replace('refs/heads/', '')
      if (kept.branches.has(branch)) return { status: 422, body: { message: 'Reference already exists' } }
      kept.branches.set(branch, kept.branches.get('main') ?? '')
      return { status: 201, body: {} }
    }
    if (bare === `/contents/${path}` && method === 'GET') {
      const found = kept.branches.get(asked.get('ref') ?? '')
      if (found === undefined) return { status: 404, body: { message: 'Not Found' } }
      return { status: 200, body: { content: base64(found), sha: base64(found).slice(0, 8) } }
    }
    if (bare === `/contents/${path}` && method === 'PUT') {
      const branch = String(body['branch'])
      if (body['sha'] !== base64(kept.branches.get(branch) ?? '').slice(0, 8))
        return { status: 409, body: { message: 'does not match' } }
      kept.branches.set(branch, Buffer.from(String(body['content']), 'base64').toString())
      return { status: 200, body: {} }
    }
    if (bare !== '/pulls') return { status: 404, body: { message: 'Not Found' } }
    if (method === 'POST')
      kept.requests.push({
        branch: String(body['head']),
        title: String(body['title']),
        body: String(body['body']),
      })
    const shown = kept.requests.map(({ branch }, i) => ({
      branch,
      html_url: `https://github.example.org/acme/flights/pull/${i + 1}`,
    }))
    const head = (asked.get('head') ?? '').replace(/^acme:/, '')
    return method === 'POST'
      ? { status: 201, body: shown.at(-1) }
      : { status: 200, body: shown.filter(({ branch }) => branch === head) }
  }
  return { ...kept, answer }
}

/** GitLab's. */
export function gitlabRepository(path: string, text: string) {
  const kept = repositoryWith(text)
  const file = `/repository/files/${encodeURIComponent(path)}`
  const answer = ({ method, path: whole, body }: Called): Answered => {
    const [bare = '', query = ''] = whole.replace('/api/v4/projects/acme%2Fml%2Fflights', '').split('?')
    const asked = new URLSearchParams(query)
    if (method === 'GET' && bare === '') return { status: 200, body: { default_branch: 'main' } }
    if (method === 'POST' && bare === '/repository/branches') {
      const branch = asked.get('branch') ?? ''
      if (kept.branches.has(branch)) return { status: 400, body: { message: 'Branch already exists' } }
      kept.branches.set(branch, kept.branches.get(asked.get('ref') ?? '') ?? '')
      return { status: 201, body: {} }
    }
    if (method === 'GET' && bare === file)
      return { status: 200, body: { content: base64(kept.branches.get(asked.get('ref') ?? '') ?? '') } }
    if (method === 'PUT' && bare === file) {
      kept.branches.set(String(body['branch']), String(body['content']))
      return { status: 200, body: {} }
    }
    if (bare !== '/merge_requests') return { status: 404, body: { message: '404 Not Found' } }
    if (method === 'POST')
      kept.requests.push({
        branch: String(body['source_branch']),
        title: String(body['title']),
        body: String(body['description']),
      })
    const shown = kept.requests.map(({ branch }, i) => ({
      branch,
      web_url: `https://gitlab.example.org/mr/${i + 1}`,
    }))
    return method === 'POST'
      ? { status: 201, body: shown.at(-1) }
      : { status: 200, body: shown.filter(({ branch }) => branch === asked.get('source_branch')) }
  }
  return { ...kept, answer }
}

/** Azure DevOps': pushes of several changes, references by their beginnings. */
export function devOpsRepository(path: string, text: string) {
  const kept = repositoryWith(text)
  const repository = '/acme/ml/_apis/git/repositories/flights'
  const answer = ({ method, path: whole, body }: Called): Answered => {
    const [bare = '', query = ''] = whole.split('?')
    const asked = new URLSearchParams(query)
    if (asked.get('api-version') !== '7.1')
      return { status: 400, body: { message: 'No api-version was supplied' } }
    if (method === 'GET' && bare === repository)
      return { status: 200, body: { defaultBranch: 'refs/heads/main' } }
    if (method === 'GET' && bare === `${repository}/refs`) {
      const value = [...kept.branches.keys()]
        .map((branch) => ({ name: `refs/heads/${branch}`, objectId: 'a'.repeat(40) }))
        .filter(({ name }) => name.startsWith(`refs/${asked.get('filter')}`))
      return { status: 200, body: { value } }
    }
    if (method === 'GET' && bare === `${repository}/items` && asked.get('path') === `/${path}`)
      return {
        status: 200,
        body: { content: kept.branches.get(asked.get('versionDescriptor.version') ?? '') },
      }
    if (method === 'POST' && bare === `${repository}/pushes`) {
      const [update] = body['refUpdates'] as readonly { name: string; oldObjectId: string }[]
      const [commit] = body['commits'] as readonly {
        parents?: readonly string[]
        changes: readonly { newContent: { content: string } }[]
      }[]
      if (!/^0{40}$/.test(update?.oldObjectId ?? '') || commit?.parents?.length !== 1)
        return { status: 400, body: { message: 'TF401028' } }
      kept.branches.set(
        update?.name.replace('refs/heads/', '') ?? '',
        commit.changes[0]?.newContent.content ?? '',
      )
      return { status: 201, body: {} }
    }
    if (bare !== `${repository}/pullrequests`) return { status: 404, body: { message: 'not found' } }
    if (method === 'POST')
      kept.requests.push({
        branch: String(body['sourceRefName']),
        title: String(body['title']),
        body: String(body['description']),
      })
    const shown = kept.requests.map(({ branch }, i) => ({ branch, pullRequestId: i + 1 }))
    return method === 'POST'
      ? { status: 201, body: shown.at(-1) }
      : {
          status: 200,
          body: { value: shown.filter(({ branch }) => branch === asked.get('searchCriteria.sourceRefName')) },
        }
  }
  return { ...kept, answer }
}
