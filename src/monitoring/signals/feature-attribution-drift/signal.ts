import { z } from 'zod'
import { percent } from '../../../data/contracts/words/say.ts'
import { ndcgScore } from '../../../statistics/metrics/ranking/ndcg.ts'
import { toldColumn } from '../../populations/roles.ts'
import type { SignalResult, SignalValue } from '../../results/result.ts'
import { noSegments } from '../no-segments.ts'
import type { MonitorMistake, Signal, SignalCheck, SignalContext } from '../signal.ts'
import { compare, type Attributions, type Compared } from './attributions.ts'
import { servedAttributions } from './served.ts'
import { surrogateAttributions } from './surrogates.ts'

const parameters = z.strictObject({
  /**
   * Whose: of a surrogate that learns the target anew on each side, as Azure ML has it, or beyond Azure of the served model
   * itself, whose ranking moves with its inputs alone.
   */
  attributions: z.enum(['surrogate', 'model']).default('surrogate'),
})

const metric = 'normalized_discounted_cumulative_gain'

/** Whether the model goes by the same features as it did in training. */
export const featureAttributionDrift: Signal<z.infer<typeof parameters>> = {
  kind: 'feature_attribution_drift',
  signalType: 'FeatureAttributionDrift',
  summary: 'Whether the features that matter most are those that mattered most in the training data.',
  parameters,
  reference: 'required',
  metrics: [{ name: metric, wire: 'NormalizedDiscountedCumulativeGain', beyond: 'below' }],

  check: (given, context) => Promise.resolve([...noSegments(context.planned), ...lacking(given, context)]),

  async advance({ attributions }, context) {
    const [reference, production] = [
      await context.populations.reference(),
      await context.populations.production(),
    ]
    const ask = attributions === 'model' ? servedAttributions : surrogateAttributions
    const found = await ask(context, reference, production)
    if (found === undefined) return { doing: 'asks what the model goes by' }
    return { result: judge(found, context) }
  },
}

/** What each of the two ways needs to know. */
function lacking(
  { attributions }: z.infer<typeof parameters>,
  { planned: { reference }, model }: SignalCheck,
): readonly MonitorMistake[] {
  if (attributions === 'model')
    return model === undefined
      ? [
          {
            path: ['attributions'],
            message: 'It is not known which model is watched: name it in monitoring_target.',
          },
        ]
      : []
  const isTold = reference === undefined || toldColumn(reference.columns, 'target') !== undefined
  return isTold
    ? []
    : [
        {
          path: ['reference_data', 'data_column_names'],
          message: 'The surrogate has to know what to learn: name the target_column of the training data.',
        },
      ]
}

function judge(found: Attributions, { planned }: SignalContext): SignalResult {
  const columns = compare(found)
  const gain = ndcgScore(
    columns.map(({ reference }) => reference),
    columns.map(({ production }) => production),
  )
  const lower = planned.thresholds.constant['']?.[metric]
  const common = { n: found.rows.production, referenceN: found.rows.reference, method: found.method }
  const value: SignalValue = Number.isNaN(gain)
    ? {
        metric,
        value: null,
        ...common,
        note: 'No column matters to a model of the reference: it learned nothing.',
      }
    : {
        metric,
        value: gain,
        ...common,
        ...(lower === undefined ? {} : { threshold: { lower, from: 'constant' }, breached: gain < lower }),
      }
  const each = columns.map((column): SignalValue => ({
    metric: 'feature_importance',
    feature: column.column,
    value: column.production,
    ...common,
    note: `rank ${column.ranks[1]}; in the reference rank ${column.ranks[0]} with ${percent(column.reference)}`,
  }))
  return {
    outcome: 'computed',
    values: [value, ...each],
    notes: [...found.notes, ...moves(columns)],
    details: { attributions: columns, method: found.method },
  }
}

/** The column that has come up, or gone down, the most. */
function moves(columns: readonly Compared[]): readonly string[] {
  const [most] = columns.toSorted((a, b) => distance(b) - distance(a))
  if (most === undefined || distance(most) === 0) return []
  const { column, ranks, reference, production } = most
  return [
    `'${column}' has gone from rank ${ranks[0]} (${percent(reference)} of all importance) to rank ${ranks[1]} (${percent(production)}).`,
  ]
}

const distance = ({ ranks: [before, now] }: Compared) => Math.abs(before - now)
