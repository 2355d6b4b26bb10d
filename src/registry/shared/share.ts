import { z } from 'zod'
import { requireContracts } from '../../data/contracts/enforce.ts'
import { parseReference, type Reference } from '../../data/locations.ts'
import { registryNamed } from '../../data/own-workspace.ts'
import { findVersion } from '../../data/resolve.ts'
import {
  inWords,
  isInRegistry,
  parseArmId,
  workspaceId as idOfWorkspace,
} from '../../kernel/resources/arm-id.ts'
import type { Actor } from '../../kernel/access/access.ts'
import { errors } from '../../kernel/errors.ts'
import type { Platform } from '../../kernel/platform.ts'
import type { Action, Resource } from '../../kernel/resources/resource.ts'
import { sharedTypes } from './content.ts'
import { publish } from './publish.ts'

const input = z.looseObject({
  properties: z.looseObject({
    sourceAssetId: z.string().min(1),
    destinationName: z.string().min(1).nullish(),
    destinationVersion: z.string().min(1).nullish(),
  }),
})

/**
 * `POST {registry}/import { properties: { sourceAssetId, destinationName?, destinationVersion? } }`, as Azure's clients
 * share: publishes a
 * version that a workspace (or another registry) has. Who asks needs to write assets of this registry and to read the
 * source. The same content again changes nothing; other content under a version that is there is 409.
 */
export const share: Action = {
  operation: 'assets/write',
  input,
  async run({ platform, actor, resource: registry, input: given }) {
    const { sourceAssetId, destinationName, destinationVersion } = (given as z.infer<typeof input>).properties
    const source = await sourceVersion(platform, actor, sourceAssetId)
    const { type, names } = parseArmId(source.id)
    await publish({ platform, actor, registry }, source, {
      type: sharedTypes.find((shared) => shared === type.split('/')[1]) ?? 'models',
      name: destinationName ?? names[1] ?? '',
      version: destinationVersion ?? names[2] ?? '',
    })
    // Azure's clients read the version themselves if there is no answer.
    return undefined
  },
}

/** The version that is to be shared, which the actor may read. Throws validation for one that is archived. */
async function sourceVersion(platform: Platform, actor: Actor, reference: string): Promise<Resource> {
  const target = 'properties.sourceAssetId'
  const parsed = parseReference(reference)
  if (parsed.kind !== 'asset' || parsed.type === undefined)
    throw errors.validation(
      `'${reference}' names no version of an asset; expected azureml://locations/{location}/workspaces/{id}/models/{name}/versions/{version}, or its resource id.`,
      { target },
    )
  const home = await sourceHome(platform, parsed, reference)
  const what = isInRegistry(home.id) ? 'registries/assets' : `workspaces/${parsed.type}/versions`
  await platform.access.require(actor, `Microsoft.MachineLearningServices/${what}/read`, home.id)
  const source = await findVersion(platform, home, parsed, parsed.type)
  const container = await platform.resources.get(source.parent)
  const { type, names } = parseArmId(source.id)
  if (source.archived || container.archived)
    throw errors.validation(`${inWords(type, names)} is archived, so it is not shared. Restore it first.`, {
      target,
    })
  if (parsed.type === 'data') await requireContracts(platform, source)
  return source
}

type AssetReference = Extract<Reference, { kind: 'asset' }>

/** The workspace or registry that a long reference names, by names or by its GUID. Throws validation for a short one. */
async function sourceHome(platform: Platform, reference: AssetReference, text: string): Promise<Resource> {
  const { workspace, workspaceGuid, registry } = reference
  if (workspaceGuid !== undefined) {
    const where = { 'status.workspaceId': workspaceGuid.toLowerCase() }
    const [found] = await platform.resources.list({ type: 'workspaces', view: 'all', where, top: 1 })
    if (found !== undefined) return found
    throw errors.notFound(`There is no workspace '${workspaceGuid}' here.`, {
      target: 'properties.sourceAssetId',
    })
  }
  if (workspace !== undefined) {
    const { subscription, resourceGroup, workspace: name } = workspace
    return platform.resources.get(idOfWorkspace(subscription, resourceGroup, name))
  }
  if (registry === undefined)
    throw errors.validation(`'${text}' does not say which workspace it is in.`, {
      target: 'properties.sourceAssetId',
    })
  return registryNamed(platform, registry)
}
