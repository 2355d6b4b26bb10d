import type { Platform } from '../platform.ts'

/** Work in the background of this server; nothing of it is missed when it is lost. */
interface Work {
  readonly aborter: AbortController
  settled?: { readonly value: unknown } | { readonly error: unknown }
}

const works = new WeakMap<Platform, Map<string, Work>>()

const worksOf = (platform: Platform): Map<string, Work> => {
  const found = works.get(platform) ?? new Map<string, Work>()
  works.set(platform, found)
  return found
}

/**
 * What `work` came to, or what it threw; undefined while it is under way. Begun at the first call under a name;
 * `done` is called when it is over. It is kept until `abandonWorks`.
 */
export function inBackground<T>(
  platform: Platform,
  name: string,
  work: (signal: AbortSignal) => Promise<T>,
  done: () => void,
): Promise<T> | undefined {
  const all = worksOf(platform)
  const before = all.get(name)
  if (before !== undefined) {
    if (before.settled === undefined) return undefined
    if ('error' in before.settled) return Promise.reject(before.settled.error)
    return Promise.resolve(before.settled.value as T)
  }
  const item: Work = { aborter: new AbortController() }
  all.set(name, item)
  const settle = (settled: NonNullable<Work['settled']>) => {
    item.settled = settled
    if (!item.aborter.signal.aborted) done()
  }
  work(item.aborter.signal).then(
    (value) => settle({ value }),
    (error: unknown) => settle({ error }),
  )
  return undefined
}

/** Aborts and forgets all work whose name begins so. */
export function abandonWorks(platform: Platform, prefix: string): void {
  const all = worksOf(platform)
  for (const [name, work] of all)
    if (name.startsWith(prefix)) {
      work.aborter.abort()
      all.delete(name)
    }
}

/** Aborts all, when the server stops. */
export const stopWorks = (platform: Platform): void => abandonWorks(platform, '')
