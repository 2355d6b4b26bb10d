import { z } from 'zod'
import { nearest } from '../../../kernel/nearest.ts'
import { columnOrColumns, share } from '../../evaluation/parameters.ts'

/** Measures of the Responsible AI toolbox, as a plan calls them, by what they are of. */
export const balanceMeasures = {
  distribution: {
    kullback_leibler: 'kullbackLeibler',
    jensen_shannon: 'jensenShannon',
    wasserstein: 'wasserstein',
    infinity_norm: 'infinityNorm',
    total_variation: 'totalVariation',
    chi_squared: 'chiSquared',
    cross_entropy: 'crossEntropy',
  },
  gap: {
    statistical_parity: 'statisticalParity',
    pointwise_mutual_information: 'pointwiseMutualInformation',
    sorensen_dice: 'sorensenDice',
    jaccard: 'jaccard',
    kendall: 'kendall',
    log_likelihood_ratio: 'logLikelihoodRatio',
    t_test: 'tTest',
  },
  aggregate: { theil_l: 'theilL', theil_t: 'theilT', atkinson: 'atkinson' },
} as const

const names = Object.values(balanceMeasures).flatMap((of) => Object.keys(of))

/** What a plan may say of the gate `data_balance`. */
export const balanceParameters = z
  .strictObject({
    data: z.string().min(1),
    /** Columns whose values are to be balanced; several together are their combinations. */
    columns: z.preprocess(
      (value) => (typeof value === 'string' ? [value] : value),
      z.array(columnOrColumns).min(1),
    ),
    /** The column of the label, for gaps between values in how often it is favourable. */
    target: z.string().min(1).optional(),
    /** The favourable label. Default: 1, true or yes if there is one, else the last in order. */
    positive: z.union([z.string(), z.number(), z.boolean()]).optional(),
    /** The most that a measure may be; of a gap between two values, whatever its sign. */
    max: z.record(z.string(), z.number().min(0)).default({}),
    /** The least share of the rows that each value is to have. */
    min_share: share.optional(),
  })
  .superRefine(({ max, target }, context) => {
    for (const name of Object.keys(max)) {
      const near = nearest(name, names)
      const message = !names.includes(name)
        ? `'${name}' is no measure of balance.${near === undefined ? ` There are ${names.join(', ')}.` : ` Did you mean '${near}'?`}`
        : name in balanceMeasures.gap && target === undefined
          ? `'${name}' compares how often the label is favourable: say which column is the label (target)`
          : undefined
      if (message !== undefined) context.addIssue({ code: 'custom', path: ['max', name], message })
    }
  })

export type BalanceParameters = z.infer<typeof balanceParameters>
