import { renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Endpoint } from '../traffic/endpoint.ts'
import { type Figures, figuresEveryMs, figuresFile } from './figures.ts'

/**
 * Writes how watched endpoints do into `{folder}/figures.json`, every second while there are any, and once more when
 * there are none.
 */
export function reportFigures(
  folder: string,
  endpoints: ReadonlyMap<string, Endpoint>,
  onError: (error: unknown) => void,
) {
  const run = `${process.pid}-${Date.now()}`
  let isTold = false

  function write() {
    const found: Figures['endpoints'] = {}
    for (const { route, watch, pools } of endpoints.values()) {
      if (watch === undefined) continue
      const up = new Map([...pools].map(([name, pool]) => [name, pool.instancesUp]))
      found[route.id] = watch.settle(up)
    }
    const isAny = Object.keys(found).length > 0
    if (!isAny && !isTold) return
    try {
      const file = join(folder, figuresFile)
      writeFileSync(
        `${file}.new`,
        JSON.stringify({ run, at: Date.now(), endpoints: found } satisfies Figures),
      )
      renameSync(`${file}.new`, file)
      isTold = isAny
    } catch (error) {
      onError(error)
    }
  }

  const timer = setInterval(write, figuresEveryMs)
  timer.unref()
  return { close: () => clearInterval(timer) }
}
