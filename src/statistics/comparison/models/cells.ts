import type { Confusion } from '../../metrics/classification/confusion.ts'
import type { Column } from '../../metrics/rows.ts'
import { drawMultinomial } from '../../random/draws.ts'
import type { Random } from '../../random/generator.ts'
import { replicatesOf, type Bootstrap } from '../../resampling/bootstrap.ts'

/**
 * Bootstraps the difference of a measure of two confusion matrices over the joint cells (truth, champion's class,
 * challenger's class). A replicate is one multinomial draw of the cells: it has the distribution of drawing rows, at a
 * cost that does not depend on how many there are. `scale` makes one number of both.
 */
export function bootstrapCells(
  rows: { readonly labels: Column; readonly champion: Column; readonly challenger: Column },
  classes: number,
  measure: (table: Confusion) => number,
  scale: (champion: number, challenger: number) => number,
  { replicates, random }: { readonly replicates: number; readonly random: Random },
): Bootstrap {
  const joint = jointCells(rows, classes)
  const [first, second] = [new Float64Array(classes ** 2), new Float64Array(classes ** 2)]
  const both = (cells: Float64Array) => {
    first.fill(0)
    second.fill(0)
    for (let cell = 0; cell < cells.length; cell++) {
      const count = cells[cell] ?? 0
      if (count === 0) continue
      const truth = Math.floor(cell / classes ** 2)
      const [a, b] = [Math.floor(cell / classes) % classes, cell % classes]
      first[truth * classes + a] = (first[truth * classes + a] ?? 0) + count
      second[truth * classes + b] = (second[truth * classes + b] ?? 0) + count
    }
    return scale(measure({ classes, cells: first }), measure({ classes, cells: second }))
  }
  const drawn = new Float64Array(joint.length)
  const values = Float64Array.from({ length: replicates }, () => {
    drawMultinomial(random, rows.labels.length, joint, drawn)
    return both(drawn)
  })
  return replicatesOf(both(joint), values)
}

function jointCells(
  { labels, champion, challenger }: { labels: Column; champion: Column; challenger: Column },
  classes: number,
): Float64Array {
  const cells = new Float64Array(classes ** 3)
  for (let i = 0; i < labels.length; i++) {
    const cell = ((labels[i] ?? 0) * classes + (champion[i] ?? 0)) * classes + (challenger[i] ?? 0)
    cells[cell] = (cells[cell] ?? 0) + 1
  }
  return cells
}
