import { text } from 'node:stream/consumers'
import { verifyPublished } from '../../data/facts/integrity.ts'
import { resolve, type Location } from '../../data/resolve.ts'
import { UserError } from '../../kernel/errors.ts'
import { scopeId } from '../../kernel/resources/arm-id.ts'
import type { Platform } from '../../kernel/platform.ts'
import type { Resource } from '../../kernel/resources/resource.ts'
import type { ContextFiles } from './packages/dockerfile.ts'
import type { EnvironmentSource } from './specification.ts'

/** Files that can list packages; larger ones are something else. */
const listing = /(^|\/)[^/]*Dockerfile[^/]*$|\.(txt|ya?ml|in)$/i
const largest = 256 * 1024

/** A build context that has more files than this is not looked through to its end. */
const mostFiles = 1000

/**
 * What a version of an environment is made from, with what its build context says of packages, if it has one and it
 * lies in the workspace's storage.
 */
export async function sourceOf(
  environment: Resource,
  platform: Platform,
  workspaceId: string,
): Promise<EnvironmentSource> {
  const source = environment.properties as EnvironmentSource
  const uri = source.build?.contextUri
  if (uri === undefined) return source
  const location = await locate(uri, platform, scopeId(environment.id) ?? workspaceId)
  if (location?.kind !== 'blob') return source
  const recorded = environment.status['contextIntegrity'] as { readonly sha256: string } | undefined
  if (recorded !== undefined)
    await verifyPublished(platform, {
      ...location,
      published: { id: environment.id, sha256: recorded.sha256 },
    })
  const files = await contextFiles(location, platform)
  return { ...source, context: { files } }
}

async function contextFiles(
  location: Extract<Location, { kind: 'blob' }>,
  platform: Platform,
): Promise<ContextFiles> {
  const prefix = `${location.path.replace(/\/+$/, '')}/`
  const { blobs } = await platform.artifacts.list(location.container, prefix, { limit: mostFiles })
  const lists = blobs.filter(({ path, size }) => listing.test(path) && size <= largest)
  const read = lists.map(
    async (blob) =>
      [blob.path.slice(prefix.length), await text(await platform.artifacts.read(blob))] as const,
  )
  return Object.fromEntries(await Promise.all(read))
}

/** Undefined for a place that cannot be looked into, such as a repository on the web. */
async function locate(uri: string, platform: Platform, workspaceId: string) {
  try {
    return (await resolve(platform, workspaceId, uri)).location
  } catch (error) {
    if (error instanceof UserError) return undefined
    throw error
  }
}
