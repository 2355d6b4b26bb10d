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
  const write = async <T>(work: () => Promise<T>): Promise<T> => {
    const isLast = ++writes === dies.at
    if (writes > dies.at || (isLast && dies.when === 'before')) throw new Killed()
    const result = await work()
    if (isLast) throw new Killed()
    return result
  }
  const { resources, store } = platform
  return {
    ...platform,
    resources: {
      ...resources,
      put: (...given) => write(() => resources.put(...given)),
      setStatus: (...given) => write(() => resources.setStatus(...given)),
      purge: (...given) => write(() => resources.purge(...given)),
    },
    store: { ...store, transaction: (work) => write(() => store.transaction(work)) },
  }
}
