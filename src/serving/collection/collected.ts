import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { identifier, literal, type Session } from '../../analytics/analytics.ts'
import { fitIntegers } from '../../analytics/fit-integers.ts'
import type { BlobInfo } from '../../artifacts/artifacts.ts'
import { containerOf } from '../../data/containers.ts'
import { blobsAt } from '../../data/facts/integrity.ts'
import { errors } from '../../kernel/errors.ts'
import { parseArmId } from '../../kernel/resources/arm-id.ts'
import type { Platform } from '../../kernel/platform.ts'
import type { Action, Resource } from '../../kernel/resources/resource.ts'
import type { DeploymentProperties } from '../deployments/settings.ts'
import { rolledPath } from './events.ts'
import { groundTruth, labelsPath } from './labels/labels.ts'
import { placesOf } from './places.ts'

/** A stretch of time, by when requests came in: from the first moment, up to the second and without it. */
export interface Window {
  readonly from: Date
  readonly to: Date
}

/** What was collected of a deployment in a window, as views of a session. */
export interface Collected {
  /** Collections of which there is something, by the names of their views. */
  readonly views: readonly string[]
  readonly session: Session
}

/**
 * Opens what was collected of a deployment in a window. Each collection that has something is a view of its name, with
 * the columns `correlationid`, `row` (number of the row in its request), `time` and then its own; of several entries
 * for one row the last counts. The view `collected` has one row for each row of the inputs (of the outputs, where
 * there are no inputs), with those of its outputs and of its labels beside it, however late these came.
 */
