import { mkdir, mkdtemp, rm, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { identifier, literal, type Session } from '../../../analytics/analytics.ts'
import { errors } from '../../../kernel/errors.ts'
import { nearest } from '../../../kernel/nearest.ts'
import type { Platform } from '../../../kernel/platform.ts'
import type { Resource } from '../../../kernel/resources/resource.ts'
import { withCollected } from '../../../serving/collection/reading/collected.ts'
import type { Window } from '../../../serving/collection/reading/window.ts'
import { groundTruth } from '../../../serving/collection/labels/labels.ts'
import { milliseconds } from '../words.ts'
import type { WindowOf } from './parameters.ts'

/** Rows that an endpoint was asked about, with what turned out to be true, as one file. */
export interface Gathered {
  readonly rows: number
  /** `12,345 labelled rows of flights from 2013-01-01 to 2013-03-31`. */
  readonly inWords: string
  /** What the file holds, in its order. */
  readonly columns: readonly string[]
}

/** All that was ever collected: where rows are told by a time of their own, any file may have some of the window. */
const ever: Window = { from: new Date(0), to: new Date(Date.UTC(9999, 0)) }

/**
 * Writes what was collected of an endpoint's deployments in a window to `file`: the columns of the inputs, then those of
 * the labels, in the order of time. Throws validation where nothing is collected, and for a column that there is not.
 */
export async function gather(
  platform: Platform,
  endpointId: string,
  wanted: WindowOf,
  {
    file,
    format,
    now,
    signal,
  }: {
    readonly file: string
    readonly format: 'csv' | 'parquet'
    readonly now: Date
    readonly signal: AbortSignal
  },
): Promise<Gathered> {
  const endpoint = await platform.resources.get(endpointId)
  const length = milliseconds(wanted.window)
  const window = wanted.time_column === undefined ? { from: new Date(now.getTime() - length), to: now } : ever
  const above = join(platform.config.home, 'analytics')
  await mkdir(above, { recursive: true })
  const folder = await mkdtemp(join(above, 'window-'))
  try {
    const parts: string[] = []
    for (const [i, deployment] of (await deploymentsOf(platform, endpoint)).entries()) {
      const part = join(folder, `${i}.parquet`)
      const options = { signal, writes: [folder] }
      const isWritten = await withCollected(
        platform,
        deployment,
        window,
        ({ session, views }) => writePart(session, views, wanted, part),
        options,
      )
      if (isWritten) parts.push(part)
    }
    if (parts.length === 0)
      throw errors.validation(
        `Nothing that endpoint '${endpoint.name}' was asked ${wanted.time_column === undefined ? `in the last ${wanted.window} ` : ''}was collected: its deployments need a data_collector with model_inputs.`,
      )
    const out = join(folder, 'out')
    const gathered = await platform.analytics.session(
      { reads: [folder], writes: [folder], signal },
      (session) => unite(session, parts, wanted, { out, format, endpoint: endpoint.name }),
    )
    await rename(out, file)
    return gathered
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function deploymentsOf(platform: Platform, endpoint: Resource): Promise<readonly Resource[]> {
  const type = 'workspaces/onlineEndpoints/deployments'
  const orderBy = { field: 'name', descending: false } as const
  const all = await platform.resources.list({ type, parent: endpoint.id, orderBy, top: 1000 })
  return all.filter(({ properties }) => properties['dataCollector'] != null)
}

/** Columns that every collection has, beside its own. */
const common = ['correlationid', 'row', 'time']

/** Inputs and labels of one deployment, side by side; false where there are none. */
async function writePart(
  session: Session,
  views: readonly string[],
  { labelled }: WindowOf,
  part: string,
): Promise<boolean> {
  const asked = ['model_inputs', 'model_inputs_outputs'].find((view) => views.includes(view))
  if (asked === undefined) return false
  const columnsOf = async (view: string) =>
    (await session.all(`from ${identifier(view)} limit 0`)).columns
      .map(({ name }) => name)
      .filter((name) => !common.includes(name))
  const inputs = await columnsOf(asked)
  const hasLabels = views.includes(groundTruth)
  if (labelled && !hasLabels) return false
  const truth = hasLabels ? (await columnsOf(groundTruth)).filter((name) => !inputs.includes(name)) : []
  const columns = [
    ...inputs.map((name) => `asked.${identifier(name)}`),
    ...truth.map((name) => `truth.${identifier(name)}`),
  ]
  const on = 'asked.correlationid = truth.correlationid and asked."row" = truth."row"'
  const join = hasLabels ? `${labelled ? '' : 'left '}join ${groundTruth} truth on ${on}` : ''
  await session.run(
    `copy (select asked.time as "azureml time", asked.correlationid as "azureml id", asked."row" as "azureml row", ${columns.join(', ')}
       from ${identifier(asked)} asked ${join}) to ${literal(part)} (format parquet)`,
  )
  return true
}

async function unite(
  session: Session,
  parts: readonly string[],
  { time_column: time, window, labelled, at_least: least }: WindowOf,
  {
    out,
    format,
    endpoint,
  }: { readonly out: string; readonly format: 'csv' | 'parquet'; readonly endpoint: string },
): Promise<Gathered> {
  const source = `read_parquet([${parts.map(literal).join(', ')}], union_by_name = true)`
  await session.run(`create view every as from ${source}`)
  const columns = (await session.all('from every limit 0')).columns
    .map(({ name }) => name)
    .filter((name) => !name.startsWith('azureml '))
  const at = time === undefined ? '"azureml time"' : eventTime(time, columns)
  await session.run(
    `create view wanted as select *, ${at} as "azureml at" from every` +
      (time === undefined
        ? ''
        : ` where ${at} > (select max(${at}) from every) - interval '${Math.round(milliseconds(window) / 1000)} seconds'`),
  )
  const [[rows = 0, from, to] = []] = (
    await session.all(
      'select count(*), min("azureml at")::date::varchar, max("azureml at")::date::varchar from wanted',
    )
  ).rows
  const inWords = `${Number(rows).toLocaleString('en')} ${labelled ? 'labelled ' : ''}rows of ${endpoint}${typeof from === 'string' && typeof to === 'string' ? ` from ${from} to ${to}` : ''}`
  if (Number(rows) < least)
    throw errors.validation(
      `${inWords} are too few to learn from: at least ${least.toLocaleString('en')} are wanted.`,
    )
  const how = format === 'csv' ? '(format csv, header true)' : '(format parquet, compression zstd)'
  await session.run(
    `copy (select ${columns.map(identifier).join(', ')} from wanted order by "azureml at", "azureml id", "azureml row") to ${literal(out)} ${how}`,
  )
  return { rows: Number(rows), inWords, columns }
}

function eventTime(column: string, columns: readonly string[]): string {
  if (columns.includes(column)) return `try_cast(${identifier(column)}::varchar as timestamp)`
  const near = nearest(column, columns)
  throw errors.validation(
    `What was collected has no column '${column}'; it has ${columns.join(', ')}.${near === undefined ? '' : ` Did you mean '${near}'?`}`,
    { target: 'time_column' },
  )
}
