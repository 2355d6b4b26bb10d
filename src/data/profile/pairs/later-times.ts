import type { ColumnProfile } from '../profile.ts'
import type { Sample } from './sample.ts'

export interface LaterTime {
  readonly column: string
  readonly after: string
  /** Of the rows in which both are there. */
  readonly fraction: number
}

const nearlyAlways = 0.95

/**
 * Times that in nearly every row come after another time of the same row: written down later, and so perhaps not known
 * yet when a prediction is asked for. Each is told with the earliest of those before it.
 */
export function laterTimes({ columns }: Sample, profiles: readonly ColumnProfile[]): readonly LaterTime[] {
  const times = columns.filter(
    (column) =>
      column.kind === 'numbers' &&
      profiles.some(({ name, datetime }) => name === column.name && datetime !== undefined),
  )
  return times.flatMap((later) => {
    const before = times
      .map((first) => ({ after: first.name, fraction: shareAfter(first.values, later.values) }))
      .filter(({ after, fraction }) => after !== later.name && fraction >= nearlyAlways)
      .toSorted((a, b) => b.fraction - a.fraction)[0]
    return before === undefined ? [] : [{ column: later.name, ...before }]
  })
}

function shareAfter(first: ArrayLike<number>, later: ArrayLike<number>): number {
  let [both, after] = [0, 0]
  for (let i = 0; i < first.length; i++) {
    const [a, b] = [first[i] ?? NaN, later[i] ?? NaN]
    if (Number.isNaN(a) || Number.isNaN(b)) continue
    both += 1
    if (b > a) after += 1
  }
  return both === 0 ? 0 : after / both
}