export async function withCollected<T>(
  platform: Platform,
  deployment: Resource,
  window: Window,
  use: (collected: Collected) => Promise<T>,
  options: { readonly signal?: AbortSignal; readonly writes?: readonly string[] } = {},
): Promise<T> {
  const folder = await mkdtemp(join(platform.config.home, 'collected-'))
  try {
    const files = await filesOf(platform, deployment, window, folder)
    return await platform.analytics.session({ ...options, reads: [folder] }, async (session) => {
      const views: string[] = []
      for (const [name, paths] of files) if (await makeView(session, name, paths, window)) views.push(name)
      await joinViews(session, views)
      return use({ session, views })
    })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/**
 * The files of each collection that may have something of the window, as they lie in the store: by their digests one
 * knows whether something has come since.
 */
export async function collectedFiles(
  platform: Platform,
  deployment: Resource,
  window: Window,
): Promise<ReadonlyMap<string, readonly BlobInfo[]>> {
  const { names } = parseArmId(deployment.id)
  const workspace = await platform.resources.get(deployment.scope)
  const properties = deployment.properties as DeploymentProperties
  const rolling = properties.dataCollector?.rollingRate ?? 'Hour'
  const [first, last] = [rolledPath(window.from, rolling), rolledPath(window.to, rolling)]
  const places = Object.entries(await placesOf(platform, deployment, properties))
  const files = new Map<string, readonly BlobInfo[]>()
  for (const [name, place] of places) {
    const within = (rest: string) => {
      const rolled = rest.split('/').slice(0, -1).join('/')
      return rolled >= first && rolled <= last
    }
    files.set(name, await blobsBelow(platform, place, within))
  }
  // A label may come long after its request: all since then are looked at.
  const labels = { container: containerOf(workspace, 'blobstore'), path: labelsPath(names[1] ?? '') }
  const since = rolledPath(window.from, 'Hour')
  files.set(groundTruth, await blobsBelow(platform, labels, (rest) => rest >= since))
  return files
}

async function blobsBelow(
  platform: Platform,
  place: { readonly container: string; readonly path: string },
  isWanted: (rest: string) => boolean,
): Promise<readonly BlobInfo[]> {
  const { blobs } = await blobsAt(platform, place)
  return blobs.filter(({ below }) => isWanted(below))
}

/** The same files laid out below the folder. */
async function filesOf(platform: Platform, deployment: Resource, window: Window, folder: string) {
  const files = new Map<string, readonly string[]>()
  for (const [name, blobs] of await collectedFiles(platform, deployment, window))
    files.set(name, await layOut(platform, blobs, join(folder, name)))
  return files
}

/** Lays files out below a folder, each in one of its own; answers their paths. */
export async function layOut(
  platform: Platform,
  blobs: readonly BlobInfo[],
  folder: string,
): Promise<readonly string[]> {
  const paths: string[] = []
  for (const [i, blob] of blobs.entries()) {
    const own = join(folder, String(i))
    await platform.artifacts.checkout(blob, own)
    paths.push(join(own, blob.path.split('/').at(-1) ?? ''))
  }
  return paths
}

/** Own columns of every line; a collection's others are what its rows have. */
const common = ['correlationid', 'row', 'time'] as const

/** False where nothing in the files is of the window. */
async function makeView(session: Session, name: string, paths: readonly string[], window: Window) {
  if (paths.length === 0) return false
  const isLabels = name === groundTruth
  const source = `read_json([${paths.map(literal).join(', ')}], format = 'newline_delimited', union_by_name = true, sample_size = -1, maximum_object_size = 67108864)`
  const raw = identifier(`${name} events`)
  const time = isLabels ? 'receivedtime' : 'time'
  await session.run(
    `create table ${raw} as select id::varchar as id, correlationid::varchar as correlationid, ${time}::timestamptz as time,
       ${isLabels ? '"row"' : 'null'}::bigint as first_row, data from ${source}` +
      (isLabels ? '' : ` where time::timestamptz >= $1 and time::timestamptz < $2`),
    isLabels ? [] : [window.from, window.to],
  )
  const described = await session.all(`select typeof(data) as type, count(*) from ${raw} group by 1 limit 1`)
  const [type] = described.rows[0] ?? []
  if (typeof type !== 'string') return false
  const isRows = type.endsWith('[]')
  const unnested = isRows ? 'unnest(data)' : 'data'
  const position = isRows ? 'generate_subscripts(data, 1) - 1' : '0'
  const row = isRows && type.startsWith('STRUCT') ? `unnest(value)` : `value as ${identifier(name)}`
  await session.run(
    `create view ${identifier(`${name} as read`)} as
       with numbered as (select id, correlationid, coalesce(first_row, ${position}) as "row", time, ${unnested} as value from ${raw}),
       last as (select * from numbered qualify row_number() over (partition by correlationid, "row" order by time desc, id desc) = 1)
       select ${common.map(identifier).join(', ')}, ${row} from last`,
  )
  const asRead = identifier(`${name} as read`)
  const fitting = await fitIntegers(session, asRead)
  await session.run(`create view ${identifier(name)} as ${fitting}`)
  return true
}

/** Beside each row of inputs, its outputs and labels; a name that two have is that of the first, and `{view}.{name}`. */
async function joinViews(session: Session, views: readonly string[]): Promise<void> {
  const apart = ['model_inputs', 'model_outputs'].filter((name) => views.includes(name))
  const both = apart.length > 0 ? apart : ['model_inputs_outputs'].filter((name) => views.includes(name))
  const parts = [...both, ...views.filter((name) => name === groundTruth)]
  const [first, ...others] = parts
  if (first === undefined) return
  const taken = new Set<string>(common)
  const columns: string[] = common.map((name) => `${identifier(first)}.${identifier(name)}`)
  for (const view of parts)
    for (const { name } of (await session.all(`select * from ${identifier(view)} limit 0`)).columns) {
      if ((common as readonly string[]).includes(name)) continue
      const shown = taken.has(name) ? `${view}.${name}` : name
      taken.add(shown)
      columns.push(`${identifier(view)}.${identifier(name)} as ${identifier(shown)}`)
    }
  const joins = others.map(
    (view) =>
      ` left join ${identifier(view)} on ${identifier(first)}.correlationid = ${identifier(view)}.correlationid and ${identifier(first)}."row" = ${identifier(view)}."row"`,
  )
  await session.run(
    `create view collected as select ${columns.join(', ')} from ${identifier(first)}${joins.join('')}`,
  )
}

/** Rows of a window, and how many of them have a label. */
async function coverage(session: Session, views: readonly string[]) {
  const isLabelled = views.includes(groundTruth)
    ? `exists (from ${identifier(groundTruth)} as l where l.correlationid = c.correlationid and l."row" = c."row")`
    : 'false'
  const counted = await session.all(
    `select count(*)::integer, (count(*) filter (${isLabelled}))::integer from collected as c`,
  )
  const [total, labelled] = counted.rows[0] ?? []
  return { total: Number(total ?? 0), labelled: Number(labelled ?? 0) }
}

const dayMs = 24 * 3_600_000
const moment = z.iso.datetime({ offset: true })

/**
 * `POST {deployment}/collected { from, to, limit }`: the latest rows that were collected of a deployment, inputs,
 * outputs and labels side by side; the last day unless said otherwise. Answers `{ columns, rows, views, truncated, total,
 * labelled }`: how many rows the window has, and of how many the truth is known by now.
 */
export const collected: Action = {
  operation: 'read',
  input: z.object({
    from: moment.optional(),
    to: moment.optional(),
    limit: z.number().int().min(1).max(10_000).default(100),
  }),
  async run({ platform, resource, input }) {
    const { from, to, limit } = input as { from?: string; to?: string; limit: number }
    // Windows end before their last moment, and what came in now belongs to this one.
    const until = to === undefined ? new Date(platform.clock().getTime() + 1000) : new Date(to)
    const since = from === undefined ? new Date(until.getTime() - dayMs) : new Date(from)
    if (since >= until)
      throw errors.validation('The window ends before it begins: from is to be earlier than to.', {
        target: 'from',
      })
    const body = await withCollected(
      platform,
      resource,
      { from: since, to: until },
      async ({ session, views }) => {
        if (!views.some((view) => view.startsWith('model_')))
          return { columns: [], rows: [], views, truncated: false, total: 0, labelled: 0 }
        const table = await session.select('from collected order by time desc, correlationid, "row"', {
          limit,
        })
        return { ...table, views, ...(await coverage(session, views)) }
      },
    )
    return { body }
  },
}
