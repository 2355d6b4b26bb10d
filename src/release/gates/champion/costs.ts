import { quantity } from '../../../data/contracts/words/say.ts'
import { confusion, type Confusion } from '../../../statistics/metrics/classification/confusion.ts'
import {
  costPerRow,
  relativeCost,
  type Costs,
} from '../../../statistics/metrics/classification/thresholds.ts'
import type { Metric } from '../../../statistics/metrics/catalogue.ts'
import { finite } from '../../evaluation/findings.ts'
import type { EvaluationRows } from '../../evaluation/rows/read-rows.ts'
import type { Measure } from '../gate.ts'
import { heldTo } from './held-to.ts'

/** A release may cost so much more a row than the champion, as a share of its cost. */
const margin = 0.01
/** Nobody knows costs exactly: the candidate must bear up to half and twice their ratio. */
const ratios = [1, 0.5, 2] as const

/** What mistakes cost a row, by a confusion matrix. */
const costMetric = (costs: Costs): Metric => {
  const measure = (table: Confusion) => costPerRow(table, costs)
  return {
    task: 'binary',
    needs: 'predictions',
    better: 'lower',
    margin: { of: 'share', value: margin },
    kind: { of: 'confusion', measure },
    value: ({ labels, predictions = [], weights }) =>
      measure(confusion({ labels, predictions, ...(weights === undefined ? {} : { weights }) }, 2)),
  }
}

/** The candidate's cost a row held to the champion's, for the costs as given and for half and twice their ratio. */
export function costMeasures(rows: EvaluationRows, given: Costs, seed: number): readonly Measure[] {
  const demand = { not_worse_than: 'champion', confidence: 0.95 } as const
  const found = ratios.flatMap((ratio) => {
    const costs = { falsePositive: given.falsePositive, falseNegative: given.falseNegative * ratio }
    const name =
      ratio === 1 ? 'cost_per_row' : `cost_per_row (false negative ${quantity(costs.falseNegative)})`
    const { measures } = heldTo(name, costMetric(costs), demand, rows, seed)
    return ratio === 1 ? measures : measures.filter(({ of }) => of === 'difference')
  })
  const table = confusion({ labels: rows.labels, predictions: rows.candidate.predictions }, 2)
  const relative: Measure = {
    name: 'relative_cost',
    estimate: finite(relativeCost(table, given)),
    n: rows.rows,
    note: "Cost over that of the better of 'always' and 'never': below 1 the model is worth having.",
  }
  return [...found, relative]
}
