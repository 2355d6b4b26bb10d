import { createHash } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { watch } from 'node:fs'
import { join } from 'node:path'
import type { Platform } from '../../kernel/platform.ts'
import { authorizePath } from '../endpoints/authorize.ts'
import { describeSpool } from '../collection/places.ts'
import { keyHashes } from '../endpoints/keys.ts'
import { tokenPublicKey } from '../endpoints/tokens.ts'
import { gatewayFolder, socketsFolder } from './folders.ts'
import { routeTable } from './table.ts'

/** How long a change waits for the gateway to take it up: it may be away. */
const uptakeMs = 1000

const last = new WeakMap<Platform, Promise<void>>()

/**
 * Writes the gateway's table as the store has it now, if that changes it, and waits until the gateway has taken it up
 * (or a second, if it is away: it reads the table when it comes). One after the other, so that an older state never
 * replaces a newer one.
 */
export function publishRoutes(platform: Platform): Promise<void> {
  const before = last.get(platform) ?? Promise.resolve()
  const next = before.catch(() => {}).then(() => publish(platform))
  last.set(platform, next)
  return next
}

async function publish(platform: Platform): Promise<void> {
  const { resources, config } = platform
  const all = { view: 'all', top: 100_000, orderBy: { field: 'name', descending: false } } as const
  const endpoints = await resources.list({ ...all, type: 'workspaces/onlineEndpoints' })
  const deployments = await resources.list({ ...all, type: 'workspaces/onlineEndpoints/deployments' })
  const parts = await Promise.all(
    endpoints.map(async (endpoint) => ({
      endpoint,
      keyHashes: await keyHashes(platform, endpoint.key),
      deployments: deployments.filter((d) => d.parent === endpoint.key),
    })),
  )
  // Before the gateway collects anything, it is known what that is of.
  for (const deployment of deployments)
    await describeSpool(platform, deployment).catch((error: unknown) =>
      platform.log.warn('what a deployment collects cannot be kept', { deployment: deployment.id, error }),
    )
  const folder = gatewayFolder(config.home)
  const authority = {
    authorizeUrl: `${platform.urls.http}${authorizePath}`,
    tokenKey: await tokenPublicKey(platform),
  }
  const text = JSON.stringify(routeTable(parts, authority, config))
  await mkdir(socketsFolder(config.home), { recursive: true, mode: 0o700 })
  const file = join(folder, 'routes.json')
  if ((await readFile(file, 'utf8').catch(() => '')) !== text) {
    await writeFile(`${file}.new`, text, { mode: 0o600 })
    await rename(`${file}.new`, file)
  }
  await takenUp(folder, text)
}

/** Name of the file in which the gateway says which table (by SHA-256, hex) it has in force. */
export const uptakeFile = 'taken-up'

async function takenUp(folder: string, text: string): Promise<void> {
  const digest = createHash('sha256').update(text).digest('hex')
  const { promise, resolve } = Promise.withResolvers<void>()
  const look = () =>
    void readFile(join(folder, uptakeFile), 'utf8').then(
      (said) => said === digest && resolve(),
      () => {},
    )
  const watcher = watch(folder, look)
  const patience = setTimeout(resolve, uptakeMs)
  look()
  await promise
  clearTimeout(patience)
  watcher.close()
}
