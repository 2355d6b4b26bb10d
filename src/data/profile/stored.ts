import { createHash } from 'node:crypto'
import { buffer } from 'node:stream/consumers'
import type { BlobName } from '../../artifacts/artifacts.ts'
import { errors } from '../../kernel/errors.ts'
import { scopeId } from '../../kernel/resources/arm-id.ts'
import type { Platform } from '../../kernel/platform.ts'
import type { Resource } from '../../kernel/resources/resource.ts'
import { containerOf } from '../containers.ts'
import type { Profile } from './profile.ts'

/** Where the document of a profile lies, among the artifacts of its workspace. */
async function placeOf(platform: Platform, profile: Resource): Promise<BlobName> {
  const workspace = await platform.resources.get(scopeId(profile.id) ?? '')
  const name = createHash('sha256').update(profile.key).digest('hex')
  return { container: containerOf(workspace, 'artifacts'), path: `profiles/${name}.json` }
}

export async function storeProfile(platform: Platform, resource: Resource, profile: Profile): Promise<void> {
  await platform.artifacts.put(await placeOf(platform, resource), Buffer.from(JSON.stringify(profile)), {
    contentType: 'application/json',
  })
}

/** Gives a profile the document that another one of the same data and options has. */
export async function copyProfile(platform: Platform, from: Resource, to: Resource): Promise<void> {
  await platform.artifacts.copy(await placeOf(platform, from), await placeOf(platform, to))
}

export async function removeProfile(platform: Platform, resource: Resource): Promise<void> {
  if ((await platform.resources.find(scopeId(resource.id) ?? '')) === undefined) return
  await platform.artifacts.remove(await placeOf(platform, resource))
}

/** The document as it is kept. Throws conflict, with the reason, if the profile is not done. */
export async function readProfile(platform: Platform, resource: Resource): Promise<string> {
  const { provisioningState, error } = resource.status as {
    readonly provisioningState?: string
    readonly error?: { readonly message?: string }
  }
  if (provisioningState === 'Failed')
    throw errors.conflict(
      `There is no such profile, because making it failed: ${error?.message ?? 'unknown'}`,
    )
  if (provisioningState !== 'Succeeded')
    throw errors.conflict('This profile is being made. Ask again when its provisioningState is Succeeded.')
  const bytes = await buffer(await platform.artifacts.read(await placeOf(platform, resource)))
  return bytes.toString('utf8')
}
