import { listing, percent, plural, quantity } from '../../../data/contracts/words/say.ts'
import { errors } from '../../../kernel/errors.ts'
import type { Json } from '../../../kernel/resources/resource.ts'
import type { DisparityInterval } from '../../../statistics/fairness/bootstrap.ts'
import { groupsOf, type Groups } from '../../../statistics/fairness/groups.ts'
import type { GroupRows } from '../../../statistics/fairness/rates.ts'
import { finite, intervalOf, together, type Findings, type Judged } from '../../evaluation/findings.ts'
import { listed } from '../../evaluation/parameters.ts'
import { requireClass } from '../../evaluation/rows/classes.ts'
import type { EvaluationRows } from '../../evaluation/rows/read-rows.ts'
import { groupingOf } from '../champion/slices.ts'
import type { GateVerdict, Measure } from '../gate.ts'
import { featureDetails, type FairnessDetails } from './details.ts'
import { judgeDisparity, type DisparityFinding, type Judging } from './judge-disparity.ts'
import { limitOf, type FairnessParameters } from './parameters.ts'

/** More groups than this are no groups of people. */
const mostGroups = 200

/** Judges how groups are treated, by fairlearn's figures with confidence. Pure. Throws a validation error of a regression. */
export function evaluateFairness(
  rows: EvaluationRows,
  parameters: FairnessParameters,
  judged: Judged,
): Findings {
  const { own, champion, positive } = favourable(rows, parameters)
  const sets = featureSets(parameters)
  const found = sets.map((names) => {
    const groups = groupsOf(names.map((name) => groupingOf(name, rows.columns.get(name))))
    if (groups.names.length > mostGroups)
      throw errors.validation(
        `${names.join(' and ')} divides the rows into ${groups.names.length} groups: more than ${mostGroups} cannot be judged.`,
      )
    const disparities = Object.entries(parameters.metrics).map(([metric, limit]) =>
      judgeDisparity(metric, {
        rows: own,
        champion,
        groups,
        limit: limitOf(metric, limit),
        confidence: parameters.confidence,
        minimumRows: parameters.min_group_size,
        reference: parameters.reference,
        seed: judged.seed,
      } satisfies Judging),
    )
    return { names, groups, disparities, isPair: isIntersection(parameters, names) }
  })
  const measures = found.flatMap(({ names, groups, disparities, isPair }) => [
    ...disparities.flatMap((finding) => measuresOf(finding, names, parameters, isPair)),
    ...groupMeasures(disparities, groups),
  ])
  const verdict = together(measures.map((measure) => measure.verdict))
  const details: FairnessDetails = {
    data: judged.data,
    candidate: judged.candidate,
    ...(judged.champion === undefined ? {} : { champion: judged.champion }),
    rows: rows.rows,
    positive,
    features: found.map(({ names, groups, disparities }) =>
      featureDetails(names, groups, disparities, own, champion),
    ),
  }
  const judgedLeast = Math.min(...details.features.map(({ judgedShare }) => judgedShare))
  return {
    verdict,
    summary: summaryOf(verdict, measures),
    measures,
    notes: [
      `Figures are fairlearn's, of ${plural(rows.rows, 'row')}, with '${positive}' as the favourable prediction; each group is compared with ${parameters.reference === 'rest' ? 'all other rows' : 'the largest group'} at ${percent(parameters.confidence)} confidence.`,
      ...(judgedLeast < 1
        ? [
            `Groups with fewer than ${parameters.min_group_size} rows, or too few events, are told and not judged: ${details.features
              .filter(({ judgedShare }) => judgedShare < 1)
              .map(({ name, judgedShare }) => `of ${name} ${percent(1 - judgedShare)} of the rows`)
              .join(', ')}.`,
          ]
        : []),
      ...rows.notes,
      ...rows.candidate.notes,
      ...(rows.candidate.failed > 0
        ? [
            `The candidate has no answer to ${plural(rows.candidate.failed, 'row')}: there it is taken to be wrong.`,
          ]
        : []),
      'Equal rates of errors and equal calibration cannot all hold where groups differ in how often the label is true.',
    ],
    details: details as unknown as Json,
  }
}

/** Labels and predictions as 1 for the favourable class and 0 for every other. */
function favourable(rows: EvaluationRows, { positive }: FairnessParameters) {
  const { task, classes, labels, candidate, champion, weights } = rows
  if (task === 'regression')
    throw errors.validation(
      'Fairness is judged by classes, and this is a regression: its target has numbers.',
    )
  if (task === 'multiclass' && positive === undefined)
    throw errors.validation(
      `There are ${classes.length} classes (${listing(classes)}): say which one is favourable (positive).`,
    )
  const name = positive === undefined ? (classes[1] ?? '') : requireClass(classes, positive)
  const code = classes.indexOf(name)
  const of = (column: Float64Array) => column.map((value) => Number(value === code))
  const own: GroupRows = {
    labels: of(labels),
    predictions: of(candidate.predictions),
    ...(weights === undefined ? {} : { weights }),
  }
  return { own, champion: champion === undefined ? undefined : of(champion.predictions), positive: name }
}

