import { createHash } from 'node:crypto'
import { stat } from 'node:fs/promises'
import { identifier, literal, type Column, type Session } from '../../analytics/analytics.ts'
import { typeKind } from '../../analytics/type-kind.ts'
import type { PlannedSignal } from '../monitors/monitor.ts'
import type { PopulationColumn, Roles } from './population.ts'
import { columnKinds } from './typing.ts'

/** Rows of a source as they lie on this machine: one Parquet file, and what is known of it. */
export interface Stored {
  readonly file: string
  readonly rows: number
  readonly columns: readonly PopulationColumn[]
  readonly roles: Roles
  readonly fingerprint: string
  readonly window?: { readonly from: Date; readonly to: Date }
  readonly labelled?: number
  readonly notes: readonly string[]
}

/** SQL that reads the file in a session that may. */
export const relationOf = (file: string): string => `read_parquet(${literal(file)})`

/** What a Parquet file has: rows, columns with their kinds, and rows with a label where a column is the target. */
export async function describeFile(
  session: Session,
  file: string,
  { roles, types }: { readonly roles: Roles; readonly types: PlannedSignal['types'] },
): Promise<Pick<Stored, 'rows' | 'columns' | 'labelled'>> {
  const relation = relationOf(file)
  const { columns } = await session.all(`from ${relation} limit 0`)
  const target = columns.find(({ name }) => name === roles.target)
  const counts = `count(*), ${target === undefined ? 'null' : `count(${identifier(target.name)})`}`
  const [[rows = 0, labelled] = []] = (await session.all(`select ${counts} from ${relation}`)).rows
  const kinds = await columnKinds(session, relation, columns, types)
  const empty = await emptyTexts(session, relation, columns)
  return {
    rows: Number(rows),
    columns: kinds.map((column) => (empty.has(column.name) ? { ...column, empty: true } : column)),
    ...(target === undefined ? {} : { labelled: Number(labelled) }),
  }
}

/** Columns of text without any value: what JSON with nothing but nulls in a column is read as. */
async function emptyTexts(
  session: Session,
  relation: string,
  columns: readonly Column[],
): Promise<ReadonlySet<string>> {
  const texts = columns.filter(({ type }) => ['text', 'json'].includes(typeKind(type)))
  if (texts.length === 0) return new Set()
  const counts = texts.map(({ name }) => `any_value(${identifier(name)}) is null`)
  const { rows } = await session.all(`select ${counts.join(', ')} from ${relation}`)
  return new Set(texts.filter((_, i) => rows[0]?.[i] === true).map(({ name }) => name))
}

/** Fingerprint of a file that is written once: where it is, how long it is and since when. */
export async function fingerprintOf(file: string): Promise<string> {
  const { size, mtimeMs } = await stat(file)
  return createHash('sha256').update(`${file}\n${size}\n${mtimeMs}`).digest('hex')
}
