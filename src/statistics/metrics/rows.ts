/** A column of numbers, one a row. */
export type Column = ArrayLike<number>

/**
 * How many rows the columns have. Throws a RangeError that names the columns where they differ: rows would be compared
 * with others' labels.
 */
export function rowCount(columns: Readonly<Record<string, Column | undefined>>): number {
  const present = Object.entries(columns).flatMap(([name, column]) =>
    column === undefined ? [] : [{ name, length: column.length }],
  )
  const [first] = present
  const other = present.find(({ length }) => length !== first?.length)
  if (first !== undefined && other !== undefined)
    throw new RangeError(`${first.name} has ${first.length} rows and ${other.name} has ${other.length}.`)
  return first?.length ?? 0
}

/** Mean, weighted where weights are given: `numpy.average`. NaN of no rows, or where the weights add up to nothing. */
export function mean(values: Column, weights?: Column): number {
  let [sum, total] = [0, 0]
  for (let i = 0; i < values.length; i++) {
    const weight = weights === undefined ? 1 : (weights[i] ?? 0)
    if (weight === 0) continue
    sum += weight * (values[i] ?? Number.NaN)
    total += weight
  }
  return total > 0 ? sum / total : Number.NaN
}

/**
 * Kish's effective number of rows `(Σw)² / Σw²`: how many rows of equal weight tell as much. The number of rows where
 * all weigh the same.
 */
export function effectiveCount(weights: Column): number {
  let [sum, squares] = [0, 0]
  for (let i = 0; i < weights.length; i++) {
    sum += weights[i] ?? 0
    squares += (weights[i] ?? 0) ** 2
  }
  return squares > 0 ? sum ** 2 / squares : 0
}
