import { identifier, type Session } from '../../analytics/analytics.ts'
import { tellable } from '../../kernel/errors.ts'
import { parentId, parseArmId } from '../../kernel/resources/arm-id.ts'
import type { Platform } from '../../kernel/platform.ts'
import type { Resource } from '../../kernel/resources/resource.ts'
import type { Reconciler } from '../../kernel/work/reconcile.ts'
import { lostAgain, waitOf } from '../stores/lost.ts'
import type { DataTable } from '../tables/tables.ts'
import { withTables } from '../tables/with-tables.ts'
import type { Profile } from './profile.ts'
import { profileTable, UnfitForProfile, type ProfiledTable } from './profile-table.ts'
import { profiles, sameOptions, type ProfileProperties, type ProfileStatus } from './profiles.ts'
import { copyProfile, removeProfile, storeProfile } from './stored.ts'

type ProfileResource = Resource<ProfileProperties, ProfileStatus>

/** How often a profile tells how far it is. */
const tellEveryMs = 1000

/** Makes the profiles that are asked for, each once. */
export const makeProfiles: Reconciler = {
  name: 'data-profiles',
  types: [profiles.type],
  async reconcile(resource, { platform, signal }) {
    const wanted = resource as ProfileResource
    if (wanted.deleting) {
      await removeProfile(platform, wanted)
      await platform.resources.purge(wanted.key)
      return
    }
    if (wanted.status.provisioningState !== 'Running') return
    const wait = waitOf(wanted.status.lost, platform.clock())
    if (wait > 0) return { again: wait }
    const status = (await reuse(platform, wanted)) ?? (await attempt(platform, wanted, signal))
    const now = await platform.resources.find<ProfileProperties>(wanted.key)
    // Asked for something else meanwhile: that has scheduled another run.
    if (now === undefined || !sameOptions(now.properties, wanted.properties)) return
    await platform.resources.setStatus(wanted.key, { progress: null, lost: null, ...status })
    return status.lost ? { again: waitOf(status.lost, platform.clock()) } : undefined
  },
}

/** The outcome of another profile of the same version with the same options, whose document is taken over. */
async function reuse(
  platform: Platform,
  wanted: ProfileResource,
): Promise<Partial<ProfileStatus> | undefined> {
  const others = await platform.resources.list<ProfileProperties, ProfileStatus>({
    type: profiles.type,
    parent: parentId(wanted.id),
  })
  const same = others.find(
    ({ key, status, properties }) =>
      key !== wanted.key &&
      status.provisioningState === 'Succeeded' &&
      sameOptions(properties, wanted.properties),
  )
  if (same === undefined) return undefined
  await copyProfile(platform, same, wanted)
  const { provisioningState, rows, columnCount, warningCount, seconds, createdAt } = same.status
  return { provisioningState, rows, columnCount, warningCount, seconds, createdAt } as Partial<ProfileStatus>
}

/**
 * Data that cannot be read, or options that do not fit them, are an outcome, and so is a store that was not reached for
 * some minutes; all else is tried again.
 */
async function attempt(
  platform: Platform,
  wanted: ProfileResource,
  signal: AbortSignal,
): Promise<ProfileStatus> {
  try {
    const profile = await makeProfile(platform, wanted, signal)
    await storeProfile(platform, wanted, profile)
    return {
      provisioningState: 'Succeeded',
      rows: profile.rows,
      columnCount: profile.columnCount,
      warningCount: profile.warnings.length,
      seconds: profile.seconds,
      createdAt: profile.createdAt,
    }
  } catch (error) {
    if (signal.aborted) throw error
    if (error instanceof UnfitForProfile)
      return { provisioningState: 'Failed', error: { code: 'ValidationError', message: error.message } }
    const known = tellable(error)
    // What is out of order for a while only is worth another try.
    if (known === undefined) throw error
    if (known.kind.status === 503) {
      const next = lostAgain(wanted.status.lost, known.message, platform.clock())
      if ('lost' in next) return { provisioningState: 'Running', lost: next.lost }
      const message = `${next.gaveUp} Ask for the profile again once it can be reached.`
      return { provisioningState: 'Failed', error: { code: known.kind.code, message } }
    }
    return { provisioningState: 'Failed', error: { code: known.kind.code, message: known.message } }
  }
}

async function makeProfile(
  platform: Platform,
  { id, key, properties }: ProfileResource,
  signal: AbortSignal,
): Promise<Profile> {
  const versionId = parentId(id)
  const workspace = versionId.split('/').slice(0, 9).join('/')
  const { target, against, columns, sample } = properties
  const started = platform.clock()
  const references: Readonly<Record<string, string>> = {
    data: versionId,
    ...(typeof against === 'string' ? { against } : {}),
  }
  const result = await withTables(
    platform,
    workspace,
    references,
    async (session, tables) => {
      const table = await readable(session, versionId, tables['data'])
      return profileTable(session, table, {
        now: started,
        progress: teller(platform, key),
        ...(target ? { target } : {}),
        ...(columns ? { columns } : {}),
        ...(sample ? { sample } : {}),
        ...(against ? { against: await readable(session, against, tables['against']) } : {}),
      })
    },
    { signal },
  )
  const ended = platform.clock()
  return { ...result, createdAt: ended.toISOString(), seconds: (ended.getTime() - started.getTime()) / 1000 }
}

/** Parquet is read column by column; all else once as a whole, into a table that the streams of the session see, too. */
async function readable(session: Session, id: string, table: DataTable | undefined): Promise<ProfiledTable> {
  if (table === undefined) throw new Error(`There is no table for '${id}'.`)
  let view = table.name
  if (table.format !== 'parquet') {
    view = `${table.name} as read`
    await session.run(`create table ${identifier(view)} as select * from ${identifier(table.name)}`)
  }
  const [, name = '', version = ''] = parseArmId(id).names
  return {
    view,
    source: { id, name, version, format: table.format },
    bytes: table.files.reduce((sum, file) => sum + file.bytes, 0),
    files: table.files.length,
    notes: table.notes,
  }
}

/** Tells in the resource's status how many columns are done, not more often than people look. */
function teller(platform: Platform, key: string) {
  let told = platform.clock().getTime()
  return async (columnsDone: number, columns: number) => {
    const now = platform.clock().getTime()
    if (now - told < tellEveryMs) return
    told = now
    await platform.resources.setStatus(key, { progress: { columnsDone, columns } })
  }
}