/** Each declared feature or combination, and all pairs of single ones. */
function featureSets({
  sensitive_features: declared,
  intersections,
}: FairnessParameters): readonly (readonly string[])[] {
  const own = declared.map(listed)
  const single = own.filter((names) => names.length === 1).flat()
  const pairs = intersections ? single.flatMap((a, i) => single.slice(i + 1).map((b) => [a, b])) : []
  const keys = new Set(own.map((names) => names.toSorted().join('\0')))
  return [...own, ...pairs.filter((pair) => !keys.has(pair.toSorted().join('\0')))]
}

const isIntersection = ({ sensitive_features: declared }: FairnessParameters, names: readonly string[]) =>
  !declared.some((feature) => listed(feature).join('\0') === names.join('\0'))

function measuresOf(
  { metric, limit, value, champion, change, verdict, why }: DisparityFinding,
  names: readonly string[],
  { confidence, not_worse_than: notWorse, margin }: FairnessParameters,
  isPair: boolean,
): Measure[] {
  const name = `${metric} by ${names.join(' and ')}`
  const bootstrap = 'percentile bootstrap; verdict by the groups’ intervals'
  // Pairs that nobody declared are judged where they can be: that their cells are small says nothing of the model.
  const isBare = isPair && verdict === 'inconclusive' && why.startsWith('Fewer than two groups')
  const own: Measure = {
    name,
    estimate: finite(value.estimate),
    ...intervalOf(value, confidence),
    method: bootstrap,
    limit: limit.of === 'ratio' ? `at least ${quantity(limit.value)}` : `at most ${quantity(limit.value)}`,
    bound: limit.of === 'ratio' ? { min: limit.value } : { max: limit.value },
    ...(isBare ? {} : { verdict }),
    note: why,
  }
  if (champion === undefined || change === undefined) return [own]
  return [
    own,
    {
      name,
      of: 'champion',
      estimate: finite(champion.estimate),
      ...intervalOf(champion, confidence),
      method: bootstrap,
    },
    {
      name,
      of: 'difference',
      estimate: finite(change.estimate),
      ...intervalOf(change, confidence),
      method: 'paired bootstrap',
      ...(notWorse === undefined
        ? {}
        : {
            limit:
              limit.of === 'ratio'
                ? `not below the champion's by more than ${quantity(margin)}`
                : `not above the champion's by more than ${quantity(margin)}`,
            bound: limit.of === 'ratio' ? { min: 0 - margin } : { max: margin },
            verdict: changeVerdict(change, margin, limit.of === 'ratio'),
          }),
    },
  ]
}

function changeVerdict({ lower, upper }: DisparityInterval, margin: number, isRatio: boolean): GateVerdict {
  const [least, most] = isRatio ? [-upper, -lower] : [lower, upper]
  return most <= margin ? 'pass' : least > margin ? 'fail' : 'inconclusive'
}

/** A release shows so many of its groups' rates; its details have all. */
const mostGroupMeasures = 60

/** The judged rates of the groups, told. */
function groupMeasures(disparities: readonly DisparityFinding[], { features }: Groups): Measure[] {
  const rates = new Map(
    disparities.flatMap(({ rates }) => rates.map(({ kind, report }) => [kind, report] as const)),
  )
  const all = [...rates].flatMap(([kind, { groups }]) =>
    groups
      .filter(({ hidden }) => !hidden)
      .map(({ group, rate, interval, trials }): Measure => ({
        name: kind,
        slice: Object.fromEntries(features.map((feature, i) => [feature, group[i] ?? ''])),
        estimate: finite(rate),
        ...intervalOf(interval, 0.95),
        n: trials,
        method: 'Wilson',
      })),
  )
  return all.slice(0, mostGroupMeasures)
}

function summaryOf(verdict: GateVerdict, measures: readonly Measure[]): string {
  const deciding = measures.filter((measure) => measure.verdict === verdict)
  const [first] =
    verdict === 'pass' ? deciding.toSorted((a, b) => (b.estimate ?? 0) - (a.estimate ?? 0)) : deciding
  if (first === undefined) return 'No group could be judged.'
  const { name, estimate, limit, note } = first
  const more =
    verdict !== 'pass' && deciding.length > 1
      ? ` ${plural(deciding.length - 1, 'more measure')} likewise.`
      : ''
  return `${name} is ${estimate === null ? 'undefined' : quantity(estimate)}, and has to be ${limit}. ${note ?? ''}${more}`.trim()
}
