import { plural, quantity } from '../../../data/contracts/words/say.ts'
import type { Json } from '../../../kernel/resources/resource.ts'
import {
  aggregateBalance,
  distributionBalance,
  featureBalance,
  type FeatureBalance,
} from '../../../statistics/fairness/balance.ts'
import { finite, rounded, together, type Findings } from '../../evaluation/findings.ts'
import type { Measure } from '../gate.ts'
import type { Counted } from './count-values.ts'
import { balanceMeasures, type BalanceParameters } from './parameters.ts'

/** What the report of this gate shows. */
export interface BalanceDetails {
  readonly data: string
  readonly rows: number
  readonly favourable?: string
  readonly columns: readonly {
    readonly name: string
    readonly values: readonly {
      readonly value: string
      readonly rows: number
      readonly share: number
      readonly favourable?: number
    }[]
    /** The gap of the two values that are farthest apart, by measure. */
    readonly gaps: Readonly<
      Record<string, { readonly first: string; readonly second: string; readonly value: number | null }>
    >
  }[]
}

/**
 * Measures how balanced data are as the Responsible AI toolbox does, and holds the measures to a plan's limits. It is of
 * these rows as they are, so a limit is kept or not: there is nothing to be inconclusive of.
 */
export function judgeBalance(
  counted: readonly Counted[],
  parameters: BalanceParameters,
  { data, favourable }: { readonly data: string; readonly favourable?: string },
): Findings {
  const columns = counted.map((column) => ({ ...column, gaps: gapsOf(column, parameters) }))
  const measures = columns.flatMap(({ name, values, gaps }) => [
    ...ofDistribution(
      name,
      values.map(({ count }) => count),
      parameters,
    ),
    ...(favourable === undefined ? [] : ofGaps(name, gaps, parameters)),
  ])
  const verdict = together(measures.map((measure) => measure.verdict))
  const rows = (columns[0]?.values ?? []).reduce((sum, { count }) => sum + count, 0)
  const details: BalanceDetails = {
    data,
    rows,
    ...(favourable === undefined ? {} : { favourable }),
    columns: columns.map(({ name, values, gaps }) => ({
      name,
      values: values.map(({ value, count, positives }) => ({
        value,
        rows: count,
        share: rounded(count / rows),
        ...(favourable === undefined ? {} : { favourable: rounded(positives / count) }),
      })),
      gaps: Object.fromEntries(
        Object.entries(gaps).map(([measure, { first, second, value }]) => [
          measure,
          { first, second, value: finite(value) },
        ]),
      ),
    })),
  }
  return {
    verdict,
    summary: summaryOf(verdict, measures),
    measures,
    notes: [
      `Measured on ${plural(rows, 'row')} as the Responsible AI toolbox does; distributions are compared with equally frequent values.`,
      ...(verdict === 'not_applicable' ? ['The plan sets no limit: the figures inform.'] : []),
    ],
    details: details as unknown as Json,
  }
}

function ofDistribution(
  name: string,
  counts: readonly number[],
  { max, min_share: least }: BalanceParameters,
): Measure[] {
  const total = counts.reduce((sum, count) => sum + count, 0)
  const smallest = Math.min(...counts) / total
  const [distribution, aggregate] = [distributionBalance(counts), aggregateBalance(counts)]
  return [
    {
      name: `smallest_share of ${name}`,
      estimate: smallest,
      n: total,
      ...(least === undefined
        ? {}
        : {
            limit: `at least ${quantity(least)}`,
            verdict: smallest >= least ? ('pass' as const) : ('fail' as const),
          }),
    },
    ...Object.entries(balanceMeasures.distribution).map(([measure, key]) =>
      limited(measure, name, distribution[key], total, max[measure]),
    ),
    ...Object.entries(balanceMeasures.aggregate).map(([measure, key]) =>
      limited(measure, name, aggregate[key], total, max[measure]),
    ),
  ]
}

function limited(
  measure: string,
  name: string,
  value: number,
  n: number,
  most: number | undefined,
  note?: string,
): Measure {
  return {
    name: `${measure} of ${name}`,
    estimate: finite(value),
    n,
    ...(most === undefined
      ? {}
      : {
          limit: `at most ${quantity(most)}${note === undefined ? '' : ' either way'}`,
          verdict: Math.abs(value) <= most ? ('pass' as const) : ('fail' as const),
        }),
    ...(note === undefined ? {} : { note }),
  }
}

interface Gap {
  readonly first: string
  readonly second: string
  readonly value: number
}

/** Of each measure the two values that are farthest apart. */
function gapsOf({ values }: Counted, { target }: BalanceParameters): Readonly<Record<string, Gap>> {
  if (target === undefined) return {}
  const pairs = featureBalance(values)
  return Object.fromEntries(
    Object.entries(balanceMeasures.gap).flatMap(([measure, key]) => {
      const farthest = pairs.reduce<FeatureBalance | undefined>(
        (worst, pair) => (worst === undefined || Math.abs(pair[key]) > Math.abs(worst[key]) ? pair : worst),
        undefined,
      )
      return farthest === undefined
        ? []
        : [[measure, { first: farthest.first, second: farthest.second, value: farthest[key] }]]
    }),
  )
}

const ofGaps = (name: string, gaps: Readonly<Record<string, Gap>>, { max }: BalanceParameters): Measure[] =>
  Object.entries(gaps).map(([measure, { first, second, value }]) => {
    const { n: _, ...told } = limited(
      measure,
      name,
      value,
      0,
      max[measure],
      `${first} less ${second}: the farthest two.`,
    )
    return told
  })

function summaryOf(verdict: Findings['verdict'], measures: readonly Measure[]): string {
  if (verdict === 'not_applicable')
    return 'The plan sets no limit to the balance of the data: the figures inform.'
  const deciding = measures.filter((measure) => measure.verdict === verdict)
  const [first] = deciding
  if (verdict === 'pass') return `All ${plural(deciding.length, 'limit')} of balance are kept.`
  const more = deciding.length > 1 ? ` ${plural(deciding.length - 1, 'more limit')} likewise.` : ''
  return `${first?.name} is ${quantity(first?.estimate ?? Number.NaN)}, and has to be ${first?.limit}.${more}`
}
