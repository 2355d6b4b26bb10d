import { Hono } from 'hono'
import type { Platform } from '../../kernel/platform.ts'
import type { Frame } from '../../kernel/rest/arm.ts'
import { asRelease } from '../releases/release.ts'
import { scorecardOf } from './keep.ts'
import { decodedPath } from '../../kernel/http/routed-path.ts'

const address =
  /^(\/subscriptions\/.+\/providers\/twinloop\/releasePlans\/[^/]+\/releases\/[^/]+)\/scorecard$/i

/**
 * `GET {release}/scorecard`: the model scorecard as the release stands now, for who may read it. It quotes what gates and
 * models wrote, so it is shown without scripts and without any right on this server's pages.
 */
export function scorecardRoutes(platform: Platform): Hono<Frame> {
  const app = new Hono<Frame>()
  app.get('/subscriptions/*', async (context, next) => {
    const [, id] = address.exec(decodedPath(context.req.path)) ?? []
    if (id === undefined) return next()
    const actor = await platform.access.authenticate(context.req.raw.headers)
    await platform.access.require(actor, 'Twinloop/releasePlans/releases/read', id)
    const page = await scorecardOf(platform, asRelease(await platform.resources.get(id)))
    return context.html(page, 200, {
      'content-security-policy':
        "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cache-control': 'private, no-store',
    })
  })
  return app
}
