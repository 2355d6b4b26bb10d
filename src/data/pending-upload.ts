import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { scopeId } from '../kernel/resources/arm-id.ts'
import type { Platform } from '../kernel/platform.ts'
import type { Action, Json, Resource } from '../kernel/resources/resource.ts'
import { oneOf } from '../kernel/resources/schema.ts'
import { blobUrl } from './blob-face/address.ts'
import { issueSas } from './blob-face/authorize.ts'
import { containerOf } from './containers.ts'

/** How long a place to upload to can be written to. */
export const uploadMs = 24 * 3_600_000
const ownId = /^[\w-]{1,64}$/

/**
 * `startPendingUpload` of a version that is about to be made: where to upload its files, and with what. Each gets a
 * folder of its own, for clients take a file that they find at their path for one that they have uploaded before.
 */
export const startPendingUpload: Action = {
  input: z.looseObject({
    pendingUploadId: z.string().regex(ownId, 'expected letters, digits, - and _, at most 64').nullish(),
    pendingUploadType: oneOf(['None', 'TemporaryBlobReference']).nullish(),
  }),
  async runAhead({ platform, id, input }) {
    const asked = input['pendingUploadId']
    const home = await platform.resources.get(scopeId(id) ?? id)
    return { body: await uploadPlace(platform, home, typeof asked === 'string' ? asked : undefined) }
  },
}

/** A new place in a workspace or registry to upload to for a day, as Azure's clients are told of it. */
export async function uploadPlace(platform: Platform, home: Resource, asked?: string): Promise<Json> {
  const pendingUploadId = asked ?? randomUUID()
  // What the client calls it is not enough to keep two clients apart.
  const path = `LocalUpload/${asked === undefined ? pendingUploadId : `${asked}-${randomUUID()}`}`
  const container = containerOf(home, 'blobstore')
  const sas = await issueSas(platform, {
    container,
    path,
    resource: 'd',
    permissions: ['r', 'a', 'c', 'w', 'l'],
    expiresOn: new Date(platform.clock().getTime() + uploadMs),
  })
  const blobUri = blobUrl(platform.urls.https, { container, path })
  return {
    pendingUploadId,
    pendingUploadType: 'TemporaryBlobReference',
    blobReferenceForConsumption: {
      blobUri,
      storageAccountArmId: home.type === 'workspaces' ? `${home.id}/datastores/workspaceblobstore` : home.id,
      credential: { credentialType: 'SAS', sasUri: `${blobUri}?${sas}` },
    },
  }
}
