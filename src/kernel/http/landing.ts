import { createHash } from 'node:crypto'
import { Hono } from 'hono'
import { setCookie } from 'hono/cookie'
import { html } from 'hono/html'
import { redeemToken, signInLink } from '../../store/access-rows.ts'
import { sessionCookie, type Actor } from '../access/access.ts'
import { errors } from '../errors.ts'
import type { Platform } from '../platform.ts'
import type { Frame } from '../rest/arm.ts'
import { makeSignInUrl } from '../access/sign-in.ts'
import { notSignedIn, page } from './page.ts'

const sessionHours = 12

/** Signing a browser in by a link that works once, and the page that tells it where it is. */
export function landingRoutes(platform: Platform): Hono<Frame> {
  const app = new Hono<Frame>()
  app.get('/', async (context) => {
    const oneTime = context.req.query('otk')
    if (oneTime !== undefined) {
      const hash = createHash('sha256').update(oneTime).digest('hex')
      const principal = await redeemToken(platform.store.db, hash, signInLink, platform.clock().getTime())
      if (principal === undefined)
        return context.html(
          page(
            'This link is used up',
            html`<p>
              It worked once, or its 15 minutes are over. <code>twinloop login</code> makes a new one.
            </p>`,
          ),
          401,
        )
      const expiresAt = new Date(platform.clock().getTime() + sessionHours * 3_600_000)
      const token = await platform.access.issueToken(principal, { purpose: 'browser session', expiresAt })
      setCookie(context, sessionCookie, token, {
        httpOnly: true,
        sameSite: 'Strict',
        secure: new URL(context.req.url).protocol === 'https:',
        path: '/',
        expires: expiresAt,
      })
      return context.redirect('/')
    }
    const actor = await platform.access.authenticate(context.req.raw.headers).catch(() => undefined)
    if (actor === undefined) return context.html(notSignedIn(), 401)
    return context.html(page('Twinloop', await inventory(platform, actor)))
  })
  app.post('/sign-in-links', async (context) => {
    const actor = await platform.access.authenticate(context.req.raw.headers)
    if (actor.confinedTo !== '')
      throw errors.forbidden(
        `The token of ${actor.name} is confined to '${actor.confinedTo}' and cannot sign a browser in.`,
      )
    return context.json({ name: actor.name, url: await makeSignInUrl(platform, actor.id) }, 201)
  })
  return app
}

/** What is in each workspace, counted, with the command that lists it. */
async function inventory(platform: Platform, actor: Actor) {
  const all = await platform.resources.list({ type: 'workspaces', view: 'all' })
  const readable = await Promise.all(
    all.map(({ id }) => platform.access.can(actor, 'Microsoft.MachineLearningServices/workspaces/read', id)),
  )
  const workspaces = all.filter((_, i) => readable[i])
  const kinds = [
    ['data', 'workspaces/data'],
    ['environment', 'workspaces/environments'],
    ['job', 'workspaces/jobs'],
    ['model', 'workspaces/models'],
    ['online-endpoint', 'workspaces/onlineEndpoints'],
  ] as const
  const rows = await Promise.all(
    workspaces.map(async (workspace) => ({
      workspace,
      counts: await Promise.all(
        kinds.map(async ([noun, type]) => ({
          noun,
          // Steps are counted with their pipeline.
          count: (await platform.resources.list({ type, scope: workspace.key })).filter(
            ({ properties }) => typeof properties['parentJobName'] !== 'string',
          ).length,
        })),
      ),
    })),
  )
  return html`<p>Signed in as ${actor.name}. Tracking URI for MLflow: <code>${platform.urls.http}</code></p>
    ${rows.map(
      ({ workspace, counts }) =>
        html`<h2>${workspace.name}</h2>
          <table>
            ${counts.map(
              ({ noun, count }) =>
                html`<tr>
                  <td>${count}</td>
                  <td><code>twinloop ${noun} list</code></td>
                </tr>`,
            )}
          </table>`,
    )}`
}
