import { literal } from '../../../analytics/analytics.ts'
import type { Columns } from '../../../analytics/columns/columns.ts'
import type { Item } from './item.ts'
import { numberOf, type Relation } from './read-columns.ts'

/** A Parquet file, or some neighbouring row groups of it. */
export async function parquetRelation(
  columns: Columns,
  { path, row_groups: groups }: Item,
): Promise<Relation> {
  const file = literal(path)
  const described = await columns.describe(`select * from read_parquet(${file})`)
  if (groups === undefined) return { from: `read_parquet(${file})`, columns: described, number: numberOf }
  const counted = `select row_group_id, any_value(row_group_num_rows)::integer from parquet_metadata(${file}) group by 1 order by 1`
  let [first, last, before] = [0, 0, 0]
  for await (const batch of columns.scan(counted)) {
    const [ids, counts] = [batch.values(0), batch.values(1)]
    for (const [row, id] of ids.entries()) {
      if (Number(id) === groups[0]) first = before
      before += Number(counts[row])
      if (Number(id) === groups.at(-1)) last = before
    }
  }
  return {
    from: `read_parquet(${file}, file_row_number = true) where file_row_number >= ${first} and file_row_number < ${last}`,
    columns: described,
    number: numberOf,
  }
}
