import type { Answered, Called } from './hosts.ts'

interface Kept {
  readonly number: number
  readonly body: Readonly<Record<string, unknown>>
  readonly comments: string[]
  state: string
}

/** GitHub's answers to issues and their comments, of a server of one's own. */
export function githubIssues(token: string) {
  const issues: Kept[] = []
  const shown = ({ number, body, state }: Kept) => ({
    number,
    state,
    body: body['body'],
    html_url: `https://github.example.org/acme/flights/issues/${number}`,
  })
  const answer = ({ method, path: whole, body, headers }: Called): Answered => {
    const path = whole.replace(/^\/api\/v3/, '')
    if (headers.authorization !== `Bearer ${token}`)
      return { status: 401, body: { message: 'Bad credentials' } }
    const list = '/repos/acme/flights/issues'
    const page = /[?&]page=(\d+)/.exec(path)?.[1]
    if (method === 'GET' && path.startsWith(`${list}?`))
      return {
        status: 200,
        body: issues
          .toReversed()
          .slice((Number(page) - 1) * 100, Number(page) * 100)
          .map(shown),
      }
    if (method === 'POST' && path === list) {
      if (typeof body['title'] !== 'string' || body['title'] === '')
        return { status: 422, body: { message: 'Validation Failed' } }
      const made: Kept = { number: issues.length + 1, body, comments: [], state: 'open' }
      issues.push(made)
      return { status: 201, body: shown(made) }
    }
    const [, number, rest = ''] = /^\/repos\/acme\/flights\/issues\/(\d+)(\/comments)?/.exec(path) ?? []
    const issue = issues.find((one) => one.number === Number(number))
    if (issue === undefined) return { status: 404, body: { message: 'Not Found' } }
    if (method === 'PATCH' && rest === '') issue.state = String(body['state'])
    else if (method === 'GET' && rest === '/comments')
      return { status: 200, body: issue.comments.map((text) => ({ body: text })) }
    else if (method === 'POST' && rest === '/comments') issue.comments.push(String(body['body']))
    else return { status: 404, body: { message: 'Not Found' } }
    return { status: method === 'POST' ? 201 : 200, body: shown(issue) }
  }
  return { issues, answer }
}

/** GitLab's: descriptions, iids, people by number, events instead of states. */
export function gitlabIssues(token: string) {
  const issues: Kept[] = []
  const project = '/api/v4/projects/acme%2Fml%2Fflights'
  const shown = ({ number, state }: Kept) => ({
    iid: number,
    state,
    web_url: `https://gitlab.example.org/acme/ml/flights/-/issues/${number}`,
  })
  const answer = ({ method, path, body, headers }: Called): Answered => {
    if (headers['private-token'] !== token) return { status: 401, body: { message: '401 Unauthorized' } }
    if (method === 'GET' && path.startsWith('/api/v4/users?username='))
      return { status: 200, body: path.endsWith('=ana') ? [{ id: 7 }] : [] }
    const search = /\/issues\?scope=all&in=description&search=([^&]+)$/.exec(path)?.[1]
    if (method === 'GET' && search !== undefined)
      return {
        status: 200,
        body: issues
          .filter((one) => String(one.body['description']).includes(decodeURIComponent(search)))
          .map(shown),
      }
    if (method === 'POST' && path === `${project}/issues`) {
      issues.push({ number: issues.length + 1, body, comments: [], state: 'opened' })
      const made = issues.at(-1)
      return { status: 201, body: made === undefined ? {} : shown(made) }
    }
    const [, number, rest = ''] = /\/issues\/(\d+)(\/notes)?/.exec(path) ?? []
    const issue = issues.find((one) => one.number === Number(number))
    if (issue === undefined) return { status: 404, body: { message: '404 Not Found' } }
    if (method === 'PUT' && body['state_event'] === 'close') issue.state = 'closed'
    else if (method === 'GET' && rest === '/notes')
      return { status: 200, body: issue.comments.map((text) => ({ body: text })) }
    else if (method === 'POST' && rest === '/notes') issue.comments.push(String(body['body']))
    else return { status: 404, body: { message: '404 Not Found' } }
    return { status: 200, body: shown(issue) }
  }
  return { issues, answer }
}

/** Azure DevOps': work items by JSON Patch, asked for by WIQL, comments of a preview version. */
export function devOpsWorkItems(token: string) {
  const items: Kept[] = []
  const fieldOf = ({ body }: Kept, name: string): string => {
    const patch = Object.values(body) as { readonly path: string; readonly value: string }[]
    return patch.find(({ path }) => path === `/fields/${name}`)?.value ?? ''
  }
  const answer = ({ method, path, body, headers }: Called): Answered => {
    if (headers.authorization !== `Basic ${Buffer.from(`:${token}`).toString('base64')}`)
      return { status: 401, body: { message: 'TF400813: not authorized' } }
    const [bare = '', version] = path.split('?')
    const isComment = /\/workItems\/\d+\/comments$/.test(bare)
    if (version !== (isComment ? 'api-version=7.1-preview.4' : 'api-version=7.1'))
      return { status: 400, body: { message: 'No api-version was supplied' } }
    if (method === 'POST' && bare === '/acme/ml/_apis/wit/wiql') {
      const tag = /contains '([^']+)'$/.exec(String(body['query']))?.[1] ?? ''
      const found = items.filter((one) => fieldOf(one, 'System.Tags').split('; ').includes(tag))
      return { status: 200, body: { workItems: found.map(({ number }) => ({ id: number })) } }
    }
    const isPatch = headers['content-type'] === 'application/json-patch+json'
    if (method === 'POST' && bare === '/acme/ml/_apis/wit/workitems/$Bug') {
      if (!isPatch) return { status: 415, body: { message: 'TF401345' } }
      items.push({ number: 100 + items.length, body, comments: [], state: 'New' })
      return { status: 200, body: { id: items.at(-1)?.number, fields: {} } }
    }
    const [, number] = /\/workitems\/(\d+)/i.exec(bare) ?? []
    const item = items.find((one) => one.number === Number(number))
    if (item === undefined) return { status: 404, body: { message: 'not found' } }
    if (method === 'PATCH' && isPatch) item.state = (Object.values(body)[0] as { value: string }).value
    else if (method === 'GET' && isComment)
      return { status: 200, body: { comments: item.comments.map((text) => ({ text })) } }
    else if (method === 'POST' && isComment) item.comments.push(String(body['text']))
    else return { status: 404, body: { message: 'not found' } }
    return { status: 200, body: { id: item.number } }
  }
  return { items, answer, fieldOf }
}
