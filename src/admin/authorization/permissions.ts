import { Hono } from 'hono'
import { keyOf } from '../../kernel/resources/arm-id.ts'
import type { Platform } from '../../kernel/platform.ts'
import type { Frame } from '../../kernel/rest/arm.ts'
import { decodedPath } from '../../kernel/http/routed-path.ts'

const path = /^(.*)\/providers\/microsoft\.authorization\/permissions\/?$/i

/**
 * `GET {scope}/providers/Microsoft.Authorization/permissions`, as Azure has it: what the caller's own roles allow there.
 * An operation is allowed if one of them has it in `actions` and not in `notActions`; anybody may ask about themselves.
 */
export function permissionRoutes(platform: Platform): Hono<Frame> {
  const app = new Hono<Frame>()
  for (const route of ['/subscriptions/*', '/providers/*'])
    app.get(route, async (context, next) => {
      const [, raw] = path.exec(context.req.path) ?? []
      if (raw === undefined) return next()
      const scope = decodedPath(raw)
      const actor = await platform.access.authenticate(context.req.raw.headers)
      const key = keyOf(scope)
      const isWithin =
        actor.confinedTo === '' || key === actor.confinedTo || key.startsWith(`${actor.confinedTo}/`)
      const held = isWithin ? await platform.access.holders(scope) : []
      return context.json({
        value: held
          .filter(({ principal }) => principal === actor.id)
          .map(({ role: { actions, notActions } }) => ({
            actions,
            notActions,
            dataActions: [],
            notDataActions: [],
          })),
      })
    })
  return app
}
