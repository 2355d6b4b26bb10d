import { z } from 'zod'
import { parentId } from '../../kernel/resources/arm-id.ts'
import { errors } from '../../kernel/errors.ts'
import type { Platform } from '../../kernel/platform.ts'
import type { Resource, ResourceDefinition } from '../../kernel/resources/resource.ts'
import { assetFields, oneOf } from '../../kernel/resources/schema.ts'
import { preview, query } from '../exploration/actions.ts'
import { originOf } from '../facts/origin.ts'
import { saidOf } from '../transfers/imports/import.ts'
import { lineage } from '../lineage/lineage-action.ts'
import { recordOrigin } from '../lineage/record.ts'
import type { Db } from '../../store/database.ts'
import { assetDefaults, versionDefaults } from '../assets.ts'
import { checkMltable } from './check-mltable.ts'
import { checkUri } from './check-uri.ts'
import { startPendingUpload } from '../pending-upload.ts'

const dataType = oneOf(['uri_file', 'uri_folder', 'mltable'])

/** A named collection of versions; made with the first of them. */
export const dataContainers: ResourceDefinition = {
  type: 'workspaces/data',
  scopes: ['workspace', 'registry'],
  summary: 'Named data, of which there are versions.',
  schema: z.looseObject({ ...assetFields, dataType: dataType.nullish() }),
  immutable: ['dataType'],
  container: true,
  filters: { dataType: 'properties.dataType' },
  present: assetDefaults,
}

const versionSchema = z.looseObject({
  ...assetFields,
  dataType,
  dataUri: z.string().min(1),
  referencedUris: z.array(z.string()).nullish(),
})

/** One version: where the data is, which never changes; what is said about it may. */
export const dataVersions: ResourceDefinition<z.infer<typeof versionSchema>> = {
  type: 'workspaces/data/versions',
  scopes: ['workspace', 'registry'],
  summary: 'A version of data: a file, a folder or a table, by where it is.',
  schema: versionSchema,
  immutable: ['dataType', 'dataUri'],
  parent: 'created',
  parentBody: ({ body }) => ({ properties: { dataType: body.properties.dataType } }),
  async prepare({ id, scope, body, before, actor }, platform) {
    if (before === undefined) await checkUri(platform, scope, body.properties.dataUri, 'properties.dataUri')
    const container = await platform.resources.find<{ dataType?: string | null }>(parentId(id))
    const [is, wanted] = [container?.properties.dataType, body.properties.dataType]
    if (is !== undefined && is !== null && is !== wanted)
      throw errors.validation(
        `'${container?.name}' is ${is}, and all its versions are; this one is ${wanted}. Use another name.`,
        { target: 'properties.dataType' },
      )
    if (before !== undefined) return undefined
    if (wanted === 'mltable')
      await checkMltable(platform, scope, body.properties.dataUri, 'properties.dataUri')
    // Only the platform knows which job made what it registers; what a client writes there is a note.
    const { jobName: run, outputName: output } =
      actor.id === platform.identity('training').id ? (body.properties.properties ?? {}) : {}
    const imported = await importOf(platform, scope, body.properties)
    const origin = { id, uri: body.properties.dataUri, run, output }
    return {
      status: { origin: originOf(actor, { ...origin, import: imported }) },
      also: (db) =>
        recordOrigin(db, { ...origin, isImported: imported !== undefined }, platform.clock().getTime()),
    }
  },
  present: versionDefaults,
  actions: { startPendingUpload, lineage, preview, query },
}

/** The import that makes a version: one that says so, and whose files these are. */
async function importOf(
  platform: Platform,
  workspaceId: string,
  properties: z.infer<typeof versionSchema>,
): Promise<string | undefined> {
  const name = saidOf(properties, 'import')
  if (name === undefined || !/^[\w.-]+$/.test(name)) return undefined
  const found = await platform.resources.find(`${workspaceId}/providers/Twinloop/dataImports/${name}`)
  return `${String(found?.status['dataUri'])}/` === properties.dataUri ? name : undefined
}

/** Where a version that was made before there was lineage has its bytes from. */
export async function tellOfData(db: Db, version: Resource): Promise<void> {
  const { dataUri, properties } = version.properties as z.infer<typeof versionSchema>
  const { jobName: run, outputName: output } =
    version.createdByType === 'ManagedIdentity' ? (properties ?? {}) : {}
  await recordOrigin(db, { id: version.id, uri: dataUri, run, output }, version.createdAt.getTime())
}
