import type { MetricHistory } from '../../api/runs.ts'

/** What a history is drawn over. */
export const axes = { step: 'Step', relative: 'Time since its start', time: 'Time' } as const
export type Axis = keyof typeof axes

/** A point as it is drawn. */
export interface Drawn {
  readonly x: number
  readonly value: number
  readonly min: number
  readonly max: number
}

/** Points over an axis; seconds for time since the start. On a logarithmic scale only what is above zero can stand. */
export function drawnOver(history: MetricHistory, axis: Axis, isLog: boolean): readonly Drawn[] {
  const first = history.points[0]?.timestamp ?? 0
  return history.points
    .map((point) => ({
      x: axis === 'step' ? point.step : axis === 'time' ? point.timestamp : (point.timestamp - first) / 1000,
      value: point.value,
      min: point.min,
      max: point.max,
    }))
    .filter(({ min }) => !isLog || min > 0)
    .toSorted((a, b) => a.x - b.x)
}

/**
 * Exponentially weighted mean of what came before, as TensorBoard smooths: `weight` of 0 leaves values as they are. The
 * first values are not pulled towards zero, since weights are divided by their sum.
 */
export function smoothed(values: readonly number[], weight: number): readonly number[] {
  let last = 0
  let weights = 0
  return values.map((value) => {
    last = last * weight + (1 - weight) * value
    weights = weights * weight + (1 - weight)
    return last / weights
  })
}
