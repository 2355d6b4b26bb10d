import { z } from 'zod'
import type { Action, Json } from '../../kernel/resources/resource.ts'
import { recentEvents } from '../../store/event-rows.ts'
import { bodyOf } from './delivery/deliver.ts'
import { mereTypes } from './filter/filter.ts'

const moment = z.iso.datetime({ offset: true })
const input = z.strictObject({
  from: moment.optional(),
  to: moment.optional(),
  types: z.array(z.string().min(1)).min(1).optional(),
  limit: z.int().min(1).max(10_000).default(50),
})

/**
 * `POST {workspace}/listEvents { from?, to?, types?, limit }`: what happened in a workspace, the newest first, as
 * CloudEvents; without types, not that some resource was written. Kept for 30 days. Answers `{ events }`.
 */
export const listEvents: Action = {
  operation: 'read',
  input,
  async run({ platform, resource, input: given }) {
    const { from, to, types, limit } = given as z.infer<typeof input>
    const rows = await recentEvents(platform.store.db, resource.id, {
      limit,
      ...(from === undefined ? {} : { from: Date.parse(from) }),
      ...(to === undefined ? {} : { to: Date.parse(to) }),
      ...(types === undefined ? { without: mereTypes } : { types }),
    })
    const events = rows.map(({ time, data, ...row }) =>
      bodyOf({ ...row, time: new Date(time), data: JSON.parse(data) as Json }),
    )
    return { body: { events } }
  },
}
