import { listing, quantity } from '../../../data/contracts/words/say.ts'
import {
  disparityChange,
  disparityInterval,
  type DisparityInterval,
} from '../../../statistics/fairness/bootstrap.ts'
import { disparities, ratesOf, type Disparity } from '../../../statistics/fairness/disparities.ts'
import { farthestPair } from '../../../statistics/fairness/farthest-pair.ts'
import {
  judgeGroups,
  type DisparityLimit,
  type FairnessReport,
  type GroupFinding,
} from '../../../statistics/fairness/gate.ts'
import { groupRates, type RateKind } from '../../../statistics/fairness/group-rates.ts'
import type { Groups } from '../../../statistics/fairness/groups.ts'
import type { GroupRows } from '../../../statistics/fairness/rates.ts'
import { mulberry32 } from '../../../statistics/random/generator.ts'
import { together } from '../../evaluation/findings.ts'
import type { GateVerdict } from '../gate.ts'

/** A disparity among the groups of some features, with what its verdict comes of. */
export interface DisparityFinding {
  readonly metric: string
  readonly limit: DisparityLimit
  /** As fairlearn has it, over all groups. */
  readonly value: DisparityInterval
  readonly champion?: DisparityInterval
  /** How much the candidate's is above the champion's. */
  readonly change?: DisparityInterval
  readonly rates: readonly { readonly kind: RateKind; readonly report: FairnessReport }[]
  readonly verdict: GateVerdict
  readonly why: string
}

/** A group by its value, or by its values where it is of several features. */
export const nameOfGroup = (group: readonly string[]): string => group.join(' × ')

export interface Judging {
  readonly rows: GroupRows
  /** The champion's predictions of the same rows. */
  readonly champion: Float64Array | undefined
  readonly groups: Groups
  readonly limit: DisparityLimit
  readonly confidence: number
  readonly minimumRows: number
  readonly reference: 'rest' | 'largest'
  readonly seed: number
}

/**
 * Judges a disparity by the rates of its groups: fails if one is surely beyond the limit from the others (or two groups from
 * each other), passes if each is surely within it, and is inconclusive else. The number itself is fairlearn's.
 */
export function judgeDisparity(metric: string, judging: Judging): DisparityFinding {
  const { rows, champion, groups, limit, confidence, minimumRows, reference } = judging
  const alpha = 1 - confidence
  const disparity = disparities.get(metric)
  if (disparity === undefined) throw new Error(`'${metric}' is no disparity.`)
  const sizes = sizesOf(groups)
  const isTooSmall = ({ group }: { readonly group: readonly string[] }) =>
    (sizes.get(group.join('\0')) ?? 0) < minimumRows
  const rates = ratesOf(metric).map((kind) => ({
    kind,
    report: judgeGroups(groupRates(rows, groups, kind), { limit, alpha, reference, isTooSmall }),
  }))
  const findings = rates.map(({ kind, report }) => verdictOf(kind, report, limit, alpha))
  const verdict = together(findings.map((finding) => finding.verdict))
  return {
    metric,
    limit,
    rates,
    verdict,
    why: findings
      .filter((finding) => finding.verdict === verdict)
      .map(({ why }) => why)
      .join(' '),
    ...intervalsOf(disparity, rows, champion, groups, judging),
  }
}

function intervalsOf(
  disparity: Disparity,
  rows: GroupRows,
  champion: Float64Array | undefined,
  groups: Groups,
  { confidence, seed }: Judging,
) {
  // Weighted rows are drawn one by one: of many, fewer replicates have to do.
  const replicates = rows.weights !== undefined && rows.labels.length > 100_000 ? 200 : 2000
  const options = () => ({ alpha: 1 - confidence, replicates, random: mulberry32(seed) })
  const value = disparityInterval(rows, groups, disparity, options())
  if (champion === undefined) return { value }
  const predictions = { champion, challenger: Float64Array.from(rows.predictions) }
  return {
    value,
    champion: disparityInterval({ ...rows, predictions: champion }, groups, disparity, options()),
    change: disparityChange(rows, predictions, groups, disparity, options()),
  }
}

export function sizesOf({ names, codes }: Groups): ReadonlyMap<string, number> {
  const sizes = new Float64Array(names.length)
  for (const code of codes) sizes[code] = (sizes[code] ?? 0) + 1
  return new Map(names.map((name, code) => [name.join('\0'), sizes[code] ?? 0]))
}

/** How far a group is from what it is compared with: `0.18 below the others`, `0.7 times the others’`. */
function shownDisparity(estimate: number | undefined, limit: DisparityLimit): string {
  if (estimate === undefined || Number.isNaN(estimate)) return 'not comparable'
  if (limit.of === 'ratio') return `${quantity(Number(estimate.toPrecision(3)))} times the others'`
  const size = quantity(Number(Math.abs(estimate).toPrecision(3)))
  return `${size} ${estimate < 0 ? 'below' : 'above'} the others`
}

function verdictOf(
  kind: RateKind,
  { verdict, groups }: FairnessReport,
  limit: DisparityLimit,
  alpha: number,
): { readonly verdict: GateVerdict; readonly why: string } {
  const word = kind.replaceAll('_', ' ')
  const named = (wanted: GroupFinding['verdict']) =>
    listing(
      groups
        .filter((group) => group.verdict === wanted)
        .map(
          ({ group, disparity }) => `${nameOfGroup(group)} (${shownDisparity(disparity?.estimate, limit)})`,
        ),
    )
  if (verdict === 'not_applicable')
    return {
      verdict: 'inconclusive',
      why: `Fewer than two groups have rows enough to compare their ${word}.`,
    }
  if (verdict === 'fail') {
    const failing = named('fail')
    return { verdict, why: `The ${word} of ${failing} is surely beyond the limit.` }
  }
  const farthest = farthestPair(groups, limit, alpha)
  if (farthest !== undefined && farthest.verdict !== 'pass') {
    const { a, b, estimate } = farthest
    const apart = `the ${word} of ${nameOfGroup(a.group)} and ${nameOfGroup(b.group)} ${limit.of === 'ratio' ? `have a ratio of` : 'are apart by'} ${quantity(estimate)}`
    if (farthest.verdict === 'fail') return { verdict: 'fail', why: `Surely beyond the limit: ${apart}.` }
    if (verdict === 'pass')
      return {
        verdict: 'inconclusive',
        why: `Each group is within the limit of the others together, but ${apart}.`,
      }
  }
  if (verdict === 'inconclusive')
    return {
      verdict,
      why: `The interval of the ${word} of ${named('inconclusive')} has the limit within it: more rows are needed, or a waiver.`,
    }
  return { verdict, why: `The ${word} of every group is surely within the limit.` }
}
