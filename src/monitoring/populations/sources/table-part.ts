import { identifier, literal } from '../../../analytics/analytics.ts'
import { layOutFile } from '../../../artifacts/checkout.ts'
import { fitIntegers } from '../../../analytics/fit-integers.ts'
import { bytesAt } from '../../../data/facts/bytes.ts'
import { resolve } from '../../../data/resolve.ts'
import { withTables } from '../../../data/tables/with-tables.ts'
import { etagsAt } from '../../../data/transfer.ts'
import { kinds, UserError } from '../../../kernel/errors.ts'
import { machineLearning } from '../../../kernel/resources/arm-id.ts'
import type { Json } from '../../../kernel/resources/resource.ts'
import type { DataSource } from '../../monitors/monitor.ts'
import { NoData } from '../population.ts'
import { toldColumn } from '../roles.ts'
import { fileAsItLies } from './as-it-lies.ts'
import { windowOf, type Part, type PopulationsOf } from './part.ts'
import { inWindow, nothingInWindow, timeColumnOf } from './time-filter.ts'

/** A data asset or a path, read as a table; of a window those rows whose time is in it. */
export function tablePart(given: PopulationsOf, source: DataSource, uri: string): Part {
  const { platform, workspaceId, at, signal } = given
  const window = windowOf(source, at)
  const told = toldColumn(source.columns, 'time')
  return {
    shown: uri,
    source,
    window,
    correlationId: toldColumn(source.columns, 'correlationId'),
    identity: () =>
      reading(async () => ({
        bytes: await contentOf(given, uri),
        window: window ?? null,
        time: told ?? null,
      })),
    write: (file, folder) =>
      reading(() =>
        withTables(
          platform,
          workspaceId,
          { data: uri },
          async (session, { data }) => {
            const { columns } = await session.all('from data limit 0')
            const column =
              window === undefined && told === undefined
                ? undefined
                : timeColumnOf(told, { columns, shown: uri })
            const written = { inputs: [], outputs: [], truth: [], own: [], notes: data.notes }
            const asItLies = await fileAsItLies(session, data, { window, column })
            if (asItLies !== undefined && (await isNeverChanged(given, uri))) {
              await layOutFile(asItLies, file, { onlyRead: true })
              return written
            }
            const filter = window === undefined || column === undefined ? 'true' : inWindow(column, window)
            await session.run(
              `copy (${await fitIntegers(session, 'data')} where ${filter}) to ${literal(file)} (format parquet, compression snappy)`,
            )
            if (column !== undefined && window !== undefined) {
              const { rows } = await session.all(`select 1 from data where ${filter} limit 1`)
              if (rows.length === 0)
                await nothingInWindow(session, { relation: identifier('data'), shown: uri }, column, window)
            }
            return written
          },
          { signal, writes: [folder] },
        ),
      ),
  }
}

/** Whether the files of data are our own, which nobody changes. */
async function isNeverChanged({ platform, workspaceId }: PopulationsOf, uri: string): Promise<boolean> {
  const { location } = await resolve(platform, workspaceId, uri)
  return location.kind === 'blob'
}

/** What lies there, so that one knows whether it is another: hashes, or what the store says of its files. */
async function contentOf(
  { platform, workspaceId, actor, at, signal }: PopulationsOf,
  uri: string,
): Promise<Json> {
  await platform.access.require(actor, `${machineLearning}/workspaces/data/versions/read`, workspaceId)
  const { location, asset } = await resolve(platform, workspaceId, uri)
  const known = asset === undefined ? {} : { asset: asset.id.toLowerCase() }
  if (location.kind === 'url') return { url: location.url, at: at.toISOString() }
  if (location.kind === 'store')
    return { ...known, uri: location.uri, etags: await etagsAt(platform, location) }
  const { contentHash, bytes, files } = await bytesAt(platform, location, signal)
  return { ...known, hash: contentHash ?? null, bytes, files }
}

/** What the data themselves refuse is no data; that a store cannot be reached is a failure, and tried again. */
async function reading<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read()
  } catch (error) {
    const inData = [kinds.notFound, kinds.badRequest, kinds.forbidden, kinds.corrupt] as readonly unknown[]
    if (error instanceof UserError && inData.includes(error.kind))
      throw new NoData(error.message, { cause: error })
    throw error
  }
}
