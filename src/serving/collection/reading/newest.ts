import { join } from 'node:path'
import { identifier, literal, type Session, type Table } from '../../../analytics/analytics.ts'
import type { BlobInfo } from '../../../artifacts/artifacts.ts'
import type { Platform } from '../../../kernel/platform.ts'
import type { Resource } from '../../../kernel/resources/resource.ts'
import { groundTruth } from '../labels/labels.ts'
import {
  collectionsOf,
  inFolder,
  latestFolders,
  layOut,
  mayHaveSince,
  mayHaveUntil,
  type Lies,
} from './files.ts'
import { joinViews, makeView } from './views.ts'
import type { Window } from './window.ts'

/** Rows as they were collected, the latest first. */
export interface NewestRows extends Table {
  /** Whether the window has more. */
  readonly truncated: boolean
  /** Collections that have something of these rows: what a script collects beside them is not looked at. */
  readonly views: readonly string[]
}

/** What is of one request may be written down this much apart: by a script, say, its answer before what it was asked. */
const apartMs = 60_000
/** Labels may come before their request: so much before the earliest that is shown they are looked for. */
const foretoldMs = 3_600_000

/**
 * The latest rows of a window, as `withCollected` joins them, at a cost of what they are and not of what the window has.
 * Files are read from the latest on until none can have a later row: a folder's time ends what is in it, and so does the
 * moment at which a file was stored. Only the requests that are shown are then looked up among outputs and labels.
 */
export async function newestRows(
  platform: Platform,
  deployment: Resource,
  window: Window,
  limit: number,
): Promise<NewestRows> {
  return inFolder(platform, async (folder) => {
    const places = await collectionsOf(platform, deployment)
    return platform.analytics.session({ reads: [folder], writes: [folder] }, async (session) => {
      const at: Reading = { platform, session, folder, window, limit: limit + 1 }
      const primary = await latestRequests(at, places)
      if (primary === undefined) return { columns: [], rows: [], truncated: false, views: [] }
      const views: string[] = []
      for (const name of joined) {
        const lies = places.get(name)
        if (lies === undefined) continue
        if (name !== primary) await linesOfRequests(at, name, lies)
        const path = join(folder, `${name}.jsonl`)
        if (await writeLines(session, name, path))
          if (await makeView(session, name, [path], window)) views.push(name)
      }
      await joinViews(session, views)
      const table = await session.select('from collected order by time desc, correlationid, "row"', { limit })
      return { ...table, views }
    })
  })
}

interface Reading {
  readonly platform: Platform
  readonly session: Session
  readonly folder: string
  readonly window: Window
  readonly limit: number
}

const linesOf = (name: string): string => identifier(`${name} lines`)

/** Name under which a collection's lines tell when they were. */
const timeOf = (name: string): string => (name === groundTruth ? 'receivedtime' : 'time')

/** SQL of a collection's lines as they lie: what they are about, and their data as JSON that nobody has looked into yet. */
export const readLines = (name: string, paths: readonly string[]): string =>
  `select id, correlationid, ${timeOf(name)} as time, "row" as first_row, data
   from read_json([${paths.map(literal).join(', ')}], format = 'newline_delimited', maximum_object_size = 67108864,
     columns = {id: 'VARCHAR', correlationid: 'VARCHAR', ${timeOf(name)}: 'TIMESTAMPTZ', "row": 'BIGINT', data: 'JSON'})`

/** SQL of how many rows a line has. */
export const rowsInLine = `case when json_type(data) = 'ARRAY' then json_array_length(data)::bigint else 1 end`

/** Collections whose rows are those of `collected`: of the first of which there is something. */
export const primaries = ['model_inputs', 'model_outputs', 'model_inputs_outputs'] as const

const joined = [...primaries, groundTruth]

/** The table `chosen` of the latest requests; answers of which collection they are, undefined where there are none. */
async function latestRequests(at: Reading, places: ReadonlyMap<string, Lies>): Promise<string | undefined> {
  for (const name of primaries) {
    const lies = places.get(name)
    if (lies !== undefined && (await latestOf(at, name, lies))) return name
  }
  return undefined
}

