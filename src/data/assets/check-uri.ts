import { childId } from '../../kernel/resources/arm-id.ts'
import { errors, UserError } from '../../kernel/errors.ts'
import type { Platform } from '../../kernel/platform.ts'
import { parseReference, type Reference } from '../locations.ts'
import { checkContainer, checkWorkspace } from '../own-workspace.ts'

/**
 * Throws unless the URI of a new version can be where its files are: it is one, it stays in its workspace, and the
 * datastore it names is there. Whether the files are there already is not asked: some are made later.
 */
export async function checkUri(
  platform: Platform,
  scope: string,
  uri: string,
  target: string,
): Promise<void> {
  try {
    const reference = parseReference(uri)
    if (reference.kind === 'asset' || reference.kind === 'resource')
      throw errors.validation(
        `'${uri}' names a resource; expected where the files are, such as azureml://datastores/…`,
      )
    await checkHome(platform, scope, reference)
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    throw new UserError(error.kind, error.message, { target, cause: error })
  }
}

async function checkHome(platform: Platform, scope: string, reference: Reference): Promise<void> {
  const workspace = await platform.resources.get(scope)
  if (reference.kind === 'blob') checkContainer(workspace, reference.container)
  if (reference.kind !== 'datastore') return
  checkWorkspace(workspace, reference)
  await platform.resources.get(childId(workspace.id, 'datastores', reference.datastore))
}
