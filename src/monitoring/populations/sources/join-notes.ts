import type { Session } from '../../../analytics/analytics.ts'
import { relationOf } from '../stored.ts'

/** How a part is joined to the first one: SQL of the ids of both, over `part_0` and the part itself. */
export interface Joined {
  readonly shown: string
  readonly path: string
  readonly left: string
  readonly right: string
}

/** What a reader should know of a join: ids that came several times, and those that no row of the first part has. */
export async function joinNotes(
  session: Session,
  base: { readonly shown: string; readonly path: string },
  { shown, path, left, right }: Joined,
): Promise<readonly string[]> {
  const { rows } = await session.all(
    `with theirs as (select ${right} as id, count(*) as n from ${relationOf(path)} group by all having id is not null),
      ours as (select distinct ${left} as id from ${relationOf(base.path)} part_0)
    select coalesce(sum(n) - count(*), 0), count(*) filter (ours.id is null) from theirs left join ours using (id)`,
  )
  const [again, alone] = (rows[0] ?? []).map(Number)
  return [
    ...(again
      ? [`Rows of ${shown} with the id of another one: ${again.toLocaleString('en')}. The last counts.`]
      : []),
    ...(alone ? [`Ids of ${shown} that no row of ${base.shown} has: ${alone.toLocaleString('en')}.`] : []),
  ]
}
