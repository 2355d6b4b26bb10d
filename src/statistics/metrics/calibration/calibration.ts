import { around, type Interval } from '../../intervals/interval.ts'
import { normalCdf } from '../../probability/normal.ts'
import { mean, rowCount, type Column } from '../rows.ts'
import type { Calibrated } from './curve.ts'

/** Positive rows over the positive rows that the probabilities promised: above 1 the model says too little. */
export const observedOverExpected = ({ labels, probabilities, weights }: Calibrated): number =>
  mean(labels, weights) / mean(probabilities, weights)

export interface LogisticFit {
  readonly intercept: number
  readonly slope: number
  readonly interceptError: number
  readonly slopeError: number
}

/**
 * Cox's recalibration (1958): the logistic regression `logit P(y = 1) = a + b · logit p`, by maximum likelihood. A slope
 * below 1 tells of a model that is too sure. NaN where the data are separable or one class has no row.
 */
export function coxCalibration({ labels, probabilities, weights }: Calibrated): LogisticFit {
  return logisticFit(logits(probabilities), labels, weights, true)
}

/** Calibration in the large: the intercept of that regression with the slope held at 1. */
export function calibrationInTheLarge({ labels, probabilities, weights }: Calibrated): LogisticFit {
  return logisticFit(logits(probabilities), labels, weights, false)
}

const logits = (probabilities: Column) =>
  Float64Array.from(probabilities, (p) => {
    const kept = Math.min(1 - Number.EPSILON, Math.max(Number.EPSILON, p))
    return Math.log(kept / (1 - kept))
  })

const unfitted: LogisticFit = {
  intercept: Number.NaN,
  slope: Number.NaN,
  interceptError: Number.NaN,
  slopeError: Number.NaN,
}

/** Newton's method; the information matrix at its end gives the standard errors. */
function logisticFit(
  x: Float64Array,
  labels: Column,
  weights: Column | undefined,
  free: boolean,
): LogisticFit {
  const rows = rowCount({ labels, probabilities: x, weights })
  let [a, b] = [0, 1]
  for (let step = 0; step < 50; step++) {
    let [ga, gb, aa, ab, bb] = [0, 0, 0, 0, 0]
    for (let i = 0; i < rows; i++) {
      const [value, weight] = [x[i] ?? 0, weights?.[i] ?? 1]
      const p = 1 / (1 + Math.exp(-(a + b * value)))
      const [residual, information] = [weight * ((labels[i] ?? 0) - p), weight * p * (1 - p)]
      ga += residual
      gb += residual * value
      aa += information
      ab += information * value
      bb += information * value * value
    }
    if (!free) [gb, ab, bb] = [0, 0, 1]
    const determinant = aa * bb - ab * ab
    if (!(determinant > 1e-12 * aa * bb)) return unfitted
    const [da, db] = [(bb * ga - ab * gb) / determinant, (aa * gb - ab * ga) / determinant]
    a += da
    b += db
    if (Math.abs(a) > 1e3 || Math.abs(b) > 1e3) return unfitted
    if (Math.abs(da) + Math.abs(db) < 1e-12)
      return {
        intercept: a,
        slope: b,
        interceptError: Math.sqrt(bb / determinant),
        slopeError: free ? Math.sqrt(aa / determinant) : 0,
      }
  }
  return unfitted
}

/** Interval of Cox's slope; a gate accepts it if it meets .8 to 1.25. */
export const slopeInterval = ({ slope, slopeError }: LogisticFit, z: number): Interval =>
  around(slope, slopeError, z)

/**
 * Spiegelhalter's test (1986) whether probabilities are calibrated: `Σ (y − p)(1 − 2p) / √Σ (1 − 2p)² p(1 − p)`, standard
 * normal if they are. NaN where all probabilities are ½, 0 or 1.
 */
export function spiegelhalter(
  labels: Column,
  probabilities: Column,
): { readonly z: number; readonly pValue: number } {
  const rows = rowCount({ labels, probabilities })
  let [sum, variance] = [0, 0]
  for (let i = 0; i < rows; i++) {
    const p = probabilities[i] ?? Number.NaN
    sum += ((labels[i] ?? Number.NaN) - p) * (1 - 2 * p)
    variance += (1 - 2 * p) ** 2 * p * (1 - p)
  }
  const z = variance > 0 ? sum / Math.sqrt(variance) : Number.NaN
  return { z, pValue: 2 * normalCdf(-Math.abs(z)) }
}
