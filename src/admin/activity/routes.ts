import { Hono } from 'hono'
import { errors } from '../../kernel/errors.ts'
import { decodedPath } from '../../kernel/http/routed-path.ts'
import type { Platform } from '../../kernel/platform.ts'
import { keyOf } from '../../kernel/resources/arm-id.ts'
import type { Frame } from '../../kernel/rest/arm.ts'
import { auditOf, listPrincipals } from '../../store/access-rows.ts'
import { asActivity } from './activity.ts'
import { readFilter, type ActivityFilter } from './filter.ts'

const path =
  /^((?:\/subscriptions\/[^/]+)?)\/providers\/microsoft\.insights\/eventtypes\/management\/values\/?$/i
const largestPage = 1000

/**
 * `GET /subscriptions/{s}/providers/Microsoft.Insights/eventtypes/management/values`: the activity log as Azure Monitor
 * has it, who wrote what, newest first; without the subscription also what belongs to the whole server, as Azure tells it of a
 * tenant. `$filter` and `$select` are Azure's; a page has `$top` entries (default 100). Without a `resourceUri` one must
 * be allowed to read the log of the resource group that is named, or of all that is asked about; a `resourceUri` has the
 * log of what is below, too.
 */
export function activityRoutes(platform: Platform): Hono<Frame> {
  const app = new Hono<Frame>()
  for (const route of ['/subscriptions/*', '/providers/*'])
    app.get(route, async (context, next) => {
      const [whole, raw = ''] = path.exec(context.req.path) ?? []
      if (whole === undefined) return next()
      const actor = await platform.access.authenticate(context.req.raw.headers)
      const filter = readFilter(context.req.query('$filter') ?? '')
      const scope = scopeOf(decodedPath(raw), filter)
      await platform.access.require(actor, 'Microsoft.Insights/eventtypes/values/read', scope)
      const top = Math.min(wholeNumber(context.req.query('$top'), '$top', 100), largestPage)
      const before = wholeNumber(context.req.query('$skipToken'), '$skipToken', Number.MAX_SAFE_INTEGER)
      const principals = await listPrincipals(platform.store.db)
      const rows = await auditOf(platform.store.db, keyOf(scope), top + 1, before, {
        from: filter.from,
        to: filter.to,
        actors: filter.caller === undefined ? undefined : actorsOf(filter.caller, principals),
        operation: filter.operations ?? filter.resourceProvider,
        requestId: filter.correlationId,
      })
      const names = new Map(principals.map(({ id, name }) => [id, name]))
      const select = context.req
        .query('$select')
        ?.split(',')
        .map((field) => field.trim())
      const value = rows.slice(0, top).map((row) => selected(asActivity(row, names), select))
      const last = rows[top - 1]
      return context.json({
        value,
        ...(rows.length > top && last !== undefined ? { nextLink: nextLink(context.req.url, last.seq) } : {}),
      })
    })
  return app
}

/** What the question is about; throws badRequest for a resource that is not below the path. */
function scopeOf(base: string, { resourceUri, resourceGroupName }: ActivityFilter): string {
  if (resourceUri !== undefined) {
    const key = keyOf(resourceUri)
    if (key !== keyOf(base) && !key.startsWith(`${keyOf(base)}/`))
      throw errors.badRequest(`$filter: '${resourceUri}' is not in '${base}'.`, { target: '$filter' })
    return resourceUri
  }
  if (resourceGroupName === undefined) return base
  if (base === '')
    throw errors.badRequest(
      '$filter: a resource group is of a subscription; ask below /subscriptions/{id}.',
      {
        target: '$filter',
      },
    )
  return `${base}/resourceGroups/${resourceGroupName}`
}

/** Principals of that name or id; of nobody's, one that there is not. */
const actorsOf = (
  caller: string,
  principals: readonly { readonly id: string; readonly name: string }[],
): readonly string[] => [
  caller,
  ...principals.filter(({ name }) => name.toLowerCase() === caller.toLowerCase()).map(({ id }) => id),
]

const selected = (activity: Readonly<Record<string, unknown>>, select: readonly string[] | undefined) =>
  select === undefined
    ? activity
    : Object.fromEntries(
        Object.entries(activity).filter(([name]) =>
          select.some((one) => one.toLowerCase() === name.toLowerCase()),
        ),
      )

function nextLink(url: string, seq: number): string {
  const next = new URL(url)
  next.searchParams.set('$skipToken', String(seq))
  return next.href
}

function wholeNumber(text: string | undefined, name: string, otherwise: number): number {
  const value = text === undefined || text === '' ? otherwise : Number(text)
  if (!Number.isInteger(value) || value < 1)
    throw errors.badRequest(`${name} is '${text}'; expected a whole number of at least 1.`, { target: name })
  return value
}
