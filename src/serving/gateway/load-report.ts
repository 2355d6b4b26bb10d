import { renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import type { Endpoint } from './traffic/endpoint.ts'

/** File below the gateway's folder in which it tells the control plane what no table can. */
export const loadFile = 'load.json'

const load = z.object({
  /** By key. */
  deployments: z.record(
    z.string(),
    z.object({
      /** Milliseconds that requests have spent here, summed over requests, since the gateway started. */
      heldMs: z.number(),
      waiting: z.number(),
      instances: z.number(),
      /** Names of instances that fail their liveness probe, with since when (milliseconds since 1970). */
      unresponsive: z.record(z.string(), z.number()),
    }),
  ),
})
export type Load = z.infer<typeof load>

export const parseLoad = (text: string): Load => load.parse(JSON.parse(text))

const everyMs = 1000

/**
 * Writes what deployments that scale themselves are burdened with into `{folder}/load.json`, every second if it has
 * changed, and at once when `urgent` is called: a request waits for a deployment that sleeps, or an instance does not
 * answer its liveness probe.
 */
export function reportLoad(
  folder: string,
  endpoints: ReadonlyMap<string, Endpoint>,
  onError: (error: unknown) => void,
) {
  let last = ''
  let soon: NodeJS.Immediate | undefined

  function write() {
    soon = undefined
    const deployments: Load['deployments'] = {}
    for (const { route, pools } of endpoints.values())
      for (const [name, pool] of pools) {
        const { unresponsive } = pool
        if (!pool.route.elastic && !unresponsive) continue
        deployments[`${route.id}/deployments/${name.toLowerCase()}`] = {
          heldMs: Math.round(pool.heldMs),
          waiting: pool.waiting,
          instances: pool.route.instances.length,
          unresponsive: { ...unresponsive },
        }
      }
    const text = JSON.stringify(deployments)
    if (text === last) return
    try {
      const file = join(folder, loadFile)
      writeFileSync(`${file}.new`, JSON.stringify({ deployments } satisfies Load))
      renameSync(`${file}.new`, file)
      last = text
    } catch (error) {
      onError(error)
    }
  }

  const timer = setInterval(write, everyMs)
  timer.unref()
  return {
    urgent: () => {
      soon ??= setImmediate(write)
    },
    close: () => clearInterval(timer),
  }
}
