import { createHash } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { watch } from 'node:fs'
import { join } from 'node:path'
import type { Platform } from '../../kernel/platform.ts'
import type { Resource } from '../../kernel/resources/resource.ts'
import { authorizePath } from '../endpoints/authorize.ts'
import { describeSpool } from '../collection/places.ts'
import { keyHashes } from '../endpoints/keys.ts'
import { tokenPublicKey } from '../endpoints/tokens.ts'
import { gatewayFolder, socketsFolder } from './folders.ts'
import { routeTable, type Unrouted } from './table.ts'

/** How long a change waits for the gateway to take it up: it may be away. */
const uptakeMs = 1000

const last = new WeakMap<Platform, Promise<Unrouted>>()

/**
 * Writes the gateway's table as the store has it now, if that changes it, and waits until the gateway has taken it up
 * (or a second, if it is away: it reads the table when it comes). One after the other, so that an older state never
 * replaces a newer one. Answers the deployments that the table had to leave out; their statuses say so, too.
 */
export function publishRoutes(platform: Platform): Promise<Unrouted> {
  const before: Promise<unknown> = last.get(platform) ?? Promise.resolve()
  const next = before.catch(() => {}).then(() => publish(platform))
  last.set(platform, next)
  return next
}

async function publish(platform: Platform): Promise<Unrouted> {
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
  const { table, unrouted } = routeTable(parts, authority, config)
  const text = JSON.stringify(table)
  await mkdir(socketsFolder(config.home), { recursive: true, mode: 0o700 })
  const file = join(folder, 'routes.json')
  if ((await readFile(file, 'utf8').catch(() => '')) !== text) {
    await writeFile(`${file}.new`, text, { mode: 0o600 })
    await rename(`${file}.new`, file)
  }
  await takenUp(folder, text)
  await sayUnrouted(platform, deployments, unrouted)
  return unrouted
}

/** Puts on record which deployments get no requests, and why, where that is news; their reconciler sees to it. */
async function sayUnrouted(
  { resources, log }: Platform,
  deployments: readonly Resource[],
  unrouted: Unrouted,
): Promise<void> {
  for (const { key, id, etag, status } of deployments) {
    const message = unrouted.get(key)
    if (message === undefined || status['provisioningState'] !== 'Succeeded') continue
    log.error('a deployment gets no requests', { deployment: id, why: message })
    const error = { code: 'NotRouted', message }
    await resources.setStatus(key, { provisioningState: 'Updating', error }, { etag })
  }
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
