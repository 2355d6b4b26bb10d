/*
 * What `python/twinloop_gate/predict.py` adds to the rows that it scores, and how its files are called.
 */

/** Number of the row in the data, from 0. */
export const rowColumn = 'twinloop_row'
/** What the model predicts; null where it has no answer. */
export const predictionColumn = 'twinloop_prediction'
/** Probability of the class at this place of `PredictionFacts.classes`. */
export const probabilityColumn = (place: number): string => `twinloop_probability_${place}`

export const predictionsFile = 'predictions.parquet'
export const factsFile = 'facts.json'

/** What is known of a file of predictions. */
export interface PredictionFacts {
  readonly rows: number
  /** Rows for which the model has no answer. */
  readonly failed: number
  /** The first of them. */
  readonly errors: readonly { readonly row: number; readonly error: string }[]
  /** Of a model with probabilities: its classes, in the order of their columns. */
  readonly classes: readonly (string | number | boolean)[] | null
  readonly notes: readonly string[]
}
