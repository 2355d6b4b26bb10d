import type { Platform } from '../../../kernel/platform.ts'
import { parseArmId } from '../../../kernel/resources/arm-id.ts'
import { profileTable } from '../../profile/profile-table.ts'
import { withTables } from '../../tables/with-tables.ts'
import { suggestContract } from './suggest.ts'

/** Associations are no part of a suggestion: a small sample is enough to be done with them. */
const sample = 2000

/**
 * Profiles data in any form that `parseReference` knows, and suggests a contract as YAML. Of data without a name of
 * their own (a bare path), the contract is for `name`.
 */
export function suggestFor(
  platform: Platform,
  workspaceId: string,
  reference: string,
  options: { readonly name: string; readonly timeoutMs?: number },
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
