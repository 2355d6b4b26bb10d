import { Hono } from 'hono'
import { errors } from '../../../kernel/errors.ts'
import { notSignedIn } from '../../../kernel/http/page.ts'
import type { Platform } from '../../../kernel/platform.ts'
import { parentId, parseArmId } from '../../../kernel/resources/arm-id.ts'
import type { Frame } from '../../../kernel/rest/arm.ts'
import type { Evaluation } from '../evaluation/result.ts'
import { asResult } from '../results.ts'
import { contractPage } from './page.ts'

const path = /^(\/subscriptions\/.*\/providers\/twinloop\/contractResults\/[^/]+)\/report\/?$/i

/** `GET {version}/providers/Twinloop/contractResults/{contract}/report`: the result as a page for people. */
export function contractReportRoutes(platform: Platform): Hono<Frame> {
  const app = new Hono<Frame>()
  app.get('/subscriptions/*', async (context, next) => {
    const found = path.exec(context.req.path)?.[1]
    if (found === undefined) return next()
    const id = decodeURIComponent(found)
    const actor = await platform.access.authenticate(context.req.raw.headers).catch(() => undefined)
    if (actor === undefined) return context.html(notSignedIn(), 401)
    await platform.access.require(actor, 'Twinloop/contractResults/read', id)
    const { name, status } = asResult(await platform.resources.get(id))
    if (status.provisioningState !== 'Succeeded')
      throw errors.conflict(
        status.error?.message ?? `Contract '${name}' is being evaluated; its page is there in a moment.`,
        status.provisioningState === 'Running' ? { retryAfter: 1 } : {},
      )
    const [, asset, version] = parseArmId(parentId(id)).names
    // What it shows comes from data: no script of it may run, whatever is in them.
    context.header('Content-Security-Policy', "default-src 'none'; style-src 'unsafe-inline'")
    return context.html(
      await contractPage({
        contract: name,
        data: `${asset}:${version}`,
        evaluation: status as unknown as Evaluation,
      }),
    )
  })
  return app
}
