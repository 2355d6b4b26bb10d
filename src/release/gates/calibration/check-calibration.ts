import { spreadOf, type Dependence } from '../../../statistics/comparison/dependence.ts'
import { around, twoSided, type Interval } from '../../../statistics/intervals/interval.ts'
import {
  calibrationInTheLarge,
  coxCalibration,
  observedOverExpected,
  slopeInterval,
  spiegelhalter,
} from '../../../statistics/metrics/calibration/calibration.ts'
import {
  calibrationCurve,
  calibrationNoise,
  expectedCalibrationError,
  type Binning,
  type Calibrated,
  type CalibrationBin,
} from '../../../statistics/metrics/calibration/curve.ts'
import {
  hosmerLemeshow,
  type GoodnessOfFit,
} from '../../../statistics/metrics/calibration/hosmer-lemeshow.ts'
import { mean } from '../../../statistics/metrics/rows.ts'
import { mulberry32 } from '../../../statistics/random/generator.ts'

interface Estimate extends Interval {
  readonly estimate: number
}

/** All that is known of how far probabilities of one class are what they say. */
export interface CalibrationCheck {
  readonly rows: number
  readonly positives: number
  readonly ratio: Estimate
  readonly slope: Estimate
  readonly intercept: Estimate
  readonly spiegelhalter: { readonly z: number; readonly pValue: number }
  readonly curve: readonly CalibrationBin[]
  readonly error: number
  readonly noise: number
  readonly histogram: readonly number[]
  readonly hosmerLemeshow: GoodnessOfFit
}

const bars = 20

/** Checks probabilities of a class against what came true; intervals are two-sided. */
export function checkCalibration(
  rows: Calibrated & { readonly labels: Float64Array; readonly dependence: Dependence },
  { bins, strategy, confidence }: Required<Binning> & { readonly confidence: number },
): CalibrationCheck {
  const { labels, probabilities, weights } = rows
  const alpha = 1 - confidence
  const z = twoSided(alpha)
  const cox = coxCalibration(rows)
  const large = calibrationInTheLarge(rows)
  const curve = calibrationCurve(rows, { bins, strategy }, alpha)
  const histogram = Array.from({ length: bars }, () => 0)
  for (let i = 0; i < labels.length; i++) {
    const bar = Math.min(bars - 1, Math.floor((probabilities[i] ?? 0) * bars))
    histogram[bar] = (histogram[bar] ?? 0) + 1
  }
  return {
    rows: labels.length,
    positives: labels.reduce((sum, label) => sum + label, 0),
    ratio: ratioOf(rows, weights, alpha),
    slope: { estimate: cox.slope, ...slopeInterval(cox, z) },
    intercept: { estimate: large.intercept, ...around(large.intercept, large.interceptError, z) },
    spiegelhalter: spiegelhalter(labels, probabilities),
    curve,
    error: expectedCalibrationError(curve),
    noise: calibrationNoise(curve),
    histogram,
    hosmerLemeshow: hosmerLemeshow(labels, probabilities, bins),
  }
}

/** Observed over expected by the delta method: each row moves it by `(y − R p) / p̄`. */
function ratioOf(
  rows: Calibrated & { readonly labels: Float64Array; readonly dependence: Dependence },
  weights: Calibrated['weights'],
  alpha: number,
): Estimate {
  const estimate = observedOverExpected(rows)
  const expected = mean(rows.probabilities, weights)
  const influence = rows.labels.map(
    (label, i) => (label - estimate * (rows.probabilities[i] ?? 0)) / expected,
  )
  const { below, above } = spreadOf(influence, weights, rows.dependence, {
    alpha: alpha / 2,
    random: mulberry32(1),
    replicates: 2000,
  })
  return { estimate, lower: estimate - below, upper: estimate + above }
}
