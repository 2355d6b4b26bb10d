import { literal, type Session } from '../../../analytics/analytics.ts'
import type { DatetimeProfile, HistogramProfile } from '../profile.ts'
import { countOf, numberOf, one, textOf } from './cells.ts'
import { histogramOf } from './numbers.ts'
import { exactQuantiles } from './quantiles.ts'

const units = ['year', 'month', 'day', 'hour', 'minute', 'second'] as const
type GapUnit = NonNullable<DatetimeProfile['gaps']>['unit']
const seconds = { year: 365.25 * 86_400, month: 30.44 * 86_400, day: 86_400, hour: 3600 } as const
/** Gaps are looked for in the finest unit of which there are at most so many between first and last. */
const mostUnits = 20_000

/** Figures of dates and times from a column's `frequencies`; `now` tells what is in the future. */
export async function profileTimes(
  session: Session,
  now: Date,
): Promise<{ readonly datetime: DatetimeProfile; readonly histogram?: HistogramProfile }> {
  await session.run(
    `create or replace temp view times as select v, n from frequencies where v is not null and isfinite(v);
     create or replace temp view numbers as select epoch(v) as x, n from times`,
  )
  const whole = units.map((unit) => `bool_and(v = date_trunc('${unit}', v)) as ${unit}`).join(', ')
  const basics = await one<
    'min' | 'max' | 'first' | 'last' | 'future' | 'total' | 'distinct' | (typeof units)[number]
  >(
    session,
    `select min(v) as min, max(v) as max, epoch(min(v)) as first, epoch(max(v)) as last, sum(n) as total,
       count(*) as "distinct", sum(n) filter (v > ${literal(now.toISOString().slice(0, 23))}::timestamp) as future,
       ${whole} from times`,
  )
  const [first, last, total] = [numberOf(basics.first), numberOf(basics.last), countOf(basics.total)]
  if (first === null || last === null)
    return {
      datetime: { min: null, max: null, rangeSeconds: null, granularity: null, future: 0, gaps: null },
    }
  const granularity = units.find((unit) => basics[unit] === true) ?? 'subsecond'
  const datetime: DatetimeProfile = {
    min: textOf(basics.min),
    max: textOf(basics.max),
    rangeSeconds: last - first,
    granularity,
    future: countOf(basics.future),
    gaps: await gapsOf(session, granularity, last - first),
  }
  const size = { distinct: countOf(basics.distinct), total }
  const [p25, p75] = await exactQuantiles(session, [0.25, 0.75], size)
  const interquartileRange = (p75 ?? 0) - (p25 ?? 0)
  const spread = {
    count: total,
    min: first,
    max: last,
    interquartileRange,
    integers: granularity !== 'subsecond',
  }
  return { datetime, histogram: await histogramOf(session, spread) }
}

/** Stretches without any row, in the column's own unit, or a coarser one where its own are too many. */
async function gapsOf(
  session: Session,
  granularity: NonNullable<DatetimeProfile['granularity']>,
  range: number,
): Promise<DatetimeProfile['gaps']> {
  const order: readonly GapUnit[] = ['hour', 'day', 'month', 'year']
  const own = order.includes(granularity as GapUnit) ? order.indexOf(granularity as GapUnit) : 0
  const unit = order.slice(own).find((u) => range / seconds[u] <= mostUnits)
  if (unit === undefined || range === 0) return null
  await session.run(
    `create or replace temp table gaps as
     with units as (select distinct date_trunc('${unit}', v) as u from times),
     steps as (select u, lead(u) over (order by u) as following from units)
     select u + interval 1 ${unit} as gap_from, following - interval 1 ${unit} as gap_to,
       date_diff('${unit}', u, following) - 1 as units from steps where date_diff('${unit}', u, following) > 1`,
  )
  const { missing } = await one<'missing'>(session, 'select sum(units) as missing from gaps')
  const longest = await session.all(
    'select gap_from, gap_to, units from gaps order by units desc, gap_from limit 5',
  )
  return {
    unit,
    missing: countOf(missing),
    longest: longest.rows.map(([from, to, count]) => ({
      from: textOf(from),
      to: textOf(to),
      units: countOf(count),
    })),
  }
}
