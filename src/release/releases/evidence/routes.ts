import { Readable } from 'node:stream'
import { Hono } from 'hono'
import { errors } from '../../../kernel/errors.ts'
import type { Platform } from '../../../kernel/platform.ts'
import type { Frame } from '../../../kernel/rest/arm.ts'
import { asRelease } from '../release.ts'
import { evidenceOf } from './keep.ts'
import { decodedPath } from '../../../kernel/http/routed-path.ts'

const address =
  /^(\/subscriptions\/.+\/providers\/twinloop\/releasePlans\/[^/]+\/releases\/[^/]+)\/evidence\/(.+)$/i

/**
 * `GET {release}/evidence/{stage}/{gate}/{attempt}/{file}`: a file that a gate kept, for who may read the release. What a
 * gate wrote is shown without any right on this server's pages: it may quote data, or be written by a model's code.
 */
export function evidenceRoutes(platform: Platform): Hono<Frame> {
  const app = new Hono<Frame>()
  app.get('/subscriptions/*', async (context, next) => {
    const [, id, file = ''] = address.exec(decodedPath(context.req.path)) ?? []
    if (id === undefined) return next()
    const actor = await platform.access.authenticate(context.req.raw.headers)
    await platform.access.require(actor, 'Twinloop/releasePlans/releases/read', id)
    const release = asRelease(await platform.resources.get(id))
    const { container, path } = await evidenceOf(platform, release)
    const blob = await platform.artifacts.head({ container, path: `${path}/${file}` })
    if (blob === undefined) throw errors.notFound(`Release ${release.name} has no evidence '${file}'.`)
    return new Response(Readable.toWeb(await platform.artifacts.read(blob)) as ReadableStream, {
      headers: {
        'content-type': blob.contentType,
        'content-length': String(blob.size),
        'content-security-policy':
          "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:",
        'x-content-type-options': 'nosniff',
        'cache-control': 'private, no-cache',
        etag: `"${blob.digest}"`,
      },
    })
  })
  return app
}
