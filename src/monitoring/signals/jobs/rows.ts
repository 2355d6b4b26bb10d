import { randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { identifier, literal } from '../../../analytics/analytics.ts'
import { containerOf } from '../../../data/containers.ts'
import { datastoreUri } from '../../../data/locations.ts'
import type { Platform } from '../../../kernel/platform.ts'
import type { Json, Resource } from '../../../kernel/resources/resource.ts'
import { workspaceNames } from '../../../training/data.ts'
import type { Population } from '../../populations/population.ts'
import type { SignalContext } from '../signal.ts'

/** Rows that a job is given. */
export interface GivenRows {
  readonly population: Population
  /** Columns with how they are given: numbers as doubles, categories as text, or as they are. */
  readonly columns: readonly {
    readonly name: string
    readonly as: 'number' | 'text' | 'is'
    /** What the job knows it by, where it is another name. */
    readonly under?: string
  }[]
  /** About so many rows, drawn at random, at most. */
  readonly most: number
}

/** Draws are of so many parts. */
const parts = 1_000_000

/** Rows lie below this for as long as a job needs them. */
const folder = 'azureml/monitoring'

/**
 * Puts rows where a job of the workspace can have them as an input, in the order of their time column if they have one.
 * Which rows are drawn the run's seed tells. `name` is the same for the same input of the same job. Returns the input, as
 * jobs are put.
 */
export async function giveRows(context: SignalContext, name: string, rows: GivenRows): Promise<Json> {
  const path = `${folder}/${name}.parquet`
  await put(context, path, rows)
  return input(context, 'uri_file', path)
}

/** Puts all rows likewise, with all of their columns as they are: as one file, in a folder, or with an MLTable file. */
export async function giveTable(
  context: SignalContext,
  name: string,
  population: Population,
  type: 'mltable' | 'uri_folder' | 'uri_file',
): Promise<Json> {
  const below = `${folder}/${name}`
  const path = `${below}/rows.parquet`
  const columns = population.columns.map((column) => ({ name: column.name, as: 'is' as const }))
  await put(context, path, { population, columns, most: population.rows })
  if (type === 'mltable')
    await context.platform.artifacts.put(
      { container: await containerFor(context), path: `${below}/MLTable` },
      Buffer.from(mltable),
    )
  return input(context, type, type === 'uri_file' ? path : `${below}/`)
}

const mltable = `type: mltable
paths:
  - file: ./rows.parquet
transformations:
  - read_parquet:
      include_path_column: false
`

const containerFor = async ({ platform, workspaceId }: SignalContext): Promise<string> =>
  containerOf(await platform.resources.get(workspaceId), 'blobstore')

const input = ({ workspaceId }: SignalContext, type: string, path: string): Json => ({
  jobInputType: type,
  uri: datastoreUri('workspaceblobstore', path, workspaceNames(workspaceId)),
})

/** What is left after so long is of a job that was cancelled. */
const mostAgeMs = 7 * 86_400_000

async function removeLeftovers({ artifacts, clock }: Platform, container: string): Promise<void> {
  const before = clock().getTime() - mostAgeMs
  const { blobs } = await artifacts.list(container, `${folder}/`)
  for (const { path, modifiedAt } of blobs)
    if (modifiedAt.getTime() < before) await artifacts.remove({ container, path })
}

async function put(
  context: SignalContext,
  path: string,
  { population, columns, most }: GivenRows,
): Promise<void> {
  const { platform, seed, signal } = context
  const container = await containerFor(context)
  await removeLeftovers(platform, container)
  // What a killed server leaves here, the next one's analytics remove.
  const above = join(platform.config.home, 'analytics', `rows-${randomUUID()}`)
  await mkdir(above, { recursive: true })
  try {
    const file = join(above, 'rows.parquet')
    const select = columns.map(
      ({ name, as, under = name }) => `${given(identifier(name), as)} as ${identifier(under)}`,
    )
    const files = population.files.map(literal).join(', ')
    const order = population.roles.time === undefined ? '' : `order by ${identifier(population.roles.time)}`
    await platform.analytics.session({ reads: population.files, writes: [above], signal }, (session) =>
      session.run(
        `copy (
           select ${select.join(', ')}
           from (select *, row_number() over () as twinloop_row from read_parquet([${files}], union_by_name = true))
           where ${drawn(population.rows, most, seed)} ${order}
         ) to ${literal(file)} (format parquet)`,
      ),
    )
    await platform.artifacts.put({ container, path }, createReadStream(file))
  } finally {
    await rm(above, { recursive: true, force: true })
  }
}

/** Takes away what a job was given by these, once it has ended. */
export async function takeTables(context: SignalContext, { properties }: Resource): Promise<void> {
  const inputs = Object.values(
    (properties['inputs'] ?? {}) as Readonly<Record<string, { readonly uri?: string }>>,
  )
  const container = await containerFor(context)
  for (const { uri = '' } of inputs) {
    const at = uri.indexOf(`/${folder}/`)
    if (at < 0) continue
    const path = uri.slice(at + 1)
    const files = path.endsWith('/') ? ['rows.parquet', 'MLTable'].map((file) => `${path}${file}`) : [path]
    for (const one of files) await context.platform.artifacts.remove({ container, path: one })
  }
}

/** True where a job gets some of a population's rows. */
export const sampled = ({ population: { rows }, most }: Pick<GivenRows, 'population' | 'most'>): boolean =>
  rows > most

function given(column: string, as: GivenRows['columns'][number]['as']): string {
  if (as === 'is') return column
  if (as === 'text') return `cast(${column} as varchar)`
  const value = `try_cast(${column} as double)`
  return `case when isfinite(${value}) then ${value} end`
}

const drawn = (rows: number, most: number, seed: number): string =>
  rows <= most ? 'true' : `hash(twinloop_row, ${seed}) % ${parts} < ${Math.round((most / rows) * parts)}`
