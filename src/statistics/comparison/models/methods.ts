import { confusion } from '../../metrics/classification/confusion.ts'
import type { Evaluated, Metric } from '../../metrics/catalogue.ts'
import type { Column } from '../../metrics/rows.ts'
import { normalQuantile } from '../../probability/normal.ts'
import type { Random } from '../../random/generator.ts'
import {
  bcaInterval,
  bootstrap,
  bootstrapError,
  jackknife,
  percentileInterval,
  type Bootstrap,
} from '../../resampling/bootstrap.ts'
import { littleBootstraps } from '../../resampling/little-bootstraps.ts'
import { delong } from '../delong.ts'
import { spreadOf, unitsOf, type Dependence } from '../dependence.ts'
import type { Difference } from '../verdict.ts'
import { bootstrapCells } from './cells.ts'
import type { PairedStatistic } from './paired.ts'
import { bootstrapScores, pairedScores } from './scores.ts'
import type { Scale } from './scale.ts'

export interface Case {
  readonly champion: Evaluated
  readonly challenger: Evaluated
  readonly n: number
  readonly scale: Scale
  readonly estimate: number
}

export interface Settings {
  readonly alpha: number
  readonly replicates: number
  readonly random: Random
  readonly dependence: Dependence
}

export type Bounds = Pick<Difference, 'lower' | 'upper' | 'standardError' | 'method' | 'warnings'>

/** Of more rows scores are drawn as a histogram, and metrics that only rows can tell from subsets. */
export const manyRows = 20_000
/** Of so few units the replicates are skew enough to be corrected for it. */
const skew = 1000

/** One-sided bounds of the difference by the method that the kind of the metric, the weights and the dependence allow. */
export function intervalOf({ kind, value }: Metric, pair: Case, settings: Settings): Bounds {
  const isPlain = settings.dependence.by === 'row' && pair.champion.weights === undefined
  switch (kind.of) {
    case 'losses': {
      const centred = (rows: Evaluated) => {
        const centre = value(rows)
        return kind.losses(rows).map((loss) => loss - centre)
      }
      return linear(value, centred, pair, settings)
    }
    case 'means':
      return linear(value, kind.influence, pair, settings)
    case 'confusion': {
      if (!isPlain) return resampled(byRows(value, pair, settings.dependence), pair, settings)
      const said = columns(pair, 'predictions')
      const { classes } = confusion(
        { labels: said.champion, predictions: said.challenger },
        pair.champion.classes,
      )
      const boot = bootstrapCells(said, classes, kind.measure, pair.scale.of, settings)
      return percentiles(boot, settings.alpha, 'multinomial bootstrap of joint cells')
    }
    case 'scores': {
      const said = columns(pair, 'scores')
      if (isPlain && kind.isArea) return byDeLong(said, pair, settings)
      if (isPlain && pair.n > manyRows) {
        const boot = bootstrapScores(said, kind.measure, pair.scale.of, settings)
        return percentiles(boot, settings.alpha, 'Poisson bootstrap of joint scores')
      }
      const { weights } = pair.champion
      const rows = { ...said, ...(weights === undefined ? {} : { weights }) }
      return resampled(pairedScores(rows, kind.measure, unitsOf(settings.dependence, pair.n)), pair, settings)
    }
    case 'rows':
      if (settings.dependence.by === 'row' && pair.n > manyRows) return bySubsets(value, pair, settings)
      return resampled(byRows(value, pair, settings.dependence), pair, settings)
  }
}

/** Paired means, and what is linear in them near its value. */
function linear(
  value: Metric['value'],
  influence: (rows: Evaluated) => Float64Array,
  { champion, challenger, scale, estimate }: Case,
  settings: Settings,
): Bounds {
  const of = (rows: Evaluated) => {
    const slope = scale.slope(value(rows))
    return influence(rows).map((moved) => slope * moved)
  }
  const [a, b] = [of(champion), of(challenger)]
  const difference = b.map((moved, i) => moved - (a[i] ?? 0))
  const { standardError, below, above } = spreadOf(
    difference,
    champion.weights,
    settings.dependence,
    settings,
  )
  const methods = {
    row: 'paired differences, central limit theorem',
    stratum: 'paired differences within strata, central limit theorem',
    cluster: 'paired differences by cluster, Student t',
    time: 'moving-block bootstrap of paired differences',
  } as const
  return {
    lower: estimate - below,
    upper: estimate + above,
    standardError,
    method: methods[settings.dependence.by],
    warnings: [],
  }
}

