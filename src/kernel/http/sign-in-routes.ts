import { Hono, type Context } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import { redeemToken, signInLink } from '../../store/access-rows.ts'
import { hashToken, sessionCookie } from '../access/access.ts'
import { makeSignInUrl } from '../access/sign-in.ts'
import { errors } from '../errors.ts'
import type { Platform } from '../platform.ts'
import type { Frame } from '../rest/arm.ts'

const sessionHours = 12
const browserSession = 'browser session'

/**
 * How a browser gets and gives back a session. `POST /sign-in-links` makes a link of who asks that works once, `GET
 * /?otk=` exchanges it for a cookie that no script can read, `POST /sign-out` ends the session; `GET /v1.0/me`, as
 * Microsoft Graph has it, says who one is.
 */
export function signInRoutes(platform: Platform): Hono<Frame> {
  const app = new Hono<Frame>()
  app.get('/', async (context, next) => {
    const oneTime = context.req.query('otk')
    if (oneTime === undefined) return next()
    // A link that is used up leads to where one may sign in otherwise.
    return context.redirect((await signIn(platform, context, oneTime)) ? '/' : '/sign-in?link=used')
  })
  app.post('/sign-in-links', async (context) => {
    const actor = await platform.access.authenticate(context.req.raw.headers)
    if (actor.confinedTo !== '')
      throw errors.forbidden(
        `The token of ${actor.name} is confined to '${actor.confinedTo}' and cannot sign a browser in.`,
      )
    return context.json({ name: actor.name, url: await makeSignInUrl(platform, actor.id) }, 201)
  })
  app.post('/sign-out', async (context) => {
    await platform.access.authenticate(context.req.raw.headers)
    const session = getCookie(context, sessionCookie)
    if (session !== undefined)
      await redeemToken(platform.store.db, hashToken(session), browserSession, platform.clock().getTime())
    platform.access.forget()
    deleteCookie(context, sessionCookie, { path: '/' })
    return context.body(null, 204)
  })
  app.get('/v1.0/me', async (context) => {
    const { id, name, kind } = await platform.access.authenticate(context.req.raw.headers)
    return context.json({ id, displayName: name, userPrincipalName: name, userType: kind })
  })
  return app
}

/** Sets the cookie of a new session; false if the link is unknown, used or too old. */
async function signIn(platform: Platform, context: Context<Frame>, oneTime: string): Promise<boolean> {
  const now = platform.clock().getTime()
  const principal = await redeemToken(platform.store.db, hashToken(oneTime), signInLink, now)
  if (principal === undefined) return false
  const expiresAt = new Date(now + sessionHours * 3_600_000)
  const token = await platform.access.issueToken(principal, { purpose: browserSession, expiresAt })
  setCookie(context, sessionCookie, token, {
    httpOnly: true,
    sameSite: 'Strict',
    secure: new URL(context.req.url).protocol === 'https:',
    path: '/',
    expires: expiresAt,
  })
  return true
}
