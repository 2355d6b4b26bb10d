import { createHash } from 'node:crypto'
import { recordLineage } from '../../data/lineage/record.ts'
import type { Actor } from '../../kernel/access/access.ts'
import { childId, scopeId } from '../../kernel/resources/arm-id.ts'
import { UserError } from '../../kernel/errors.ts'
import type { Platform } from '../../kernel/platform.ts'
import type { Json, Resource } from '../../kernel/resources/resource.ts'
import type { Db } from '../../store/database.ts'
import { filesOf, withFiles, type SharedType } from './content.ts'
import { withDependencies } from './dependencies.ts'
import type { Lineage } from '../lineage.ts'
import { originOf } from './origin.ts'
import { withUploaded } from './upload.ts'

/** Who publishes, and where. */
export interface Publishing {
  readonly platform: Platform
  readonly actor: Actor
  readonly registry: Resource
}

/** What is known of the version that is published, and is as true of what is published. */
interface Found {
  readonly lineage?: Partial<Lineage>
  /** Of data: rows, columns, size. */
  readonly facts?: { readonly state?: string }
  readonly publishedFrom?: Json
}

/** What a version is called in the registry. */
export interface Destination {
  readonly type: SharedType
  readonly name: string
  readonly version: string
}

/**
 * Publishes a version that a workspace has, with everything it needs: its files, and before it the code, environments
 * and components that it refers to. What it came of is kept with it, by the ids of the source's workspace, and its
 * lineage leads there. Again with the same content, it changes nothing. Throws conflict for other content.
 */
export async function publish(
  publishing: Publishing,
  source: Resource,
  { type, name, version }: Destination,
): Promise<Resource> {
  const { platform, actor, registry } = publishing
  const id = childId(registry.id, type, name, 'versions', version)
  const described = await withDependencies(publishing, source, type, { ...source.properties }, name)
  const put = async (properties: Json) => {
    const { lineage, facts, publishedFrom: earlier } = source.status as Found
    const publishedFrom = await originOf(publishing, {
      workspace: scopeId(source.id) ?? '',
      id: source.id,
      ...(lineage === undefined ? {} : { lineage }),
      ...(earlier === undefined ? {} : { earlier }),
    })
    const known = {
      ...(lineage === undefined ? {} : { lineage }),
      ...(facts?.state === 'recorded' ? { facts } : {}),
    }
    const status = { publishedFrom, ...known }
    const published = { from: source.id, to: id, kind: 'published' } as const
    const also = (db: Db) =>
      recordLineage(db, scopeId(source.id) ?? '', [published], platform.clock().getTime())
    return (await platform.resources.put(actor, id, { properties }, { along: { status, also } })).resource
  }
  const uri = filesOf(type, described)
  if (uri === undefined) return put(described)
  const reference = type === 'environments' ? uri : source.id
  return withUploaded(publishing, scopeId(source.id) ?? '', reference, (there) =>
    put(withFiles(type, described, there)),
  )
}

/**
 * Publishes what something else needs, under its own name. Where the registry has other content under that name and
 * version already, the version is told apart by where it comes from.
 */
export async function publishDependency(
  publishing: Publishing,
  source: Resource,
  destination: Destination,
): Promise<Resource> {
  try {
    return await publish(publishing, source, destination)
  } catch (error) {
    if (!(error instanceof UserError) || error.kind.status !== 409) throw error
    const from = createHash('sha256').update(source.key).digest('hex').slice(0, 8)
    return publish(publishing, source, { ...destination, version: `${destination.version}-${from}` })
  }
}
