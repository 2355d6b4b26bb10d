import type { Session } from '../../../analytics/analytics.ts'
import { around, twoSided } from '../../../statistics/intervals/interval.ts'
import type { OutcomeRows } from '../outcomes.ts'
import { groupingSql, requireFew, segmentOf, type SegmentSet } from '../segments.ts'
import { undefinedOn, unknown, type Measured, type MeasuredSegment } from './measured.ts'

/**
 * Errors of a regression by segment, as scikit-learn has them, with intervals by the central limit theorem and, of what
 * is a function of means, the delta method: a row moves RMSE by `(e² − MSE) / (2 RMSE)`, R² by
 * `−(e² − (MSE / V)(y − ȳ)²) / V` and WAPE by `(|e| − WAPE |y|) / mean |y|`. The moments are taken about the means, so that
 * nothing cancels.
 */
export async function measureNumbers(
  session: Session,
  { view }: OutcomeRows,
  set: SegmentSet,
  confidence: number,
): Promise<readonly MeasuredSegment[]> {
  const { columns, groupBy } = groupingSql(set)
  const both = `(select ${columns} y, said - y as e from ${view} where y is not null and said is not null)`
  const on = set.columns.length === 0 ? 'on true' : `using (${set.columns.join(', ')})`
  const { rows } = await session.all(
    `with r as ${both},
      m as (select ${columns} favg(y) as my, favg(abs(y)) as ma, favg(e * e) as mse, favg(abs(e)) as mae from r ${groupBy}),
      d as (select ${columns} favg((y - my) * (y - my)) as v from r join m ${on} ${groupBy})
    select ${columns} count(*) as n, any_value(mae), any_value(mse), any_value(v), any_value(ma),
        min(abs(y)) as smallest, favg(abs(e) / greatest(abs(y), ${Number.EPSILON})) as mape,
        var_samp(abs(e)) as vae, var_samp(e * e) as vse, var_samp(abs(e) / greatest(abs(y), ${Number.EPSILON})) as vape,
        var_samp((e * e - mse / nullif(v, 0) * (y - my) * (y - my)) / nullif(v, 0)) as vr2,
        var_samp((abs(e) - mae / nullif(ma, 0) * abs(y)) / nullif(ma, 0)) as vwape, favg(e) as bias, var_samp(e) as vbias
      from r join m ${on} join d ${on} ${groupBy}`,
  )
  requireFew(set, rows.length)
  const z = twoSided(1 - confidence)
  return rows.map((row) => {
    const numbers = row.slice(set.columns.length).map((cell) => Number(cell ?? Number.NaN))
    return { segment: segmentOf(set, row), metrics: metricsOf(numbers, z) }
  })
}

/** A true value nearer to 0 makes a percentage of nothing. */
const smallestTrue = 1e-9

function metricsOf(numbers: readonly number[], z: number): ReadonlyMap<string, Measured> {
  const nan = Number.NaN
  const [n = 0, mae = nan, mse = nan, v = nan, ma = nan, smallest = nan, mape = nan] = numbers
  const [vae = nan, vse = nan, vape = nan, vr2 = nan, vwape = nan, bias = nan, vbias = nan] = numbers.slice(7)
  if (n === 0) {
    const nothing = undefinedOn(0, 'No row has a label and a prediction.')
    return new Map(['mae', 'mse', 'rmse', 'r2', 'mape', 'wape', 'bias'].map((metric) => [metric, nothing]))
  }
  const rmse = Math.sqrt(mse)
  const of = (value: number, variance: number, method = 'central limit theorem'): Measured => ({
    value,
    n,
    ...(Number.isNaN(variance) ? unknown : around(value, Math.sqrt(variance / n), z)),
    method,
  })
  const delta = 'delta method'
  return new Map<string, Measured>([
    ['mae', of(mae, vae)],
    ['mse', of(mse, vse)],
    ['rmse', of(rmse, rmse === 0 ? 0 : vse / (4 * mse), delta)],
    [
      'r2',
      n < 2
        ? undefinedOn(n, 'One row tells no R².')
        : v === 0
          ? { ...of(mse === 0 ? 1 : 0, nan), note: 'All true values are the same.' }
          : of(1 - mse / v, vr2, delta),
    ],
    [
      'mape',
      smallest < smallestTrue
        ? undefinedOn(n, 'A true value is 0, of which no error is a percentage: look at wape.')
        : of(mape, vape),
    ],
    ['wape', ma > 0 ? of(mae / ma, vwape, delta) : undefinedOn(n, 'All true values are 0.')],
    ['bias', of(bias, vbias)],
  ])
}
