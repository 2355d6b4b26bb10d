import type { Trial } from '../../../api/trials.ts'
import type { ParallelAxis } from '../charts/run-options.ts'

/** Axes beside the metric: more cannot be followed. */
const mostAxes = 7
/** An axis that fewer of the trials have would leave the others out. */
const leastShare = 0.8
/** More categories than this on one axis cannot be read. */
const mostCategories = 20
/** Numbers that span so many times their least are spread evenly by their logarithms. */
const wide = 1000

export interface ParallelData {
  readonly axes: readonly ParallelAxis[]
  readonly lines: readonly (readonly (number | string)[])[]
}

/**
 * Trials as lines over the parameters that differ, in the order given, and their metric: numbers as numbers (none of them
 * missing), other parameters as categories. Trials that lack a parameter which most have are left out.
 */
export function parallelData(
  trials: readonly Trial[],
  params: readonly string[],
  metric: string,
): ParallelData {
  const ranked = trials.filter(({ value }) => value !== null)
  const chosen = params
    .flatMap((name) => {
      const texts = ranked.flatMap(({ params: { [name]: text } }) => (text === undefined ? [] : [text]))
      const distinct = new Set(texts)
      if (distinct.size < 2 || texts.length < leastShare * ranked.length) return []
      const isNumeric = texts.every((text) => text.trim() !== '' && Number.isFinite(Number(text)))
      if (!isNumeric && distinct.size > mostCategories) return []
      return [{ name, isNumeric, distinct }]
    })
    .slice(0, mostAxes)
  const axes = chosen.map(({ name, isNumeric, distinct }): ParallelAxis => {
    if (!isNumeric)
      return {
        name,
        categories: [...distinct].toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true })),
      }
    const numbers = [...distinct].map(Number)
    const least = Math.min(...numbers)
    return { name, isLogarithmic: least > 0 && Math.max(...numbers) / least >= wide }
  })
  const lines = ranked.flatMap((trial) => {
    const values = chosen.map(({ name, isNumeric }) => {
      const text = trial.params[name]
      return text === undefined ? undefined : isNumeric ? Number(text) : text
    })
    return values.every((value) => value !== undefined) ? [[...values, trial.value ?? 0]] : []
  })
  return { axes: [...axes, { name: metric }], lines }
}
