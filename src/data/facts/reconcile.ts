import type { Platform } from '../../kernel/platform.ts'
import type { Resource } from '../../kernel/resources/resource.ts'
import type { Reconciler } from '../../kernel/work/reconcile.ts'
import { recordFacts, type DataFacts } from './facts.ts'

const name = 'data-facts'

/** How long to wait before data that could not be reached are looked for again; then only a write asks again. */
const waitsMs = [60_000, 10 * 60_000, 3_600_000]

/** If the server that was recording is gone, those that waited for it look again after this. */
const longestWaitMs = 15 * 60_000

/** One version is read at a time: people who ask questions meanwhile come first. */
const recording = new WeakMap<Platform, Set<string>>()

/** Records the facts of every new version in its status. Creation never waits for it, nor fails by it. */
export const dataFacts: Reconciler = {
  name,
  types: ['workspaces/data/versions'],
  async reconcile(version: Resource, { platform, signal }) {
    const { facts } = version.status as { readonly facts?: DataFacts }
    const due = dueAt(facts)
    if (version.deleting || due === undefined) return undefined
    const wait = due - platform.clock().getTime()
    if (wait > 0) return { again: wait }
    const waiting = recording.get(platform)
    if (waiting !== undefined) {
      waiting.add(version.key)
      return { again: longestWaitMs }
    }
    recording.set(platform, new Set())
    try {
      const found = await recordFacts(platform, version.scope, version.id, (facts?.attempts ?? 0) + 1, signal)
      await platform.resources.setStatus(version.key, { facts: found })
      const next = dueAt(found)
      return next === undefined ? undefined : { again: next - platform.clock().getTime() }
    } finally {
      const others = recording.get(platform) ?? new Set()
      recording.delete(platform)
      for (const key of others) platform.wake(name, key)
    }
  },
}

/** When to look, in milliseconds since 1970; undefined if all is known that will be. */
function dueAt(facts: DataFacts | undefined): number | undefined {
  if (facts === undefined) return 0
  if (facts.state === 'recorded') return undefined
  const wait = waitsMs[facts.attempts - 1]
  return wait === undefined ? undefined : Date.parse(facts.recordedAt) + wait
}
