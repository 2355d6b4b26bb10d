import { Hono, type Context } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { errors, UserError } from '../../../kernel/errors.ts'
import type { Platform } from '../../../kernel/platform.ts'
import { childId } from '../../../kernel/resources/arm-id.ts'
import type { Json } from '../../../kernel/resources/resource.ts'
import { secretName } from '../../../kernel/resources/secret-properties.ts'
import type { Frame } from '../../../kernel/rest/arm.ts'
import { requireFlat } from '../../../kernel/rest/body.ts'
import { addressOf, isSame, type HostKind } from '../address.ts'
import { repositories } from '../repositories.ts'
import { addressIn, asRepository, type Repository } from '../repository.ts'
import { azureDevOps } from './azure-devops.ts'
import { github } from './github.ts'
import { gitlab } from './gitlab.ts'
import type { Call, WebhookHost } from './host.ts'

/** GitHub sends up to 25 MB; a push of 2,048 commits has about two. */
const largestBody = 5 * 1024 * 1024

const hosts: Readonly<Record<string, { readonly kind: HostKind; readonly host: WebhookHost }>> = {
  github: { kind: 'github', host: github },
  gitlab: { kind: 'gitlab', host: gitlab },
  'azure-devops': { kind: 'azure_devops', host: azureDevOps },
}

/**
 * `POST /webhooks/{github|gitlab|azure-devops}`: takes the call of a repository's host for every workspace that knows the
 * repository and its secret, and answers before anything is started. Who does not know the secret learns no more than
 * that, neither which repositories there are nor in which workspaces.
 */
export function webhookRoutes(platform: Platform): Hono<Frame> {
  const limit = bodyLimit({
    maxSize: largestBody,
    onError: () => {
      throw errors.tooLarge(`A webhook call is at most ${largestBody / 1024 ** 2} MiB.`)
    },
  })
  return new Hono<Frame>().post('/webhooks/:host', limit, async (context) => {
    const called = hosts[context.req.param('host')]
    if (called === undefined)
      throw errors.noSuchRoute(`Webhooks are taken at /webhooks/${Object.keys(hosts).join(', /webhooks/')}.`)
    const call = await readCall(context)
    const senders = await sendersOf(platform, called, call)
    if (senders.length === 0)
      throw errors.unauthenticated(
        'No repository that is known here accepts this call: the address of the repository and the secret must be as they were given.',
      )
    const taken = []
    for (const repository of senders) taken.push(await take(platform, repository, called.host, call))
    return context.json({ deliveries: taken }, 202)
  })
}

async function readCall(context: Context<Frame>): Promise<Call> {
  const raw = new Uint8Array(await context.req.arrayBuffer())
  const text = new TextDecoder().decode(raw)
  const isForm = (context.req.header('content-type') ?? '').startsWith('application/x-www-form-urlencoded')
  try {
    const body: unknown = JSON.parse(isForm ? (new URLSearchParams(text).get('payload') ?? '') : text)
    if (typeof body !== 'object' || body === null || Array.isArray(body))
      throw new SyntaxError('it is no object')
    requireFlat(body)
    return { headers: context.req.raw.headers, raw, body: body as Json }
  } catch (error) {
    if (error instanceof UserError) throw error
    throw errors.badRequest(`The body is not JSON: ${(error as Error).message}`)
  }
}

/** The repositories whose address the call names and whose secret it knows, in whatever workspaces. */
async function sendersOf(
  platform: Platform,
  { kind, host }: { readonly kind: HostKind; readonly host: WebhookHost },
  call: Call,
): Promise<readonly Repository[]> {
  const named = host.repositories(call.body).map(addressOf)
  const where = { 'properties.host': kind }
  const all = await platform.resources.list({ type: repositories.type, where, top: 10_000 })
  const meant = all
    .map(asRepository)
    .filter(({ properties }) => named.some((address) => isSame(address, addressIn(properties))))
  // As much work where none is known, so that nobody can tell by the time it takes.
  if (meant.length === 0) host.knows(call, 'there is no such repository')
  const senders: Repository[] = []
  for (const repository of meant) {
    const secret = await platform.secrets.get(secretName(repository.key, 'secret'))
    if (host.knows(call, secret ?? '') && secret !== undefined) senders.push(repository)
  }
  return senders
}

/** Writes the call down, once: what it starts is the reconciler's, whatever becomes of this server. */
async function take(platform: Platform, repository: Repository, host: WebhookHost, call: Call) {
  const name = host.identity(call).slice(0, 40)
  const delivery = ['x-github-delivery', 'x-gitlab-event-uuid', 'x-request-id']
    .map((header) => call.headers.get(header))
    .find((id) => id !== null)
  const properties = { delivery: (delivery ?? name).slice(0, 100), readings: host.read(call) }
  const told = { repository: repository.name, delivery: name }
  try {
    const id = childId(repository.id, 'deliveries', name)
    await platform.resources.put(platform.identity('release'), id, { properties }, { ifNoneMatch: '*' })
    return { ...told, state: 'accepted' }
  } catch (error) {
    if (error instanceof UserError && error.kind.status === 412) return { ...told, state: 'known already' }
    throw error
  }
}
