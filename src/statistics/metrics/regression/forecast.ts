import { mean, type Column } from '../rows.ts'

/**
 * Mean absolute scaled error (Hyndman & Koehler 2006): the forecast's mean absolute error over that of the naive
 * forecast "as `season` periods ago" within the training series. NaN where the training series is constant or too short.
 * Series are scored one by one, and the mean is taken.
 */
export function meanAbsoluteScaledError(meanAbsoluteError: number, training: Column, season = 1): number {
  const naive = Float64Array.from({ length: Math.max(0, training.length - season) }, (_, i) =>
    Math.abs((training[i + season] ?? Number.NaN) - (training[i] ?? Number.NaN)),
  )
  const scale = mean(naive)
  return scale > 0 ? meanAbsoluteError / scale : Number.NaN
}
