import { mean, rowCount, type Column } from '../rows.ts'

/** scikit-learn keeps probabilities so far from 0 and 1, that a sure mistake costs 36.04 and not infinity. */
const closest = Number.EPSILON

const clipped = (p: number) => Math.min(1 - closest, Math.max(closest, p))

/** Each row's `−ln p` of what was true; the probability is that of class 1. Its mean is the log loss. */
export function logLosses(labels: Column, probabilities: Column): Float64Array {
  const losses = new Float64Array(rowCount({ labels, probabilities }))
  for (let i = 0; i < losses.length; i++) {
    const p = clipped(probabilities[i] ?? Number.NaN)
    losses[i] = -Math.log(labels[i] === 1 ? p : 1 - p)
  }
  return losses
}

/** Each row's `(p − y)²`; the probability is that of class 1. Its mean is the Brier score. */
export function squaredProbabilityErrors(labels: Column, probabilities: Column): Float64Array {
  const losses = new Float64Array(rowCount({ labels, probabilities }))
  for (let i = 0; i < losses.length; i++)
    losses[i] = ((probabilities[i] ?? Number.NaN) - (labels[i] ?? Number.NaN)) ** 2
  return losses
}

/** Mean of `−ln p` of what was true: `log_loss` with labels 0 and 1. NaN of no rows, which scikit-learn refuses. */
export const logLoss = (labels: Column, probabilities: Column, weights?: Column): number =>
  mean(logLosses(labels, probabilities), weights)

/** Mean of `(p − y)²`: `brier_score_loss` of two classes. */
export const brierScore = (labels: Column, probabilities: Column, weights?: Column): number =>
  mean(squaredProbabilityErrors(labels, probabilities), weights)

/**
 * Each row's log loss over several classes: `probabilities[row * classes + class]` are to add up to 1 in each row; they
 * are not made to, as scikit-learn does not.
 */
export function multiclassLogLosses(labels: Column, probabilities: Column, classes: number): Float64Array {
  rowCount({ 'labels × classes': { length: labels.length * classes }, probabilities })
  return Float64Array.from(
    labels,
    (label, row) => -Math.log(clipped(probabilities[row * classes + label] ?? Number.NaN)),
  )
}

/** Each row's `Σ (p_k − y_k)²` over the classes: of two classes twice the binary one. */
export function multiclassSquaredErrors(
  labels: Column,
  probabilities: Column,
  classes: number,
): Float64Array {
  rowCount({ 'labels × classes': { length: labels.length * classes }, probabilities })
  return Float64Array.from(labels, (label, row) => {
    let sum = 0
    for (let k = 0; k < classes; k++)
      sum += ((probabilities[row * classes + k] ?? Number.NaN) - Number(k === label)) ** 2
    return sum
  })
}
