import type { Platform } from '../../kernel/platform.ts'

/** Thrown where a server is killed. */
export class Killed extends Error {}

/**
 * The platform of a server that dies at its n-th write, from 1: `before` it, so that nothing of it is there, or `after` it, so
 * that whoever wrote never heard of it.
 */
export function mortal(
  platform: Platform,
  dies: { readonly at: number; readonly when: 'before' | 'after' },
): Platform {
  let writes = 0
  const write =
    <A extends readonly unknown[], R>(work: (...given: A) => Promise<R>) =>
    async (...given: A): Promise<R> => {
      const isLast = ++writes === dies.at
      if (writes > dies.at || (isLast && dies.when === 'before')) throw new Killed()
      const result = await work(...given)
      if (isLast) throw new Killed()
      return result
    }
  const { resources, store } = platform
  return {
    ...platform,
    resources: {
      ...resources,
      put: write(resources.put) as typeof resources.put,
      setStatus: write(resources.setStatus) as typeof resources.setStatus,
      purge: write(resources.purge),
    },
    store: { ...store, transaction: write(store.transaction) as typeof store.transaction },
  }
}
