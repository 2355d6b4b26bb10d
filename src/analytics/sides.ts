/** Two columns that are compared, each as a `select` whose one column is `x`: what was, and what is now. */
export interface Sides {
  readonly was: string
  readonly now: string
}

/** SQL of all values of both sides: rows of `side` (0 was, 1 is now) and `x`. */
export const bothSides = ({ was, now }: Sides): string =>
  `(select 0 as side, x from (${was}) union all select 1 as side, x from (${now}))`

const counts = 'count(*) filter (side = 0) as was, count(*) filter (side = 1) as now'

/** SQL of how often each value occurs on either side: rows of `x`, `was` and `now`. `where` says which `x` are looked at. */
export const countedSides = (sides: Sides, where = 'true'): string =>
  `(select x, ${counts} from ${bothSides(sides)} where ${where} group by x)`

/** SQL of the number of bins that Sturges' rule gives the smaller side, for `binnedSides`: the bins of Azure ML's monitors. */
export const sturgesBins = 'greatest(1, cast(ceil(log2(greatest(n, 1)) + 1) as integer))'

/**
 * SQL of how many finite values lie in equal bins over both sides: rows of `bin` (0 for the first), `was` and `now`, and of
 * `low`, `high` and `bins`, which are the same in all rows. `bins` is SQL over `n`, how many values the smaller side has.
 */
export const binnedSides = (sides: Sides, bins: string): string =>
  `(with pair as materialized (select * from ${bothSides(sides)} where isfinite(x)),
    spread as (select min(x) as low, max(x) as high, least(count(*) filter (side = 0), count(*) filter (side = 1)) as n from pair),
    rule as (select *, ${bins} as bins from spread)
    select case when high = low then 0 else least(cast(floor((x - low) / (high - low) * bins) as integer), bins - 1) end as bin,
      ${counts}, any_value(low) as low, any_value(high) as high, any_value(bins) as bins
    from pair, rule group by bin)`
