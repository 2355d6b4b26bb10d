import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { identifier, literal, type Analytics, type Session } from '../../../analytics/analytics.ts'
import { createAnalytics } from '../../../analytics/create-analytics.ts'
import { pythonWith } from '../../../testing/test-cache.ts'
import type { Population, PopulationColumn, Roles } from '../../populations/population.ts'

/** scikit-learn and fairlearn, which say what our figures should be. */
export const learning = {
  name: 'fairlearn-0.15.0',
  packages: ['fairlearn==0.15.0', 'pandas==3.1.1', 'scikit-learn==1.9.1'],
}

/** NannyML with what it can work with, which its own requirements do not say. */
export const nannyml = {
  name: 'nannyml-0.13.1-2',
  packages: ['nannyml==0.13.1', 'statsmodels==0.15.0', 'shap==0.51.0', 'pandas<3'],
}

/** Rows that Python has made, and what its libraries say of them. */
export interface Oracle<T> {
  readonly expected: T
  /** Opens a session with CSV files of the oracle as populations. */
  session<R>(
    use: (
      session: Session,
      population: (file: string, roles: Partial<Roles>) => Promise<Population>,
    ) => Promise<R>,
  ): Promise<R>
  stop(): Promise<void>
}

/** Runs a program in a folder, and answers the JSON that it prints. */
export async function oracleIn<T>(
  folder: string,
  environment: { readonly name: string; readonly packages: readonly string[] },
  program: string,
): Promise<T> {
  const python = await pythonWith(environment.name, environment.packages)
  const { stdout } = await promisify(execFile)(python, ['-W', 'ignore', '-c', program], {
    cwd: folder,
    maxBuffer: 2 ** 26,
  })
  return JSON.parse(stdout.slice(stdout.indexOf('{'))) as T
}

/**
 * Runs a program in a new folder; it writes tables as CSV there and prints what is expected of them as JSON, NaN as
 * null.
 */
export async function oracleOf<T>(
  environment: { readonly name: string; readonly packages: readonly string[] },
  program: string,
): Promise<Oracle<T>> {
  const folder = await mkdtemp(join(tmpdir(), 'twinloop-'))
  const expected = await oracleIn<T>(folder, environment, program)
  const analytics = createAnalytics(join(folder, 'analytics'), { memoryBytes: 512 * 2 ** 20, sessions: 2 })
  return {
    expected,
    session: (use) => withFolder(analytics, folder, use),
    async stop() {
      await analytics.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

type PopulationOf = (table: string, roles: Partial<Roles>) => Promise<Population>

const withFolder = <R>(
  analytics: Analytics,
  folder: string,
  use: (session: Session, population: PopulationOf) => Promise<R>,
): Promise<R> =>
  analytics.session({ reads: [folder] }, (session) =>
    use(session, async (file, roles) => {
      const table = file.replace(/\.csv$/, '')
      await session.run(
        `create or replace table ${identifier(table)} as select * from read_csv(${literal(join(folder, file))}, sample_size = -1)`,
      )
      return populationOf(session, table, roles)
    }),
  )

/** A table of the session as a population. */
async function populationOf(session: Session, table: string, roles: Partial<Roles>): Promise<Population> {
  const view = identifier(table)
  const { columns } = await session.all(`select * from ${view} limit 0`)
  const { rows } = await session.all(`select count(*) from ${view}`)
  const known: PopulationColumn[] = columns.map((column) => ({
    ...column,
    kind: column.type === 'DOUBLE' ? 'numerical' : 'categorical',
  }))
  return {
    files: [],
    view,
    rows: Number(rows[0]?.[0]),
    columns: known,
    roles: { features: [], ...roles },
    fingerprint: table,
    notes: [],
  }
}