interface Columns {
  readonly labels: Column
  readonly champion: Column
  readonly challenger: Column
}

const columns = ({ champion, challenger }: Case, of: 'predictions' | 'scores'): Columns => ({
  labels: champion.labels,
  champion: champion[of] ?? [],
  challenger: challenger[of] ?? [],
})

function byDeLong(
  { labels, champion, challenger }: Columns,
  { estimate }: Case,
  { alpha }: Settings,
): Bounds {
  const { standardError } = delong(labels, champion, challenger)
  const reach = normalQuantile(1 - alpha) * standardError
  return {
    lower: estimate - reach,
    upper: estimate + reach,
    standardError,
    method: 'DeLong',
    warnings: [],
  }
}

/** Any metric that takes weights: how often a unit is drawn is a weight of its rows. */
function byRows(
  value: Metric['value'],
  { champion, challenger, n }: Case,
  dependence: Dependence,
): PairedStatistic {
  const units = unitsOf(dependence, n)
  const weights = new Float64Array(n)
  const own = champion.weights
  return {
    units: units.count,
    of: (times) => {
      for (let i = 0; i < n; i++) weights[i] = (times[units.of?.[i] ?? i] ?? 0) * (own?.[i] ?? 1)
      return [value({ ...champion, weights }), value({ ...challenger, weights })]
    },
  }
}

/** Any metric of many rows: replicates of small subsets, each weighed as if it were all. */
function bySubsets(
  value: Metric['value'],
  { champion, challenger, n, scale, estimate }: Case,
  settings: Settings,
): Bounds {
  const taken = (column: Column, rows: Uint32Array) =>
    Float64Array.from(rows, (row) => column[row] ?? Number.NaN)
  const of = (rows: Uint32Array) => {
    const own = champion.weights === undefined ? undefined : taken(champion.weights, rows)
    const labels = taken(champion.labels, rows)
    const [a, b] = [champion, challenger].map(({ predictions = [] }) => taken(predictions, rows))
    const weights = new Float64Array(rows.length)
    return (times: Float64Array) => {
      for (let i = 0; i < times.length; i++) weights[i] = (times[i] ?? 0) * (own?.[i] ?? 1)
      const of = (predictions: Float64Array | undefined) =>
        value({ labels, weights, predictions: predictions ?? [] })
      return scale.of(of(a), of(b))
    }
  }
  const { alpha, random } = settings
  return {
    ...littleBootstraps(of, n, estimate, { alpha: 2 * alpha, random }),
    method: 'bag of little bootstraps',
    warnings: [],
  }
}

function resampled(statistic: PairedStatistic, { n, scale }: Case, settings: Settings): Bounds {
  const { scheme } = unitsOf(settings.dependence, n)
  const of = (times: Float64Array) => scale.of(...statistic.of(times))
  const boot = bootstrap(of, statistic.units, { ...settings, scheme })
  const methods = {
    row: 'rows',
    stratum: 'rows within strata',
    cluster: 'clusters',
    time: 'blocks of periods',
  } as const
  const drawn = `bootstrap of ${methods[settings.dependence.by]}`
  if (statistic.units > skew || settings.dependence.by === 'time')
    return percentiles(boot, settings.alpha, drawn)
  const { degenerate, ...bounds } = bcaInterval(boot, jackknife(of, statistic.units), 2 * settings.alpha)
  return {
    ...bounds,
    standardError: bootstrapError(boot),
    method: `BCa ${drawn}`,
    warnings: degenerate
      ? ['All replicates lie on one side of the estimate: percentiles are shown.']
      : undefinedOf(boot),
  }
}

const percentiles = (boot: Bootstrap, alpha: number, method: string): Bounds => ({
  ...percentileInterval(boot, 2 * alpha),
  standardError: bootstrapError(boot),
  method,
  warnings: undefinedOf(boot),
})

const undefinedOf = ({ undefinedCount, replicates }: Bootstrap) =>
  undefinedCount === 0
    ? []
    : [`${undefinedCount} of ${undefinedCount + replicates.length} replicates have no value.`]
