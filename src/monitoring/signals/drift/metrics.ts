import type { SignalMetric } from '../signal.ts'
import type { FeatureDrift } from './measure.ts'

/** A metric of drift: what monitors may say of it, and where its value is found. */
export interface DriftMetric extends SignalMetric {
  readonly group: 'numerical' | 'categorical'
  /** Azure ML's own are told of every feature; the others where they are asked for. */
  readonly isAzures: boolean
  /** A chance, to be corrected where many are asked at once. */
  readonly isPValue: boolean
  /** The most that it can be. */
  readonly most?: number
  value(feature: FeatureDrift): number
  /** How it came about, where there are several ways. */
  method?(feature: FeatureDrift): string | undefined
}

interface Declared extends Omit<SignalMetric, 'group' | 'beyond'> {
  readonly isAzures?: boolean
  readonly isPValue?: boolean
  readonly most?: number
}

/** NaN where a feature is of the other kind, or could not be measured. */
const numerical = (declared: Declared, value: (drift: Numerical) => number): DriftMetric => ({
  ...rest(declared),
  group: 'numerical',
  value: ({ drift }) => (drift?.kind === 'numerical' ? value(drift) : Number.NaN),
})
const categorical = (declared: Declared, value: (drift: Categorical) => number): DriftMetric => ({
  ...rest(declared),
  group: 'categorical',
  value: ({ drift }) => (drift?.kind === 'categorical' ? value(drift) : Number.NaN),
})

type Numerical = Extract<FeatureDrift['drift'], { kind: 'numerical' }>
type Categorical = Extract<FeatureDrift['drift'], { kind: 'categorical' }>

/** A chance that is too small is beyond its threshold, a distance that is too large. */
const rest = (declared: Declared) => ({
  isAzures: false,
  isPValue: false,
  ...declared,
  beyond: declared.isPValue === true ? ('below' as const) : ('above' as const),
})

const distances = {
  jensenShannon: { name: 'jensen_shannon_distance', wire: 'JensenShannonDistance', isAzures: true, most: 1 },
  stability: { name: 'population_stability_index', wire: 'PopulationStabilityIndex', isAzures: true },
  hellinger: { name: 'hellinger_distance', wire: 'HellingerDistance', most: 1 },
  leibler: { name: 'kullback_leibler_divergence', wire: 'KullbackLeiblerDivergence' },
  variation: { name: 'total_variation_distance', wire: 'TotalVariationDistance', most: 1 },
  chebyshev: { name: 'l_infinity_distance', wire: 'LInfinityDistance', most: 1 },
} as const

/** How Wasserstein and Kolmogorov–Smirnov of many rows came about, and how much may be missing. */
const stretches = (error: (drift: Numerical) => number) => ({
  method({ drift }: FeatureDrift) {
    if (drift?.kind !== 'numerical') return undefined
    const most = error(drift)
    return most === 0 ? drift.method : `${drift.method}, at most ${most.toPrecision(2)} too low`
  },
})

/**
 * Every metric of drift. Names, thresholds where a monitor says none, and the side that is beyond are Azure ML's
 * (azure-ai-ml's `thresholds.py`, azureml-assets' `evaluate_metrics_threshold.py`); below them ours.
 */
export const driftMetrics: readonly DriftMetric[] = [
  numerical(distances.jensenShannon, (d) => d.distances.jensenShannonDistance),
  {
    ...numerical(
      {
        name: 'normalized_wasserstein_distance',
        wire: 'NormalizedWassersteinDistance',
        threshold: 0.1,
        isAzures: true,
      },
      (d) => d.normalizedWasserstein.value,
    ),
    ...stretches((d) => d.normalizedWasserstein.error),
  },
  numerical(distances.stability, (d) => d.distances.populationStabilityIndex),
  {
    ...numerical(
      {
        name: 'two_sample_kolmogorov_smirnov_test',
        wire: 'TwoSampleKolmogorovSmirnovTest',
        isPValue: true,
        isAzures: true,
      },
      (d) => d.kolmogorovSmirnov.pValue,
    ),
    ...stretches((d) => d.kolmogorovSmirnov.error),
  },
  categorical({ ...distances.jensenShannon, threshold: 0.1 }, (d) => d.distances.jensenShannonDistance),
  categorical(distances.stability, (d) => d.distances.populationStabilityIndex),
  categorical(
    { name: 'pearsons_chi_squared_test', wire: 'PearsonsChiSquaredTest', isPValue: true, isAzures: true },
    (d) => d.chiSquared.pValue,
  ),
  {
    ...numerical(
      { name: 'kolmogorov_smirnov_statistic', wire: 'KolmogorovSmirnovStatistic', most: 1 },
      (d) => d.kolmogorovSmirnov.value,
    ),
    ...stretches((d) => d.kolmogorovSmirnov.error),
  },
  ...[numerical, categorical].flatMap((of) => [
    of(distances.hellinger, (d: Numerical | Categorical) => d.distances.hellinger),
    of(distances.leibler, (d: Numerical | Categorical) => d.distances.kullbackLeibler),
    of(distances.variation, (d: Numerical | Categorical) => d.distances.totalVariation),
    of(distances.chebyshev, (d: Numerical | Categorical) => d.distances.lInfinity),
  ]),
  categorical(
    { name: 'unseen_category_rate', wire: 'UnseenCategoryRate', most: 1 },
    (d) => d.unseen.rows / (d.production.reduce((a, b) => a + b, 0) + d.others.production),
  ),
]
