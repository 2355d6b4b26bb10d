import { dirname } from 'node:path/posix'
import { Hono, type Context } from 'hono'
import { z } from 'zod'
import { issueSas } from '../../data/blob-face/authorize.ts'
import { containerOf } from '../../data/containers.ts'
import { verifyPublished } from '../../data/facts/integrity.ts'
import { parseReference } from '../../data/locations.ts'
import { registryNamed } from '../../data/own-workspace.ts'
import { uploadPlace } from '../../data/pending-upload.ts'
import { resolve } from '../../data/resolve.ts'
import { authenticated } from '../../kernel/http/frame.ts'
import { childId } from '../../kernel/resources/arm-id.ts'
import { errors } from '../../kernel/errors.ts'
import type { Platform } from '../../kernel/platform.ts'
import type { Resource } from '../../kernel/resources/resource.ts'
import { parseOrThrow } from '../../kernel/resources/schema.ts'
import type { Frame } from '../../kernel/rest/arm.ts'
import { readJson } from '../../kernel/rest/body.ts'
import { blobUriIn } from './content.ts'

/** Where Azure's clients ask where a registry is, knowing nothing but its name. */
export const discoveryPath = (name: string): string => `/registrymanagement/v1.0/registries/${name}/discovery`

const readMs = 3_600_000

/** What Azure's clients ask of a registry beside its resources: where it is, and where to upload and download files. */
export function sharedRoutes(platform: Platform): Hono<Frame> {
  const app = new Hono<Frame>()
  app.get(discoveryPath(':registry'), authenticated(platform), async (context) => {
    const registry = await opened(platform, context, 'read')
    const { origin } = new URL(context.req.url)
    const location = registry.envelope.location ?? platform.config.location
    const [, , subscriptionId, , resourceGroup] = registry.id.split('/')
    return context.json({
      registryName: registry.name,
      registryId: registry.status['registryId'],
      subscriptionId,
      resourceGroup,
      workspaceName: null,
      primaryRegion: location,
      regions: [location],
      primaryRegionResourceProviderUri: `${origin}/`,
      registryFqdns: { [location]: { registryFqdn: new URL(origin).host, uri: origin } },
      registryMlflowUri: `${origin}/mlflow/v2.0${registry.id}`,
    })
  })
  for (const base of ['', '/mferp/managementfrontend']) {
    const registry = `${base}/subscriptions/:subscription/:groups{resource[gG]roups}/:group/providers/:provider/registries/:registry`
    app.put(`${registry}/tempdatarefs/:name/versions/:version`, authenticated(platform), async (context) => {
      const home = await opened(platform, context, 'assets/write')
      return context.json(await uploadPlace(platform, home))
    })
    app.post(`${registry}/datarefs/:name/versions/:version`, authenticated(platform), async (context) => {
      const home = await opened(platform, context, 'assets/read')
      const body = await readJson(context, platform.config.maxBodyBytes)
      return context.json(await readable(platform, home, parseOrThrow(asked, body, 'The body').assetId))
    })
  }
  return app
}

const asked = z.looseObject({ assetId: z.string().min(1) })

/** The registry of the request, on which its actor may do this. */
async function opened(platform: Platform, context: Context<Frame>, operation: string): Promise<Resource> {
  const registry = await registryNamed(platform, context.req.param('registry') ?? '')
  await platform.access.require(
    context.var.actor,
    `Microsoft.MachineLearningServices/registries/${operation}`,
    registry.id,
  )
  return registry
}

/** Where the files of a version can be read for an hour, once they have been found to be those that were published. */
async function readable(platform: Platform, registry: Resource, assetId: string) {
  const reference = parseReference(assetId)
  if (reference.kind !== 'asset' || reference.registry?.toLowerCase() !== registry.name.toLowerCase())
    throw errors.validation(`'${assetId}' is no version of registry '${registry.name}'.`, {
      target: 'assetId',
    })
  const { type = 'models', name, version = '' } = reference
  const { location } = await resolve(
    platform,
    registry.id,
    childId(registry.id, type, name, 'versions', version),
  )
  await verifyPublished(platform, location)
  if (location.kind !== 'blob') throw errors.badRequest(`'${assetId}' has no files of its own.`)
  const container = containerOf(registry, 'blobstore')
  const sas = await issueSas(platform, {
    container,
    // The folder around it, which has nothing else: clients list by the name itself.
    path: dirname(location.path),
    resource: 'd',
    permissions: ['r', 'l'],
    expiresOn: new Date(platform.clock().getTime() + readMs),
  })
  return {
    blobReferenceForConsumption: {
      blobUri: blobUriIn(platform, registry, location.path),
      storageAccountArmId: registry.id,
      credential: { credentialType: 'SAS', sasUri: `${blobUriIn(platform, registry, '')}?${sas}` },
    },
  }
}
