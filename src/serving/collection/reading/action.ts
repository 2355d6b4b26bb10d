import { z } from 'zod'
import { errors } from '../../../kernel/errors.ts'
import type { Action } from '../../../kernel/resources/resource.ts'
import { countRows } from './count.ts'
import { newestRows } from './newest.ts'

const dayMs = 24 * 3_600_000
const moment = z.iso.datetime({ offset: true })

/**
 * `POST {deployment}/collected { from, to, limit, count }`: the latest rows that were collected of a deployment, inputs,
 * outputs and labels side by side; the last day unless said otherwise. Answers `{ columns, rows, views, truncated }` and,
 * unless `count` is false, `{ total, labelled }`: how many rows the window has, and of how many the truth is known by now.
 * Counting reads the whole window, which the rows do not; with the limit 0 only that is done.
 */
export const collected: Action = {
  operation: 'read',
  input: z.object({
    from: moment.optional(),
    to: moment.optional(),
    limit: z.number().int().min(0).max(10_000).default(100),
    count: z.boolean().default(true),
  }),
  async run({ platform, resource, input }) {
    const { from, to, limit, count } = input as {
      from?: string
      to?: string
      limit: number
      count: boolean
    }
    // Windows end before their last moment, and what came in now belongs to this one.
    const until = to === undefined ? new Date(platform.clock().getTime() + 1000) : new Date(to)
    const since = from === undefined ? new Date(until.getTime() - dayMs) : new Date(from)
    if (since >= until)
      throw errors.validation('The window ends before it begins: from is to be earlier than to.', {
        target: 'from',
      })
    const window = { from: since, to: until }
    const rows = limit === 0 ? {} : await newestRows(platform, resource, window, limit)
    const counted = count ? await countRows(platform, resource, window) : {}
    return { body: { ...rows, ...counted } }
  },
}
