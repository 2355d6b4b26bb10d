import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Platform } from '../../kernel/platform.ts'
import { keyOf } from '../../kernel/resources/arm-id.ts'
import { type EndpointFigures, figuresFile, parseFigures } from '../gateway/figures/figures.ts'
import type { EndpointRoute } from '../gateway/routes/route-table.ts'
import { gatewayFolder } from '../routing/folders.ts'
import { publishRoutes } from '../routing/publish.ts'

/** What the gateway is to count of an endpoint. */
export type WatchOptions = NonNullable<EndpointRoute['watch']>

/** How an endpoint does. */
export interface LiveFigures extends EndpointFigures {
  /** Another one after each start of the gateway: then all counts begin anew. */
  readonly run: string
  /** When the gateway took them, in milliseconds since 1970: old where it is away. */
  readonly at: number
}

/**
 * Has the gateway count how the deployments of an endpoint do, from now on; with `null` no more. Returns when the gateway
 * does so. Again with the same, nothing happens.
 */
export async function watchEndpoint(
  platform: Platform,
  id: string,
  watch: WatchOptions | null,
): Promise<void> {
  const endpoint = await platform.resources.find(id)
  if (endpoint === undefined) return
  const { slowMs, warmMs } = (endpoint.status['watch'] ?? {}) as Partial<WatchOptions>
  if (slowMs === watch?.slowMs && warmMs === watch?.warmMs) return
  await platform.resources.setStatus(keyOf(id), { watch })
  await publishRoutes(platform)
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
