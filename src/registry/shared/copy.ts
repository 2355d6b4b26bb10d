import { createHash } from 'node:crypto'
import { containerOf } from '../../data/containers.ts'
import { recordLineage } from '../../data/lineage/record.ts'
import { datastoreUri } from '../../data/locations.ts'
import { namesOf, resolve } from '../../data/resolve.ts'
import type { Actor } from '../../kernel/access/access.ts'
import { childId, parseArmId, scopeId } from '../../kernel/resources/arm-id.ts'
import { errors, UserError } from '../../kernel/errors.ts'
import type { Platform } from '../../kernel/platform.ts'
import type { Json, Resource } from '../../kernel/resources/resource.ts'
import type { Db } from '../../store/database.ts'
import type { Lineage } from '../lineage.ts'
import { originOf } from './origin.ts'
import { placeFiles } from './upload.ts'

/** What is kept with a copy: of what it is one. */
interface Copied {
  readonly publishedFrom?: Json & { readonly id?: string }
  readonly lineage?: Partial<Lineage>
}

/**
 * Copies a model's version from one workspace to another, under the same name and version, with its files (which are not
 * moved but named again) and what is known of where it came from (`status.publishedFrom`, as registries have it). What
 * has been copied is found. Throws conflict where another model has the name and version already, forbidden for who may
 * not read the one or write the other.
 */
export async function copyVersion(
  {
    platform,
    actor,
    workspace,
  }: { readonly platform: Platform; readonly actor: Actor; readonly workspace: Resource },
  source: Resource,
): Promise<Resource> {
  const [name = '', version = ''] = parseArmId(source.id).names.slice(-2)
  const id = childId(workspace.id, 'models', name, 'versions', version)
  const there = await platform.resources.find(id)
  if (there !== undefined) return sameAs(source, there, workspace)
  await platform.access.require(actor, `Microsoft.MachineLearningServices/${source.type}/read`, source.id)
  const home = scopeId(source.id) ?? ''
  const { location } = await resolve(platform, home, source.id)
  const digest = createHash('sha256').update(source.key).digest('hex')
  const container = containerOf(workspace, 'blobstore')
  const path = await placeFiles(platform, location, { container, folder: `LocalUpload/${digest}` })
  const { lineage, publishedFrom: earlier } = source.status as Copied
  const publishedFrom = await originOf(
    { platform, actor, registry: workspace },
    {
      workspace: home,
      id: source.id,
      ...(lineage === undefined ? {} : { lineage }),
      ...(earlier === undefined ? {} : { earlier }),
    },
    'referred',
  )
  const { provisioningState: _, ...own } = source.properties
  const body = {
    properties: { ...own, modelUri: datastoreUri('workspaceblobstore', path, namesOf(workspace)) },
  }
  const copied = { from: source.id, to: id, kind: 'copied' } as const
  const also = (db: Db) => recordLineage(db, home, [copied], platform.clock().getTime())
  const status = { publishedFrom, ...(lineage === undefined ? {} : { lineage }) }
  try {
    const written = await platform.resources.put(actor, id, body, {
      ifNoneMatch: '*',
      along: { status, also },
    })
    return written.resource
  } catch (error) {
    // Somebody else copied it meanwhile.
    if (!(error instanceof UserError) || error.kind.status !== 412) throw error
    return sameAs(source, await platform.resources.get(id), workspace)
  }
}

/** The version that is there, if it is a copy of the source, the source of it, or a copy of the same. */
function sameAs(source: Resource, there: Resource, workspace: Resource): Resource {
  const of = (version: Resource) => [version.key, (version.status as Copied).publishedFrom?.id?.toLowerCase()]
  const known = new Set(of(source).filter((id) => id !== undefined))
  if (of(there).some((id) => id !== undefined && known.has(id))) return there
  const [name, version] = parseArmId(there.id).names.slice(-2)
  throw errors.conflict(
    `Workspace '${workspace.name}' has another ${name}:${version} already, registered by ${there.createdBy}: it is no copy of that of workspace '${parseArmId(source.id).names[0]}'. Register the candidate under another version.`,
  )
}
