import { randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { identifier, literal } from '../../../analytics/analytics.ts'
import { containerOf } from '../../../data/containers.ts'
import { datastoreUri } from '../../../data/locations.ts'
import type { Json } from '../../../kernel/resources/resource.ts'
import { workspaceNames } from '../../../training/data.ts'
import type { Population } from '../../populations/population.ts'
import type { SignalContext } from '../signal.ts'

/** Rows that a job is given. */
export interface GivenRows {
  readonly population: Population
  /** Columns with how they are given: numbers as doubles, categories as text, or as they are. */
  readonly columns: readonly { readonly name: string; readonly as: 'number' | 'text' | 'is' }[]
  /** About so many rows, drawn at random, at most. */
  readonly most: number
}

/** Draws are of so many parts. */
const parts = 1_000_000

/**
 * Puts rows where a job of the workspace can have them as an input, in the order of their time column if they have one.
 * Which rows are drawn the run's seed tells. Returns the input, as jobs are put.
 */
export async function giveRows(
  context: SignalContext,
  path: string,
  { population, columns, most }: GivenRows,
): Promise<Json> {
  const { platform, workspaceId, seed, signal } = context
  // What a killed server leaves here, the next one's analytics remove.
  const folder = join(platform.config.home, 'analytics', `rows-${randomUUID()}`)
  await mkdir(folder, { recursive: true })
  try {
    const file = join(folder, 'rows.parquet')
    const select = columns.map(({ name, as }) => `${given(identifier(name), as)} as ${identifier(name)}`)
    const files = population.files.map(literal).join(', ')
    const order = population.roles.time === undefined ? '' : `order by ${identifier(population.roles.time)}`
    await platform.analytics.session({ reads: population.files, writes: [folder], signal }, (session) =>
      session.run(
        `copy (
             select ${select.join(', ')}
             from (select *, row_number() over () as twinloop_row from read_parquet([${files}], union_by_name = true))
             where ${drawn(population.rows, most, seed)} ${order}
           ) to ${literal(file)} (format parquet)`,
      ),
    )
    const container = containerOf(await platform.resources.get(workspaceId), 'blobstore')
    await platform.artifacts.put({ container, path }, createReadStream(file))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
  return {
    jobInputType: 'uri_file',
    uri: datastoreUri('workspaceblobstore', path, workspaceNames(workspaceId)),
  }
}

/** Takes rows away again, when the job has ended. */
export async function takeRows({ platform, workspaceId }: SignalContext, path: string): Promise<void> {
  const container = containerOf(await platform.resources.get(workspaceId), 'blobstore')
  await platform.artifacts.remove({ container, path })
}

/** How many rows a job gets of a population, in words; undefined if all. */
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