async function latestOf(at: Reading, name: string, lies: Lies): Promise<boolean> {
  const { platform, session, folder, window, limit } = at
  await makeTable(session, name)
  const requests = `(select *, sum(n) over (order by time desc, correlationid rows unbounded preceding) - n as before
    from (select correlationid, max(time) as time, max(n) as n from ${linesOf(name)} group by 1))`
  // Nothing earlier than this is of the latest rows: known once there are enough of them.
  let least = window.from
  const isWanted = (part: string) => mayHaveUntil(part, window.to) && mayHaveSince(part, least)
  let parts = 0
  for await (const blobs of latestFolders(platform.artifacts, lies, isWanted)) {
    const rest = blobs.toSorted((a, b) => b.modifiedAt.getTime() - a.modifiedAt.getTime())
    for (let bytes = firstBytes; rest.length > 0; bytes *= 2) {
      const some = takeBytes(rest, bytes).filter(({ modifiedAt }) => modifiedAt >= least)
      if (some.length === 0) break
      const paths = await layOut(platform.artifacts, some, join(folder, name, String(parts++)))
      await session.run(
        `insert into ${linesOf(name)} select *, ${rowsInLine} from (${readLines(name, paths)}) where time >= $1 and time < $2`,
        [window.from, window.to],
      )
      const { rows } = await session.all(
        `select epoch_ms(min(time) filter (before < ${limit})) from ${requests} having sum(n) >= ${limit}`,
      )
      const [earliest] = rows[0] ?? []
      if (typeof earliest === 'number') least = new Date(Math.max(least.getTime(), earliest - apartMs))
    }
  }
  await session.run(
    `create or replace table chosen as select correlationid, time from ${requests} where before < ${limit}`,
  )
  await session.run(
    `delete from ${linesOf(name)} where correlationid not in (select correlationid from chosen)`,
  )
  const { rows } = await session.all('select count(*)::integer from chosen')
  return rows[0]?.[0] !== 0
}

/** So much is read of the latest files before anybody looks how many rows they have; then twice as much, and so on. */
const firstBytes = 1 << 20

/** Takes the first files away of which the sizes come to so many bytes: one at least. */
function takeBytes(blobs: BlobInfo[], bytes: number): readonly BlobInfo[] {
  let sum = 0
  const past = blobs.findIndex(({ size }) => (sum += size) >= bytes)
  return blobs.splice(0, past < 0 ? blobs.length : past + 1)
}

const makeTable = (session: Session, name: string): Promise<void> =>
  session.run(
    `create or replace table ${linesOf(name)} (id varchar, correlationid varchar, time timestamptz, first_row bigint, data json, n bigint)`,
  )

/** The lines of another collection, or of labels, that are of the chosen requests. */
async function linesOfRequests(at: Reading, name: string, lies: Lies): Promise<void> {
  const { platform, session, folder, window } = at
  await makeTable(session, name)
  const { rows } = await session.all('select epoch_ms(min(time)), epoch_ms(max(time)) from chosen')
  const [first, last] = (rows[0] ?? []).map(Number)
  const isLabels = name === groundTruth
  const since = new Date((first ?? 0) - (isLabels ? foretoldMs : apartMs))
  // Labels come when they come; the rest was written down when it happened.
  const until = isLabels ? undefined : new Date((last ?? 0) + apartMs)
  const isWanted = (part: string) =>
    mayHaveSince(part, since) && (until === undefined || mayHaveUntil(part, until))
  const paths: string[] = []
  for await (const blobs of latestFolders(platform.artifacts, lies, isWanted)) {
    const some = blobs.filter(({ modifiedAt }) => modifiedAt >= since)
    paths.push(...(await layOut(platform.artifacts, some, join(folder, name, String(paths.length)))))
  }
  if (paths.length === 0) return
  const lines = `insert into ${linesOf(name)} select *, ${rowsInLine} from (${readLines(name, paths)})`
  if (!isLabels)
    return session.run(`${lines} semi join chosen using (correlationid) where time >= $1 and time < $2`, [
      window.from,
      window.to,
    ])
  await session.run(`${lines} semi join chosen using (correlationid)`)
  // That nothing is known yet of the rows that are shown is to be seen: by the columns of another's label.
  const { rows: found } = await session.all(`select 1 from ${linesOf(name)} limit 1`)
  if (found.length === 0) await session.run(`${lines} limit 1`)
}

/** Writes a collection's lines to a file, as a collector would; false where there are none. */
async function writeLines(session: Session, name: string, path: string): Promise<boolean> {
  const { rows } = await session.all(
    `copy (select id, correlationid, time as ${timeOf(name)}, first_row as "row", data from ${linesOf(name)}) to ${literal(path)} (format json)`,
  )
  return rows[0]?.[0] !== 0
}
