import { randomUUID } from 'node:crypto'
import type { MiddlewareHandler } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { Context } from 'hono'
import { routePath } from 'hono/route'
import { fullType, type Catalogue } from '../resources/catalogue.ts'
import { formatArm, UserError } from '../errors.ts'
import type { Platform } from '../platform.ts'
import type { Frame } from '../rest/arm.ts'

const requestIdRule = /^[\w.-]{1,100}$/

/** What stands around every request: an id, the log line, its duration, and headers that keep browsers careful. */
export function frame(
  platform: Pick<Platform, 'log' | 'metrics'>,
  catalogue: Catalogue,
): MiddlewareHandler<Frame> {
  return async (context, next) => {
    const given = context.req.header('x-ms-client-request-id') ?? context.req.header('x-request-id') ?? ''
    const requestId = requestIdRule.test(given) ? given : randomUUID()
    context.set('requestId', requestId)
    const started = performance.now()
    await next()
    const seconds = (performance.now() - started) / 1000
    context.header('x-ms-request-id', requestId)
    context.header('x-content-type-options', 'nosniff')
    context.header('x-frame-options', 'SAMEORIGIN')
    const { method, path } = context.req
    const status = context.res.status
    const route = typeOf(path, catalogue) ?? routePath(context)
    platform.metrics.requests.observe({ method, route, status: String(status) }, seconds)
    const line = { method, path, status, ms: Math.round(seconds * 1e5) / 100, requestId }
    // 501 is an answer that protocols ask for, not a failure.
    if (status >= 500 && status !== 501) platform.log.error('request', line)
    else platform.log.debug('request', line)
  }
}

/** Authenticates for the routes after it; a failure is answered in ARM's shape. */
export function authenticated(platform: Platform): MiddlewareHandler<Frame> {
  return async (context, next) => {
    context.set('actor', await platform.access.authenticate(context.req.raw.headers))
    await next()
  }
}

/** The last resort: every error that no room has formatted, as ARM does, with what HTTP wants beside it. */
export function answerError(platform: Pick<Platform, 'log'>) {
  return (error: Error, context: Context<Frame>) => {
    const requestId = context.get('requestId') ?? ''
    const { status, body } = formatArm(error, requestId)
    if (status >= 500 && !(error instanceof UserError))
      platform.log.error('request failed', { requestId, path: context.req.path, error })
    if (status === 401) context.header('WWW-Authenticate', 'Bearer realm="twinloop", Basic realm="twinloop"')
    const retryAfter = error instanceof UserError ? error.retryAfter : undefined
    if (retryAfter !== undefined) context.header('Retry-After', String(retryAfter))
    context.header('x-ms-error-code', body.error.code)
    return context.json(body, status as ContentfulStatusCode)
  }
}

/**
 * The type of the resource or collection at a path, if there is one: with the pattern of the route for all else, a
 * label that has few values, whatever paths are asked for.
 */
function typeOf(path: string, catalogue: Catalogue): string | undefined {
  const at = path.toLowerCase().lastIndexOf('/providers/')
  if (at < 0 || !/^\/(?:subscriptions|providers)\//i.test(path)) return undefined
  const [provider = '', ...rest] = path.slice(at + '/providers/'.length).split('/')
  const types = rest.filter((_, i) => i % 2 === 0)
  const definition =
    catalogue.byType(types.join('/'), provider) ?? catalogue.byType(types.slice(0, -1).join('/'), provider)
  return definition === undefined ? undefined : fullType(definition)
}
