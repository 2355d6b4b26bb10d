import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Platform } from '../../kernel/platform.ts'
import { keyOf } from '../../kernel/resources/arm-id.ts'
import { type EndpointFigures, figuresFile, parseFigures } from '../gateway/figures/figures.ts'
import { gatewayFolder } from '../routing/folders.ts'
import { publishRoutes } from '../routing/publish.ts'
import { keptWatch, type WatchOptions } from './kept-watch.ts'

/** How an endpoint does. */
export interface LiveFigures extends EndpointFigures {
  /** Another one after each start of the gateway: then all counts begin anew. */
  readonly run: string
  /** When the gateway took them, in milliseconds since 1970: old where it is away. */
  readonly at: number
}

/** Who has an endpoint watched, and whether they leave it to somebody else who does already. */
export interface Watcher {
  readonly by: string
  readonly yields: boolean
}

/**
 * Has the gateway count how the deployments of an endpoint do, from now on; with `null` no more. Returns when the gateway
 * does so. Again with the same, nothing happens: other options begin all counts anew, so there is one watcher at a time.
 * What somebody else has watched meanwhile is not ended, and is left as it is by a watcher that yields.
 */
export async function watchEndpoint(
  platform: Platform,
  id: string,
  watch: WatchOptions | null,
  { by, yields }: Watcher,
): Promise<void> {
  const endpoint = await platform.resources.find(id)
  if (endpoint === undefined) return
  const kept = keptWatch(endpoint)
  const isOthers = kept?.by !== undefined && kept.by !== by
  if (isOthers && (yields || watch === null)) return
  const isSame = kept?.slowMs === watch?.slowMs && kept?.warmMs === watch?.warmMs
  if (isSame && (watch === null || kept?.by === by)) return
  await platform.resources.setStatus(keyOf(id), { watch: watch && { ...watch, by } })
  if (!isSame) await publishRoutes(platform)
}

/** The figures of a watched endpoint as the gateway last told them; undefined if it has told none. */
export async function figuresOf(platform: Platform, id: string): Promise<LiveFigures | undefined> {
  try {
    const text = await readFile(join(gatewayFolder(platform.config.home), figuresFile), 'utf8')
    const { run, at, endpoints } = parseFigures(text)
    const found = endpoints[keyOf(id)]
    return found && { ...found, run, at }
  } catch {
    return undefined
  }
}
