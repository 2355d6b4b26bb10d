import { mean, type Column } from '../rows.ts'
import { placedArea, type PlacedArea } from './placements.ts'

/** Rows of several classes: `scores[row * classes + class]`. */
export interface MulticlassScores {
  /** Codes 0, 1, … */
  readonly labels: Column
  readonly scores: Column
  readonly classes: number
  readonly weights?: Column
}

/**
 * How areas under ROC curves of several classes become one: each class against all others, their mean (`ovr`) or by how
 * often the classes are true (`ovr_weighted`); or each pair of classes among its own rows (`ovo`, Hand & Till 2001).
 */
export type AreaAverage = 'ovr' | 'ovr_weighted' | 'ovo'

/**
 * `roc_auc_score(multi_class=…)` with how far each row moves it. Classes without rows have no area and are left out, where
 * scikit-learn refuses; NaN where fewer than two have rows.
 */
export function multiclassArea(rows: MulticlassScores, average: AreaAverage): PlacedArea {
  return average === 'ovo' ? ofPairs(rows) : ofClasses(rows, average === 'ovr_weighted')
}

function ofClasses({ labels, scores, classes, weights }: MulticlassScores, isWeighted: boolean): PlacedArea {
  const n = labels.length
  const found = Array.from({ length: classes }, (_, code) => {
    const own = Float64Array.from({ length: n }, (_, row) => Number(labels[row] === code))
    const share = mean(own, weights)
    const placed = placedArea({
      labels: own,
      scores: Float64Array.from({ length: n }, (_, row) => scores[row * classes + code] ?? Number.NaN),
      ...(weights === undefined ? {} : { weights }),
    })
    return { ...placed, own, share }
  }).filter(({ area }) => !Number.isNaN(area))
  const portion = ({ share }: { readonly share: number }) => (isWeighted ? share : 1 / found.length)
  const area = found.reduce((sum, one) => sum + portion(one) * one.area, 0)
  const influence = new Float64Array(n)
  for (const one of found)
    for (let row = 0; row < n; row++) {
      // By frequency the portions are estimates too, and rows move them.
      const moved = isWeighted ? ((one.own[row] ?? 0) - one.share) * one.area : 0
      influence[row] = (influence[row] ?? 0) + portion(one) * (one.influence[row] ?? 0) + moved
    }
  return { area: found.length < 2 ? Number.NaN : area, influence }
}

function ofPairs({ labels, scores, classes, weights }: MulticlassScores): PlacedArea {
  const n = labels.length
  const members = Array.from({ length: classes }, (_, code) =>
    Uint32Array.from({ length: n }, (_, row) => row).filter((row) => labels[row] === code),
  )
  const total = sumOf(
    weights,
    Uint32Array.from({ length: n }, (_, row) => row),
  )
  const influence = new Float64Array(n)
  let [sum, pairs] = [0, 0]
  for (let a = 0; a < classes; a++)
    for (let b = a + 1; b < classes; b++) {
      const own = Uint32Array.from([...(members[a] ?? []), ...(members[b] ?? [])])
      const scale = total / sumOf(weights, own)
      const both = [a, b].map((code) =>
        placedArea({
          labels: Float64Array.from(own, (row) => Number(labels[row] === code)),
          scores: Float64Array.from(own, (row) => scores[row * classes + code] ?? Number.NaN),
          ...(weights === undefined ? {} : { weights: Float64Array.from(own, (row) => weights[row] ?? 0) }),
        }),
      )
      const area = both.reduce((total, one) => total + one.area / 2, 0)
      if (Number.isNaN(area)) continue
      sum += area
      pairs += 1
      for (const [i, row] of own.entries())
        for (const one of both) influence[row] = (influence[row] ?? 0) + (scale * (one.influence[i] ?? 0)) / 2
    }
  return { area: pairs === 0 ? Number.NaN : sum / pairs, influence: influence.map((moved) => moved / pairs) }
}

const sumOf = (weights: Column | undefined, rows: Uint32Array) =>
  weights === undefined ? rows.length : rows.reduce((sum, row) => sum + (weights[row] ?? 0), 0)
