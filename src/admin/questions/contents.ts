import type { Action } from '../../kernel/resources/resource.ts'
import { countsBelow } from '../../store/resource-rows.ts'

/**
 * `POST {id}/contents`: how many resources of each type are in it and would go with it, as `{ total, value: [{ type,
 * count }] }`, types as events and audit name them below their provider.
 */
export const contents: Action = {
  operation: 'read',
  async run({ platform, resource }) {
    const counts = await countsBelow(platform.store.db, resource.key)
    const value = [...counts].map(([type, count]) => ({ type, count }))
    return { body: { total: value.reduce((sum, { count }) => sum + count, 0), value } }
  },
}
