import { createHash } from 'node:crypto'
import { childId } from '../../kernel/resources/arm-id.ts'
import type { Platform } from '../../kernel/platform.ts'

/** The name under which Azure's clients keep environments that were given none. */
const container = 'CliV2AnonymousEnvironment'

/**
 * Registers an environment without a name, by what is in it: the same content is the same version. Returns its id.
 */
export async function anonymousEnvironment(
  platform: Platform,
  workspace: string,
  { condaFile }: { readonly condaFile: string },
): Promise<string> {
  const version = createHash('sha256').update(condaFile).digest('hex').slice(0, 32)
  const id = childId(childId(workspace, 'environments', container), 'versions', version)
  const properties = { condaFile, osType: 'Linux', isAnonymous: true }
  const { resource } = await platform.resources.put(platform.identity('training'), id, { properties })
  return resource.id
}
