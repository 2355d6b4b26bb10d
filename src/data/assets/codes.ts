import { z } from 'zod'
import { errors } from '../../kernel/errors.ts'
import type { ResourceDefinition } from '../../kernel/resources/resource.ts'
import { assetFields } from '../../kernel/resources/schema.ts'
import { assetDefaults, versionDefaults } from '../assets.ts'
import { checkUri } from './check-uri.ts'
import { startPendingUpload } from '../pending-upload.ts'

/** Scripts of jobs and deployments; clients name them by a GUID of their own making. */
export const codeContainers: ResourceDefinition = {
  type: 'workspaces/codes',
  scopes: ['workspace', 'registry'],
  summary: 'Scripts, of which there are versions.',
  schema: z.looseObject(assetFields),
  container: true,
  present: assetDefaults,
}

const versionSchema = z.looseObject({ ...assetFields, codeUri: z.string().min(1) })

/** A snapshot of a folder of scripts. Clients find one that they have uploaded before by its hash. */
export const codeVersions: ResourceDefinition<z.infer<typeof versionSchema>> = {
  type: 'workspaces/codes/versions',
  scopes: ['workspace', 'registry'],
  summary: 'A snapshot of a folder of scripts.',
  schema: versionSchema,
  parent: 'created',
  filters: { hash: 'properties.properties.hash_sha256', hashVersion: 'properties.properties.hash_version' },
  async prepare({ scope, body, before }, platform) {
    const { codeUri, properties } = body.properties
    if (before === undefined || before.properties.codeUri === codeUri) {
      if (before === undefined) await checkUri(platform, scope, codeUri, 'properties.codeUri')
      return undefined
    }
    // Two clients may upload the same scripts at once: the first upload counts, and the second is not wrong.
    const hash = properties?.['hash_sha256']
    if (hash !== undefined && hash === before.properties.properties?.['hash_sha256'])
      return { properties: { ...body.properties, codeUri: before.properties.codeUri } }
    throw errors.immutable(
      `This code is there already, at ${before.properties.codeUri}. Make a new version.`,
      {
        target: 'properties.codeUri',
      },
    )
  },
  present: versionDefaults,
  actions: { startPendingUpload },
}
