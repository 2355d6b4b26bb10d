import { createHash } from 'node:crypto'
import { basename } from 'node:path/posix'
import { containerOf } from '../../data/containers.ts'
import { blobsAt, hashOfFolder } from '../../data/facts/integrity.ts'
import { parseReference } from '../../data/locations.ts'
import { errors } from '../../kernel/errors.ts'
import type { Platform } from '../../kernel/platform.ts'
import type { Json, Resource } from '../../kernel/resources/resource.ts'
import { stableJson } from '../../kernel/resources/row.ts'

/** What a version consists of, by which another of the same number is told from it. */
export interface Integrity {
  /**
   * Lower-case hex: of files as `bytesAt` makes it, of what has none that of its properties as JSON with sorted keys.
   */
  readonly sha256: string
  readonly files?: number
  readonly bytes?: number
}

/** Kinds of assets that a registry has. */
export const sharedTypes = ['models', 'environments', 'components', 'data', 'codes'] as const
export type SharedType = (typeof sharedTypes)[number]

/** Where the properties of a version say where its files are. */
const filesProperty: Readonly<Record<SharedType, readonly [string, string?]>> = {
  models: ['modelUri'],
  data: ['dataUri'],
  codes: ['codeUri'],
  environments: ['build', 'contextUri'],
  components: ['files'],
}

/** The properties that make a version what it is, of kinds that are more than their files. */
const contentProperties: Partial<Record<SharedType, readonly string[]>> = {
  environments: ['image', 'condaFile', 'build', 'osType', 'inferenceConfig'],
  components: ['componentSpec'],
}

/** `models` of `registries/models/versions`. */
export const sharedTypeOf = (type: string): SharedType =>
  sharedTypes.find((shared) => shared === type.split('/')[1]) ?? 'models'

/** Where the files of a version are, by its properties; undefined for one without files. */
export function filesOf(type: SharedType, properties: Json): string | undefined {
  const [outer, inner] = filesProperty[type]
  const found =
    inner === undefined ? properties[outer] : (properties[outer] as Json | null | undefined)?.[inner]
  return typeof found === 'string' ? found : undefined
}

/** The field that says so, as a request has it. */
export const filesField = (type: SharedType): string => ['properties', ...filesProperty[type]].join('.')

/** The same properties with the files elsewhere. */
export function withFiles<P extends Json>(type: SharedType, properties: P, uri: string): P {
  const [outer, inner] = filesProperty[type]
  return {
    ...properties,
    [outer]: inner === undefined ? uri : { ...(properties[outer] as Json), [inner]: uri },
  }
}

/** The hash of what a version says, where it says more than where its files are; undefined for mere files. */
export function hashOfContent(type: SharedType, properties: Json): string | undefined {
  const names = contentProperties[type]
  if (names === undefined) return undefined
  const content = names.flatMap((name) => (properties[name] == null ? [] : [[name, properties[name]]]))
  return createHash('sha256')
    .update(stableJson(Object.fromEntries(content) as Json))
    .digest('hex')
}

/**
 * Gives the files that somebody uploaded to a registry the names that they keep, which nobody can write to: returns
 * where, with their hash. Moves no bytes, and asked twice gives the same. Throws validation for files that are not in
 * the registry, or not there.
 */
export async function keepFiles(
  platform: Platform,
  registry: Resource,
  version: { readonly type: SharedType; readonly name: string; readonly version: string },
  uri: string,
  target: string,
): Promise<Integrity & { readonly uri: string }> {
  const reference = parseReference(uri)
  const container = containerOf(registry, 'blobstore')
  if (reference.kind !== 'blob' || reference.container !== container)
    throw errors.validation(
      `'${uri}' is not in registry '${registry.name}', which keeps the files of what it shares: upload them to it (startPendingUpload), or share a version that a workspace has.`,
      { target },
    )
  const path = reference.path.replace(/\/+$/, '')
  const { kind, blobs } = await blobsAt(platform, { container, path })
  if (blobs.length === 0) throw errors.validation(`Nothing was uploaded to '${uri}'.`, { target })
  const sha256 =
    kind === 'file' ? (blobs[0]?.digest ?? '') : hashOfFolder(blobs.map((blob) => [blob.below, blob.digest]))
  const kept = `${version.type}/${version.name}/${version.version}/${sha256}/${basename(path)}`
  for (const blob of blobs)
    await platform.artifacts.copy(blob, {
      container,
      path: blob.below === '' ? kept : `${kept}/${blob.below}`,
    })
  return {
    uri: blobUriIn(platform, registry, kept),
    sha256,
    files: blobs.length,
    bytes: blobs.reduce((sum, { size }) => sum + size, 0),
  }
}

/** How a registry writes where a file of its own is: a URL without an account, as Azure's clients take it apart. */
export function blobUriIn({ urls }: Pick<Platform, 'urls'>, registry: Resource, path: string): string {
  const encoded = path.split('/').map(encodeURIComponent).join('/')
  return `${urls.https}/${containerOf(registry, 'blobstore')}${path === '' ? '' : `/${encoded}`}`
}
