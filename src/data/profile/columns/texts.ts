import type { Session } from '../../../analytics/analytics.ts'
import type { TextProfile } from '../profile.ts'
import { countOf, numberOf, one, textOf } from './cells.ts'

/** Of more different values than this, every k-th by its hash is read for what it looks like. */
const readWhole = 100_000
const mostPatterns = 10

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'
const shape = `translate(left(v, 60), '${letters}${letters.toLowerCase()}0123456789', '${'A'.repeat(26)}${'a'.repeat(26)}${'9'.repeat(10)}')`
const shortened = ['A', 'a', '9'].reduce(
  (sql, mark) => `regexp_replace(${sql}, '${mark}{5,}', '${mark}…', 'g')`,
  'shape',
)

const is = (pattern: string) => `regexp_full_match(v, '${pattern}')`
const reads = {
  numbers: 'try_cast(v as double) is not null',
  dates: `regexp_matches(v, '^\\d{1,4}[-/.]\\d') and try_cast(v as timestamp) is not null`,
  booleans: `lower(trim(v)) in ('true', 'false', 'yes', 'no', 't', 'f', 'y', 'n')`,
  emails: is('[^@\\s]+@[^@\\s]+\\.[A-Za-z]{2,}'),
  urls: is('(https?|ftp)://\\S+'),
  uuids: is('[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}'),
}

/** Figures of a text column from its `frequencies`, of which there are so many different values. */
export async function profileTexts(session: Session, distinct: number): Promise<TextProfile> {
  const lengths = await one<'shortest' | 'mean' | 'longest' | 'padded'>(
    session,
    `select min(length(v)) as shortest, max(length(v)) as longest, sum(length(v) * n) / sum(n) as mean,
       sum(n) filter (v <> trim(v)) as padded from frequencies where v is not null`,
  )
  const every = Math.ceil(distinct / readWhole)
  const from = `frequencies where v is not null${every > 1 ? ` and hash(v) % ${every} = 0` : ''}`
  const read = await one<keyof typeof reads | 'all' | 'total'>(
    session,
    `select ${Object.entries(reads)
      .map(([name, holds]) => `sum(n) filter (${holds}) as ${name}`)
      .join(
        ', ',
      )}, sum(n) as total, (select sum(n) from frequencies where v is not null) as "all" from ${from}`,
  )
  const scale = every > 1 ? countOf(read.all) / Math.max(1, countOf(read.total)) : 1
  const estimate = (cell: Parameters<typeof countOf>[0]) => Math.round(countOf(cell) * scale)
  const patterns = await session.all(
    `with shapes as (select ${shape} as shape, sum(n) as n from ${from} group by 1)
     select ${shortened} as pattern, sum(n) as n from shapes group by 1 order by n desc, pattern limit ${mostPatterns}`,
  )
  return {
    minLength: numberOf(lengths.shortest),
    meanLength: numberOf(lengths.mean),
    maxLength: numberOf(lengths.longest),
    patterns: patterns.rows.map(([pattern, n]) => ({ pattern: textOf(pattern), count: estimate(n) })),
    reads: {
      numbers: estimate(read.numbers),
      dates: estimate(read.dates),
      booleans: estimate(read.booleans),
      emails: estimate(read.emails),
      urls: estimate(read.urls),
      uuids: estimate(read.uuids),
    },
    padded: countOf(lengths.padded),
    exact: every === 1,
  }
}
