import { quantity } from '../../../data/contracts/words/say.ts'
import type { Groups } from '../../../statistics/fairness/groups.ts'
import { difference, metricFrame, ratio } from '../../../statistics/fairness/metric-frame.ts'
import {
  falseNegativeRate,
  falsePositiveRate,
  selectionRate,
  trueNegativeRate,
  truePositiveRate,
  type GroupMetric,
  type GroupRows,
} from '../../../statistics/fairness/rates.ts'
import { finite, rounded } from '../../evaluation/findings.ts'
import type { GateVerdict } from '../gate.ts'
import { nameOfGroup, sizesOf, type DisparityFinding } from './judge-disparity.ts'

/** What the report of this gate shows. */
export interface FairnessDetails {
  readonly data: string
  readonly candidate: string
  readonly champion?: string
  readonly rows: number
  /** The favourable class. */
  readonly positive: string
  readonly features: readonly FeatureDetails[]
}

export interface FeatureDetails {
  /** `sex`, or `sex and race`. */
  readonly name: string
  readonly judgedShare: number
  readonly disparities: readonly ShownDisparity[]
  /** fairlearn's MetricFrame: each metric of all rows and of each group. */
  readonly frame: readonly ShownMetric[]
  /** The rates that were judged, by group, with their intervals. */
  readonly rates: readonly ShownRate[]
}

export interface ShownDisparity {
  readonly metric: string
  readonly value: number | null
  readonly limit: string
  readonly champion?: number | null
  readonly verdict: GateVerdict
  readonly why: string
}

export interface ShownMetric {
  readonly metric: string
  readonly overall: number | null
  readonly difference: number | null
  readonly ratio: number | null
  readonly groups: Readonly<Record<string, number | null>>
}

export interface ShownRate {
  readonly kind: string
  readonly overall: number | null
  readonly groups: readonly {
    readonly group: string
    readonly rows: number
    readonly rate: number | null
    readonly lower: number | null
    readonly upper: number | null
    readonly champion?: number | null
    readonly verdict: string
  }[]
}

const frames: readonly (readonly [string, GroupMetric])[] = [
  ['count', ({ labels }) => labels.length],
  ['selection_rate', selectionRate],
  ['true_positive_rate', truePositiveRate],
  ['false_positive_rate', falsePositiveRate],
  ['true_negative_rate', trueNegativeRate],
  ['false_negative_rate', falseNegativeRate],
  ['accuracy', (rows) => accuracyOf(rows)],
  ['base_rate', (rows) => selectionRate({ ...rows, predictions: rows.labels })],
]

const accuracyOf: GroupMetric = ({ labels, predictions, weights }) => {
  let [hits, total] = [0, 0]
  for (let i = 0; i < labels.length; i++) {
    const weight = weights?.[i] ?? 1
    total += weight
    if (labels[i] === predictions[i]) hits += weight
  }
  return hits / total
}

/** What the report shows of the groups of some features: fairlearn's frame, and the rates that were judged. */
export function featureDetails(
  names: readonly string[],
  groups: Groups,
  disparities: readonly DisparityFinding[],
  rows: GroupRows,
  champion: Float64Array | undefined,
): FeatureDetails {
  const sizes = sizesOf(groups)
  const isHidden = (group: readonly string[]) => (sizes.get(group.join('\0')) ?? 0) < 10
  const kinds = new Map(
    disparities.flatMap(({ rates }) => rates.map(({ kind, report }) => [kind, report] as const)),
  )
  const metricOf = new Map(frames)
  const theirs = champion === undefined ? undefined : { ...rows, predictions: champion }
  return {
    name: names.join(' and '),
    judgedShare: rounded(Math.min(...[...kinds.values()].map(({ judgedShare }) => judgedShare))),
    disparities: disparities.map(({ metric, value, limit, champion: other, verdict, why }) => ({
      metric,
      value: finite(value.estimate),
      limit: limit.of === 'ratio' ? `at least ${quantity(limit.value)}` : `at most ${quantity(limit.value)}`,
      ...(other === undefined ? {} : { champion: finite(other.estimate) }),
      verdict,
      why,
    })),
    frame: frames.map(([metric, of]) => {
      const frame = metricFrame(rows, groups, of)
      return {
        metric,
        overall: finite(frame.overall),
        difference: finite(difference(frame)),
        ratio: finite(ratio(frame)),
        groups: Object.fromEntries(
          frame.byGroup.map(({ group, value }) => [
            nameOfGroup(group),
            isHidden(group) && metric !== 'count' ? null : finite(value),
          ]),
        ),
      }
    }),
    rates: [...kinds].map(([kind, { groups: found }]) => {
      const of = metricOf.get(kind)
      const other = theirs === undefined || of === undefined ? undefined : metricFrame(theirs, groups, of)
      return {
        kind,
        overall: of === undefined ? null : finite(of(rows)),
        groups: found.map(({ group, trials, rate, interval, hidden, verdict }) => ({
          group: nameOfGroup(group),
          rows: trials,
          rate: hidden ? null : finite(rate),
          lower: hidden ? null : finite(interval.lower),
          upper: hidden ? null : finite(interval.upper),
          ...(other === undefined
            ? {}
            : {
                champion: hidden
                  ? null
                  : finite(
                      other.byGroup.find((value) => value.group.join('\0') === group.join('\0'))?.value ??
                        Number.NaN,
                    ),
              }),
          verdict,
        })),
      }
    }),
  }
}
