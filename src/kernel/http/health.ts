import { Hono } from 'hono'
import type { Platform } from '../platform.ts'
import { exposition } from '../telemetry/exposition.ts'
import type { Frame } from '../rest/arm.ts'

/** A gauge that was not measured for so long is not told any more, as Prometheus itself has it. */
const stalenessMs = 5 * 60_000

/** Liveness, readiness and the server's own measurements. Only the first two are open to everybody. */
export function healthRoutes(platform: Platform, isReady: () => boolean): Hono<Frame> {
  const app = new Hono<Frame>()
  app.get('/healthz', (context) => context.text('ok'))
  app.get('/readyz', (context) => (isReady() ? context.text('ready') : context.text('starting', 503)))
  app.get('/metrics', async (context) => {
    const actor = await platform.access.authenticate(context.req.raw.headers)
    await platform.access.require(actor, 'Twinloop/metrics/read', '')
    const { registry } = platform.metrics
    const from = new Date(platform.clock().getTime() - stalenessMs)
    const text = exposition(await registry.metrics(), platform.series.totals(from))
    return context.text(text, 200, { 'Content-Type': registry.contentType })
  })
  return app
}
