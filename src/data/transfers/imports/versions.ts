import { childId } from '../../../kernel/resources/arm-id.ts'
import { errors, UserError } from '../../../kernel/errors.ts'
import type { Platform } from '../../../kernel/platform.ts'
import type { Json, Resource } from '../../../kernel/resources/resource.ts'
import { ownerOf } from '../transfer.ts'
import { provenance, saidOf, type DataImport } from './import.ts'

const containerOf = ({ scope, properties }: DataImport) => childId(scope, 'data', properties.assetName)

const versionsOf = (platform: Platform, transfer: DataImport): Promise<readonly Resource[]> =>
  platform.resources.list({
    type: 'workspaces/data/versions',
    parent: containerOf(transfer),
    view: 'all',
    top: 100_000,
  })

/** The version that this import has made, if it has: a server may be killed before it could say so. */
export const versionOfImport = async (
  platform: Platform,
  transfer: DataImport,
): Promise<Resource | undefined> =>
  (await versionsOf(platform, transfer)).find((v) => saidOf(v.properties, 'import') === transfer.name)

/** The version that was imported last, which an incremental import continues. */
export const lastImported = async (platform: Platform, transfer: DataImport): Promise<Resource | undefined> =>
  (await versionsOf(platform, transfer)).find(
    (v) => saidOf(v.properties, 'import') !== undefined && !v.archived,
  )

/** Makes the version, as whoever asked for the import. Called again, it finds what it made. */
export async function putVersion(
  platform: Platform,
  transfer: DataImport,
  said: Partial<Readonly<Record<keyof typeof provenance, string>>>,
): Promise<Resource> {
  const { assetVersion, description, tags, properties, dataType } = transfer.properties
  const own = Object.fromEntries(
    Object.entries(said).map(([what, value]) => [provenance[what as keyof typeof provenance], value]),
  )
  const body: Json = {
    dataType,
    dataUri: `${transfer.status.dataUri}/`,
    properties: { ...properties, ...own, [provenance.import]: transfer.name },
    ...(description === undefined || description === null ? {} : { description }),
    ...(tags === undefined || tags === null ? {} : { tags }),
  }
  for (let tries = 0; ; tries++) {
    const versions = await versionsOf(platform, transfer)
    const made = versions.find((v) => saidOf(v.properties, 'import') === transfer.name)
    if (made !== undefined) return made
    const id = childId(containerOf(transfer), 'versions', assetVersion ?? nextOf(versions))
    try {
      const actor = ownerOf(transfer.status)
      return (await platform.resources.put(actor, id, { properties: body }, { ifNoneMatch: '*' })).resource
    } catch (error) {
      // Somebody took this number in the same moment; the next one is free.
      const taken = error instanceof UserError && [409, 412].includes(error.kind.status)
      if (taken && assetVersion !== undefined && assetVersion !== null)
        throw errors.conflict(
          `Version ${assetVersion} of '${transfer.properties.assetName}' was made by somebody else meanwhile.`,
        )
      if (!taken || tries >= 10) throw error
    }
  }
}

function nextOf(versions: readonly Resource[]): string {
  const numbers = versions.map((v) => Number(v.name)).filter((n) => Number.isInteger(n) && n > 0)
  return String(Math.max(0, ...numbers) + 1)
}
