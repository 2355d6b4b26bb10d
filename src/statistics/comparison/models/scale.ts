import type { Metric } from '../../metrics/catalogue.ts'

/** How both values of a metric become one difference, above 0 being better. */
export interface Scale {
  readonly of: (champion: number, challenger: number) => number
  /** The metric's own margin in that scale. */
  readonly margin: number
  /** What a small change of the metric at a value is worth in that scale. */
  readonly slope: (value: number) => number
}

/**
 * The metric's unit, or the logarithm of the ratio where the margin is one of it and both errors are above 0; turned round
 * where lower is better.
 */
export function scaleOf({ better, margin }: Metric, champion: number, challenger: number): Scale {
  const sign = better === 'higher' ? 1 : -1
  if (margin.of === 'log_ratio' && champion > 0 && challenger > 0)
    return {
      of: (a, b) => sign * (Math.log(b) - Math.log(a)),
      margin: Math.log1p(margin.value),
      slope: (value) => sign / value,
    }
  return {
    of: (a, b) => sign * (b - a),
    margin: margin.of === 'difference' ? margin.value : margin.value * Math.abs(champion),
    slope: () => sign,
  }
}
