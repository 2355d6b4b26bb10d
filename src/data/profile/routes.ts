import { Hono } from 'hono'
import { errors } from '../../kernel/errors.ts'
import type { Platform } from '../../kernel/platform.ts'
import type { Resource } from '../../kernel/resources/resource.ts'
import type { Frame } from '../../kernel/rest/arm.ts'
import type { Profile } from './profile.ts'
import { reportPage } from './report/report.ts'
import { readProfile } from './stored.ts'

const path = /^(\/subscriptions\/.+\/providers\/twinloop\/profiles\/[^/]+)\/(result|report)\/?$/i

/** `GET {profile}/result`: the whole document. `GET {profile}/report`: a page that needs nothing else. */
export function profileRoutes(platform: Platform): Hono<Frame> {
  const app = new Hono<Frame>()
  app.get('/subscriptions/*', async (context, next) => {
    const [, id, what] = path.exec(context.req.path) ?? []
    if (id === undefined) return next()
    const actor = await platform.access.authenticate(context.req.raw.headers)
    await platform.access.require(actor, 'Twinloop/profiles/read', id)
    const profile = await profileAt(platform, id)
    const etag = `"${profile.etag}"`
    context.header('ETag', etag)
    context.header('Cache-Control', 'private, no-cache')
    if (context.req.header('if-none-match') === etag) return context.body(null, 304)
    const text = await readProfile(platform, profile)
    if (what?.toLowerCase() === 'result')
      return context.body(text, 200, { 'content-type': 'application/json' })
    // The page's own few lines of script and style are all that may run or load in it.
    context.header(
      'Content-Security-Policy',
      "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'",
    )
    return context.html(reportPage(JSON.parse(text) as Profile))
  })
  return app
}

async function profileAt(platform: Platform, id: string): Promise<Resource> {
  const found = await platform.resources.find(id)
  if (found === undefined) throw errors.notFound(`There is no profile '${id}'. PUT makes it.`)
  return found
}
