import { Hono } from 'hono'
import type { Actor } from '../../kernel/access/access.ts'
import { errors } from '../../kernel/errors.ts'
import type { Platform } from '../../kernel/platform.ts'
import type { Action, Json, Resource } from '../../kernel/resources/resource.ts'
import { parseOrThrow } from '../../kernel/resources/schema.ts'
import { readJson } from '../../kernel/rest/body.ts'
import type { Frame } from '../../kernel/rest/arm.ts'
import { insertAudit } from '../../store/access-rows.ts'
import { passwordActions, withUses, type Identified } from './passwords.ts'

/**
 * One's own passwords, which a command line sends as its token, in Microsoft Graph's words: `GET /v1.0/me/passwordCredentials`,
 * `POST /v1.0/me/addPassword` and `/removePassword`, as the actions of a user are that only an owner may do for others.
 * A token that is confined to some resource cannot make one that is not.
 */
export function ownPasswordRoutes(platform: Platform): Hono<Frame> {
  const app = new Hono<Frame>()
  app.get('/v1.0/me/passwordCredentials', async (context) => {
    const { self } = await selfOf(platform, context.req.raw.headers)
    return context.json({ value: await withUses(platform, self.status as Identified) })
  })
  for (const [name, action] of Object.entries(passwordActions))
    app.post(`/v1.0/me/${name}`, async (context) => {
      const { actor, self } = await selfOf(platform, context.req.raw.headers)
      const body = await readJson(context, platform.config.maxBodyBytes)
      const result = await act(platform, actor, self, name, action, body)
      return result?.body === undefined ? context.body(null, 204) : context.json(result.body)
    })
  return app
}

async function act(
  platform: Platform,
  actor: Actor,
  self: Resource,
  name: string,
  action: Action,
  body: Json,
) {
  const input = action.input === undefined ? body : (parseOrThrow(action.input, body, 'The body') as Json)
  const result = await action.run?.({ platform, actor, id: self.id, resource: self, input })
  await insertAudit(platform.store.db, {
    time: platform.clock().getTime(),
    actor: actor.id,
    operation: `Twinloop/${self.type}/${name}/action`,
    resource: self.key,
    status: 200,
    request_id: '',
    detail: name,
  })
  return result
}

/** Who asks, and the user or service principal that they are. */
async function selfOf(platform: Platform, headers: Headers): Promise<{ actor: Actor; self: Resource }> {
  const actor = await platform.access.authenticate(headers)
  if (actor.confinedTo !== '')
    throw errors.forbidden(
      `The token of ${actor.name} is confined to '${actor.confinedTo}' and has nothing to do with passwords.`,
    )
  for (const type of ['users', 'servicePrincipals']) {
    const where = { 'status.principalId': actor.id }
    const [self] = await platform.resources.list({ type, view: 'all', where, top: 1 })
    if (self !== undefined) return { actor, self }
  }
  throw errors.notFound(`${actor.name} is neither a user nor a service principal.`)
}
