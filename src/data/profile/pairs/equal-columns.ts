import { identifier, type Session } from '../../../analytics/analytics.ts'
import type { TableColumn } from '../columns/kinds.ts'
import type { ColumnProfile } from '../profile.ts'
import type { Sample, SampleColumn } from './sample.ts'

/** More pairs than this are not looked at row by row. */
const mostPairs = 50

/** Pairs of columns that hold the same in every row: found in the sample, proven on all rows. */
export async function equalColumns(
  session: Session,
  view: string,
  {
    columns,
    profiles,
    sample,
    rows,
  }: {
    readonly columns: readonly TableColumn[]
    readonly profiles: readonly ColumnProfile[]
    readonly sample: Sample
    readonly rows: number
  },
): Promise<readonly (readonly [string, string])[]> {
  const pairs = sample.columns
    .flatMap((a, i) => sample.columns.slice(i + 1).map((b) => [a, b] as const))
    .filter(([a, b]) => haveSameCounts(profiles, a.name, b.name) && areSame(a, b))
    .map(([a, b]) => [a.name, b.name] as const)
    .slice(0, mostPairs)
  if (pairs.length === 0 || sample.rows === rows) return pairs
  const sqlOf = (name: string) => columns.find((column) => column.name === name)?.sql ?? identifier(name)
  const { rows: counts } = await session.all(
    `select ${pairs.map(([a, b]) => `count(*) filter (${sqlOf(a)} is distinct from ${sqlOf(b)})`).join(', ')} from ${view}`,
  )
  return pairs.filter((_, i) => counts[0]?.[i] === 0)
}

function haveSameCounts(profiles: readonly ColumnProfile[], a: string, b: string): boolean {
  const [one, other] = [a, b].map((name) => profiles.find((profile) => profile.name === name))
  return (
    one !== undefined &&
    other !== undefined &&
    one.distinct.count === other.distinct.count &&
    one.missing.count === other.missing.count &&
    (one.numeric === undefined) === (other.numeric === undefined) &&
    (one.text === undefined) === (other.text === undefined)
  )
}

function areSame(a: SampleColumn, b: SampleColumn): boolean {
  if (
    a.kind === 'categories' &&
    b.kind === 'categories' &&
    a.categories.some((c, i) => c !== b.categories[i])
  )
    return false
  return a.kind === b.kind && a.values.every((value, i) => Object.is(value, b.values[i]))
}
