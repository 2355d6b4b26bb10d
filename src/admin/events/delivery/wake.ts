import type { Platform } from '../../../kernel/platform.ts'
import { eventSubscriptions, subscriptionsReconciler } from '../subscription.ts'

/** Several events come together: who wants them is looked up once. */
const gatherMs = 20

/** Has subscriptions looked at when something happens in their workspace, as long as this server lives. */
export function wakeSubscriptions(platform: Platform): { stop(): Promise<void> } {
  const stopping = new AbortController()
  const sources = new Set<string>()
  let timer: NodeJS.Timeout | undefined
  const wake = async () => {
    timer = undefined
    const of = new Set(sources)
    sources.clear()
    const all = await platform.resources.list({ type: eventSubscriptions.type, view: 'all', top: 10_000 })
    for (const { key, scope, status } of all)
      if (of.has(scope) && status['paused'] === undefined) platform.wake(subscriptionsReconciler, key)
  }
  const follow = async () => {
    for await (const { source, subject } of platform.events.tail(-1, stopping.signal)) {
      // Their own writes call their reconciler anyhow.
      if (/\/eventsubscriptions\//i.test(subject)) continue
      sources.add(source.toLowerCase())
      timer ??= setTimeout(() => {
        wake().catch((error: unknown) =>
          platform.log.error('event subscriptions could not be woken', { error }),
        )
      }, gatherMs).unref()
    }
  }
  // What happened while no server was there is delivered as well.
  const all = platform.resources.list({ type: eventSubscriptions.type, view: 'all', top: 10_000 })
  void all.then((found) => found.forEach(({ key }) => platform.wake(subscriptionsReconciler, key)))
  const running = follow()
  return {
    async stop() {
      stopping.abort()
      clearTimeout(timer)
      await running
    },
  }
}
