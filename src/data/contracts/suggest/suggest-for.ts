import type { Platform } from '../../../kernel/platform.ts'
import { parseArmId } from '../../../kernel/resources/arm-id.ts'
import type { Resource } from '../../../kernel/resources/resource.ts'
import type { Profile } from '../../profile/profile.ts'
import { profiles } from '../../profile/profiles.ts'
import { profileTable } from '../../profile/profile-table.ts'
import { readProfile } from '../../profile/stored.ts'
import { resolve } from '../../resolve.ts'
import { withTables } from '../../tables/with-tables.ts'
import { suggestContract } from './suggest.ts'

/** Associations are no part of a suggestion: a small sample is enough to be done with them. */
const sample = 2000

interface Suggesting {
  readonly name: string
  readonly timeoutMs?: number
  readonly signal?: AbortSignal
}

/**
 * Suggests a contract as YAML for data in any form that `parseReference` knows: from the profile that a version has, or
 * from one that is made now. Of data without a name of their own (a bare path), the contract is for `name`.
 */
export async function suggestFor(
  platform: Platform,
  workspaceId: string,
  reference: string,
  options: Suggesting,
): Promise<string> {
  const { asset } = await resolve(platform, workspaceId, reference)
  const kept = asset === undefined ? undefined : await keptProfile(platform, asset)
  return kept === undefined
    ? suggestNow(platform, workspaceId, reference, options)
    : suggestContract(kept, platform.clock())
}

/** A profile of all columns that was made of this version before. */
async function keptProfile(platform: Platform, version: Resource): Promise<Profile | undefined> {
  const all = await platform.resources.list({ type: profiles.type, parent: version.id })
  const whole = all.find(
    ({ status, properties }) =>
      status['provisioningState'] === 'Succeeded' && !Array.isArray(properties['columns']),
  )
  return whole === undefined ? undefined : (JSON.parse(await readProfile(platform, whole)) as Profile)
}

function suggestNow(
  platform: Platform,
  workspaceId: string,
  reference: string,
  options: Suggesting,
): Promise<string> {
  const { name, ...rest } = options
  return withTables(
    platform,
    workspaceId,
    { data: reference },
    async (session, { data }) => {
      const [, asset, version] = data.version === undefined ? [] : parseArmId(data.version.id).names
      const source = {
        id: data.version?.id ?? reference,
        name: asset ?? name,
        version: version ?? '0',
        format: data.format,
      }
      const bytes = data.files.reduce((sum, file) => sum + file.bytes, 0)
      const now = platform.clock()
      const profile = await profileTable(
        session,
        { view: 'data', source, bytes, files: data.files.length, notes: data.notes },
        { now, sample },
      )
      return suggestContract(profile, now)
    },
    rest,
  )
}
