import type { Platform } from '../../kernel/platform.ts'
import { createCatalogue } from '../../kernel/resources/catalogue.ts'
import { createResources } from '../../kernel/resources/resources.ts'
import type { Outbox } from '../../kernel/work/events.ts'
import { definitions } from '../../rooms.ts'

const catalogue = createCatalogue(definitions)

/** Thrown where a server is killed. */
export class Killed extends Error {}

/**
 * The platform of a server that dies at its n-th commit, from 1, wherever in its rooms that is: `before` it, so that nothing
 * of it is there, or `after` it, so that whoever wrote never heard of it. What it would have done afterwards it does not.
 */
export function mortal(
  platform: Platform,
  dies: { readonly at: number; readonly when: 'before' | 'after' },
): Platform {
  let commits = 0
  const store: Platform['store'] = {
    ...platform.store,
    async transaction(work) {
      const isLast = ++commits === dies.at
      if (commits > dies.at || (isLast && dies.when === 'before')) throw new Killed()
      const result = await platform.store.transaction(work)
      if (isLast) throw new Killed()
      return result
    },
  }
  const own: Platform = {
    ...platform,
    store,
    resources: createResources({
      store,
      catalogue,
      access: platform.access,
      outbox: platform.events as Outbox,
      clock: platform.clock,
      reconcilers: [],
      workScheduled: () => {},
      platform: () => own,
    }),
  }
  return own
}
