import { Hono } from 'hono'
import { streamSSE } from 'hono/streaming'
import { scopeId } from '../resources/arm-id.ts'
import { errors } from '../errors.ts'
import type { Platform } from '../platform.ts'
import type { Frame } from '../rest/arm.ts'
import type { StoredEvent } from '../resources/resource.ts'

const heartbeatMs = 15_000

/** An event in CloudEvents 1.0's JSON form. */
export const asCloudEvent = (event: StoredEvent) => ({
  specversion: '1.0',
  id: event.id,
  source: event.source,
  type: event.type,
  subject: event.subject,
  time: event.time.toISOString(),
  datacontenttype: 'application/json',
  data: event.data,
})

/**
 * `GET {workspace}/providers/Twinloop/events`: everything that happens in a workspace as server-sent events, each a
 * CloudEvent whose SSE id is its position. `Last-Event-ID` (or `?after=`) resumes there; without it only news come.
 * `?types=a,b` keeps only those types.
 */
export function eventStreamRoutes(platform: Platform): Hono<Frame> {
  const app = new Hono<Frame>()
  app.get('/subscriptions/*', async (context, next) => {
    const workspace = /^(.*)\/providers\/twinloop\/events\/?$/i.exec(context.req.path)?.[1]
    if (workspace === undefined || workspace !== scopeId(workspace)) return next()
    await platform.access.require(
      context.var.actor,
      'Microsoft.MachineLearningServices/workspaces/read',
      workspace,
    )
    await platform.resources.get(workspace)
    const after = context.req.header('last-event-id') ?? context.req.query('after')
    const from = after === undefined ? -1 : Number(after)
    if (!Number.isInteger(from))
      throw errors.badRequest(`'${after}' is not the id of an event: expected a whole number.`)
    const types = context.req.query('types')?.split(',')
    return streamSSE(context, async (stream) => {
      const gone = new AbortController()
      stream.onAbort(() => gone.abort())
      const beat = setInterval(() => void stream.write(': beat\n\n'), heartbeatMs)
      await stream.write(': connected\n\n')
      for await (const event of platform.events.tail(from, gone.signal)) {
        if (event.source.toLowerCase() !== workspace.toLowerCase()) continue
        if (types !== undefined && !types.includes(event.type)) continue
        await stream.writeSSE({
          id: String(event.seq),
          event: event.type,
          data: JSON.stringify(asCloudEvent(event)),
        })
      }
      clearInterval(beat)
    })
  })
  return app
}
