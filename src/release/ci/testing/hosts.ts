import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'

/** One call that a fake host was given. */
export interface Called {
  readonly method: string
  readonly path: string
  readonly body: Readonly<Record<string, unknown>>
  readonly headers: IncomingMessage['headers']
}

export interface Answered {
  /** 0: it hangs up without a word, having done what it was asked. */
  readonly status: number
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

/** A server that answers as a host's API does, and remembers what it was asked. */
export interface FakeHost {
  readonly url: string
  readonly calls: Called[]
  /** Answers of the next calls, before the host itself is asked again. */
  readonly next: Answered[]
  end(): Promise<void>
}

export async function startHost(answer: (call: Called) => Answered): Promise<FakeHost> {
  const calls: Called[] = []
  const next: Answered[] = []
  const server = createServer((request, response) => {
    let text = ''
    request.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
    request.on('end', () => {
      const call = {
        method: request.method ?? '',
        path: request.url ?? '',
        body: (text === '' ? {} : JSON.parse(text)) as Called['body'],
        headers: request.headers,
      }
      calls.push(call)
      const { status, body, headers = {} } = next.shift() ?? answer(call)
      if (status === 0) return void response.destroy()
      response.writeHead(status, { 'content-type': 'application/json', ...headers })
      response.end(body === undefined ? '' : JSON.stringify(body))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    next,
    async end() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

interface Kept {
  readonly id: number
  body: string
}

/** GitHub's answers to commit statuses and issue comments, with what it refuses: of a server of one's own, below /api/v3. */
export function asGithub(token: string) {
  const statuses: Record<string, unknown>[] = []
  const comments: Kept[] = []
  const answer = ({ method, path: whole, body, headers }: Called): Answered => {
    const path = whole.replace(/^\/api\/v3/, '')
    if (headers.authorization !== `Bearer ${token}`)
      return { status: 401, body: { message: 'Bad credentials' } }
    const [, commit] = /^\/repos\/acme\/flights\/statuses\/(\w+)$/.exec(path) ?? []
    if (method === 'POST' && commit !== undefined) {
      if (!/^[0-9a-f]{40}$/.test(commit))
        return { status: 422, body: { message: `No commit found for SHA: ${commit}` } }
      if (!['error', 'failure', 'pending', 'success'].includes(String(body['state'])))
        return { status: 422, body: { message: 'Validation Failed' } }
      if (String(body['description']).length > 140)
        return { status: 422, body: { message: 'description is too long (maximum is 140 characters)' } }
      statuses.push({ commit, ...body })
      return { status: 201, body: { id: statuses.length, ...body } }
    }
    const [, page] = /^\/repos\/acme\/flights\/issues\/7\/comments\?per_page=100&page=(\d+)$/.exec(path) ?? []
    if (method === 'GET' && page !== undefined)
      return { status: 200, body: comments.slice((Number(page) - 1) * 100, Number(page) * 100) }
    if (method === 'POST' && path === '/repos/acme/flights/issues/7/comments') {
      const made = { id: 1000 + comments.length, body: String(body['body']) }
      comments.push(made)
      return { status: 201, body: made }
    }
    const [, id] = /^\/repos\/acme\/flights\/issues\/comments\/(\d+)$/.exec(path) ?? []
    const known = comments.find((comment) => comment.id === Number(id))
    if (method !== 'PATCH' || known === undefined) return { status: 404, body: { message: 'Not Found' } }
    known.body = String(body['body'])
    return { status: 200, body: known }
  }
  return { statuses, comments, answer }
}

/** GitLab's: a status does not go to itself, and a project is named by its whole path. */
export function asGitlab(token: string) {
  const statuses: Record<string, unknown>[] = []
  const notes: Kept[] = []
  const project = '/api/v4/projects/acme%2Fml%2Fflights'
  const answer = ({ method, path, body, headers }: Called): Answered => {
    if (headers['private-token'] !== token) return { status: 401, body: { message: '401 Unauthorized' } }
    if (method === 'POST' && path.startsWith(`${project}/statuses/`)) {
      const last = statuses.findLast(({ name }) => name === body['name'])
      if (last?.['state'] === body['state'])
        return {
          status: 400,
          body: { message: `Cannot transition status via :run from :${String(body['state'])}` },
        }
      if (!['pending', 'running', 'success', 'failed', 'canceled'].includes(String(body['state'])))
        return { status: 400, body: { message: 'state does not have a valid value' } }
      statuses.push({ commit: path.split('/').at(-1), ...body })
      return { status: 201, body }
    }
    const list = `${project}/merge_requests/7/notes`
    if (method === 'GET' && path === `${list}?per_page=100&page=1`) return { status: 200, body: notes }
    if (method === 'POST' && path === list) {
      notes.push({ id: notes.length + 1, body: String(body['body']) })
      return { status: 201, body: notes.at(-1) }
    }
    const known = notes.find(({ id }) => path === `${list}/${id}`)
    if (method !== 'PUT' || known === undefined) return { status: 404, body: { message: '404 Not Found' } }
    known.body = String(body['body'])
    return { status: 200, body: known }
  }
  return { statuses, notes, answer }
}

/** Azure DevOps': Basic credentials with an empty user, threads of comments, an api-version in every address. */
export function asAzureDevOps(token: string) {
  const statuses: Record<string, unknown>[] = []
  const threads: { readonly id: number; readonly comments: { readonly id: number; content: string }[] }[] = []
  const repository = '/acme/ml/_apis/git/repositories/flights'
  const answer = ({ method, path, body, headers }: Called): Answered => {
    if (headers.authorization !== `Basic ${Buffer.from(`:${token}`).toString('base64')}`)
      return { status: 401, body: { message: 'TF400813: not authorized' } }
    const [bare = '', version] = path.split('?')
    if (version !== 'api-version=7.1')
      return { status: 400, body: { message: 'No api-version was supplied' } }
    if (method === 'POST' && /\/commits\/[0-9a-f]{40}\/statuses$/.test(bare) && bare.startsWith(repository)) {
      statuses.push(body)
      return { status: 201, body }
    }
    const list = `${repository}/pullRequests/7/threads`
    if (method === 'GET' && bare === list) return { status: 200, body: { value: threads } }
    if (method === 'POST' && bare === list) {
      const [first] = body['comments'] as readonly { content: string }[]
      threads.push({ id: threads.length + 1, comments: [{ id: 1, content: first?.content ?? '' }] })
      return { status: 200, body: threads.at(-1) }
    }
    const known = threads.find(({ id }) => bare === `${list}/${id}/comments/1`)?.comments[0]
    if (method !== 'PATCH' || known === undefined) return { status: 404, body: { message: 'not found' } }
    known.content = String(body['content'])
    return { status: 200, body: known }
  }
  return { statuses, threads, answer }
}
