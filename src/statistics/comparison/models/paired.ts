import type { Evaluated } from '../../metrics/catalogue.ts'
import type { Column } from '../../metrics/rows.ts'

/** What the champion and the challenger said of the same rows, and what was true. */
export interface PairedRows {
  readonly labels: Column
  readonly champion: Answers
  readonly challenger: Answers
  readonly weights?: Column
  /** Number of classes, 2 unless said. */
  readonly classes?: number
}

/** One model's answers, as `Evaluated` of the metrics has them. */
export interface Answers {
  readonly predictions?: Column
  readonly scores?: Column
}

/** What a metric of both models is in one replicate. */
export interface PairedStatistic {
  readonly units: number
  readonly of: (times: Float64Array) => readonly [champion: number, challenger: number]
}

/** One model's answers with the truth. */
export function evaluated(rows: PairedRows, who: 'champion' | 'challenger'): Evaluated {
  const { labels, weights, classes } = rows
  return {
    labels,
    ...rows[who],
    ...(weights === undefined ? {} : { weights }),
    ...(classes === undefined ? {} : { classes }),
  }
}
