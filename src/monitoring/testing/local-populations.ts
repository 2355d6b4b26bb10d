import { randomUUID } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { identifier, literal, type Analytics, type Session } from '../../analytics/analytics.ts'
import { fitIntegers } from '../../analytics/fit-integers.ts'
import type { Json } from '../../kernel/resources/resource.ts'
import type { PlannedSignal } from '../monitors/monitor.ts'
import { populationsOver } from '../populations/over-files.ts'
import { NoData, type Populations, type Roles } from '../populations/population.ts'
import { describeFile, fingerprintOf, relationOf, type Stored } from '../populations/stored.ts'

/** Rows for a test, in one of these ways, with what their columns are. Roles that are not said: all columns are features. */
export interface LocalRows {
  /** Rows as objects; all columns of all rows. */
  readonly rows?: readonly Json[]
  /** A file: CSV, JSON lines or Parquet. */
  readonly file?: string
  /** A `select` (or `from …`, `values …`), for types that JSON has not. */
  readonly sql?: string
  readonly roles?: Partial<Roles>
  readonly window?: { readonly from: Date; readonly to: Date }
  readonly notes?: readonly string[]
}

/** Populations of local rows, with nothing of a server. `folder` is the caller's to remove. */
export function localPopulations(
  { analytics, folder }: { readonly analytics: Analytics; readonly folder: string },
  sources: { readonly production?: LocalRows; readonly reference?: LocalRows },
  types: PlannedSignal['types'] = {},
): Populations {
  const store = (name: 'production' | 'reference') => async (): Promise<Stored> => {
    const given = sources[name]
    if (given === undefined) throw new NoData(`There is no ${name} data.`)
    const source = join(folder, `${name}-${randomUUID()}`)
    if (given.rows !== undefined)
      await writeFile(`${source}.jsonl`, given.rows.map((row) => `${JSON.stringify(row)}\n`).join(''))
    const read = given.file ?? `${source}.jsonl`
    const sql = given.sql ?? `from ${readerOf(read)}`
    const file = read.endsWith('.parquet') ? read : `${source}.parquet`
    return analytics.session({ reads: [read, file], writes: [folder] }, async (session) => {
      if (file !== read)
        await session.run(
          `copy (${await fitIntegers(session, `(${sql})`)}) to ${literal(file)} (format parquet)`,
        )
      return stored(session, file, given, types)
    })
  }
  return populationsOver(analytics, {
    production: store('production'),
    reference: store('reference'),
    async inOrder(before) {
      const file = before.file.replace(/(\.parquet)?$/, '.ordered.parquet')
      await analytics.session({ reads: [before.file], writes: [folder] }, (session) =>
        session.run(
          `copy (from ${relationOf(before.file)} order by ${identifier(before.roles.time ?? '')}) to ${literal(file)} (format parquet)`,
        ),
      )
      return { ...before, file }
    },
  })
}

const readerOf = (file: string) =>
  file.endsWith('.csv')
    ? `read_csv(${literal(file)})`
    : file.endsWith('.parquet')
      ? relationOf(file)
      : `read_json(${literal(file)}, format = 'newline_delimited', union_by_name = true, sample_size = -1)`

async function stored(
  session: Session,
  file: string,
  { roles: told = {}, window, notes = [] }: LocalRows,
  types: PlannedSignal['types'],
): Promise<Stored> {
  const { columns } = await session.all(`from ${relationOf(file)} limit 0`)
  const taken = [told.prediction, told.target, told.time, told.correlationId]
  const apart = new Set([...taken, ...Object.values(told.probabilities ?? {})])
  const features = columns.map(({ name }) => name).filter((name) => !apart.has(name))
  const roles: Roles = { features, ...told }
  const described = await describeFile(session, file, { roles, types })
  if (described.rows === 0) throw new NoData('There are no rows.')
  const fingerprint = await fingerprintOf(file)
  return { file, ...described, roles, fingerprint, notes, ...(window === undefined ? {} : { window }) }
}
