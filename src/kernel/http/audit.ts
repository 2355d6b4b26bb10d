import { Hono } from 'hono'
import { auditOf } from '../../store/access-rows.ts'
import { keyOf } from '../resources/arm-id.ts'
import { errors } from '../errors.ts'
import type { Platform } from '../platform.ts'
import type { Frame } from '../rest/arm.ts'

const largestPage = 1000

/**
 * `GET {id}/providers/Twinloop/audit`: who wrote what, newest first, on a resource and all below it; `/` is the whole
 * server. `$top` bounds a page (default 100), `before` continues after the last `seq` of the page before.
 */
export function auditRoutes(platform: Platform): Hono<Frame> {
  const app = new Hono<Frame>()
  for (const path of ['/subscriptions/*', '/providers/Twinloop/audit'] as const)
    app.get(path, async (context, next) => {
      const id = /^(.*)\/providers\/twinloop\/audit\/?$/i.exec(context.req.path)?.[1]
      if (id === undefined) return next()
      await platform.access.require(context.var.actor, 'Microsoft.Insights/eventtypes/values/read', id)
      const top = number(context.req.query('$top'), '$top', 100)
      const before = number(context.req.query('before'), 'before', Number.MAX_SAFE_INTEGER)
      const rows = await auditOf(
        platform.store.db,
        keyOf(decodeURIComponent(id)),
        Math.min(top, largestPage),
        before,
      )
      return context.json({
        value: rows.map(({ time, request_id, ...row }) => ({
          ...row,
          time: new Date(time).toISOString(),
          requestId: request_id,
        })),
      })
    })
  return app
}

function number(text: string | undefined, name: string, otherwise: number): number {
  const value = text === undefined ? otherwise : Number(text)
  if (!Number.isInteger(value) || value < 1)
    throw errors.badRequest(`${name} is '${text}'; expected a whole number of at least 1.`, { target: name })
  return value
}
