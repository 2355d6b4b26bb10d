import { z } from 'zod'
import { plural, quantity } from '../../../data/contracts/words/say.ts'
import type { Json } from '../../../kernel/resources/resource.ts'
import { normalQuantile } from '../../../statistics/probability/normal.ts'
import type { Population, PopulationColumn } from '../../populations/population.ts'
import type { SignalValue } from '../../results/result.ts'
import { askProgram } from '../jobs/ask-program.ts'
import { sampled } from '../jobs/rows.ts'
import type { SignalContext } from '../signal.ts'
import type { MultivariateParameters } from './parameters.ts'

export const classifierMetric = 'domain_classifier_roc_auc'

const answer = z.object({
  auc: z.number(),
  variance: z.number().nullable(),
  rows: z.tuple([z.number(), z.number()]),
  gains: z.array(z.object({ column: z.string(), value: z.number() })),
})

/** Above this production can be told from the reference by more than chance and trifles. */
export const usualArea = 0.55

const confidence = 0.95

/**
 * How well a classifier tells reference and production rows apart, by a job: undefined while it runs. Beyond its threshold
 * only where the whole interval is: small windows do not cry wolf.
 */
export async function classifyDomains(
  context: SignalContext,
  {
    reference,
    production,
    columns,
  }: {
    readonly reference: Population
    readonly production: Population
    readonly columns: readonly PopulationColumn[]
  },
  { rows: most }: MultivariateParameters,
): Promise<
  | { readonly values: readonly SignalValue[]; readonly notes: readonly string[]; readonly details: Json }
  | undefined
> {
  const given = (population: Population) => ({
    population,
    columns: columns.map(({ name, kind }) => ({
      name,
      as: kind === 'categorical' ? ('text' as const) : ('number' as const),
    })),
    most,
  })
  const found = await askProgram(context, 'domain-classifier', () =>
    Promise.resolve({
      program: 'domain_classifier.py',
      ask: {
        columns: columns.map(({ name }) => name),
        categorical: columns.filter(({ kind }) => kind === 'categorical').map(({ name }) => name),
      },
      rows: { reference: given(reference), production: given(production) },
    }),
  )
  if (found === undefined) return undefined
  const { auc, variance, rows, gains } = answer.parse(found)
  const interval = intervalOf(auc, variance)
  const { constant, fromReference } = context.planned.thresholds
  // Of the reference's own chunks nothing is asked: each would be a job.
  const upper = constant['']?.[classifierMetric] ?? (fromReference === undefined ? undefined : usualArea)
  const notes = [['reference', reference] as const, ['production', production] as const].flatMap(
    ([whose, population]) =>
      sampled({ population, most })
        ? [
            `The classifier saw about ${quantity(most)} of ${plural(population.rows, `${whose} row`)}, drawn at random.`,
          ]
        : [],
  )
  return {
    values: [
      {
        metric: classifierMetric,
        value: auc,
        ...(interval === undefined ? {} : { interval }),
        n: rows[1],
        referenceN: rows[0],
        method: 'LightGBM in 5 stratified folds; DeLong on the logit',
        ...(upper === undefined
          ? {}
          : { threshold: { upper, from: 'constant' }, breached: (interval?.lower ?? auc) > upper }),
      },
    ],
    notes: [
      ...notes,
      ...(context.planned.segments.length === 0
        ? []
        : ['The classifier looks at all rows together, not at segments.']),
    ],
    details: { gains: gains.toSorted((a, b) => b.value - a.value) },
  }
}

/** On the logit, so that it stays within 0 and 1 (Pepe, 2003); undefined for an area of exactly 0 or 1. */
function intervalOf(auc: number, variance: number | null): SignalValue['interval'] {
  if (variance === null || auc <= 0 || auc >= 1) return undefined
  const logit = Math.log(auc / (1 - auc))
  const half = (normalQuantile(1 - (1 - confidence) / 2) * Math.sqrt(variance)) / (auc * (1 - auc))
  const back = (value: number) => 1 / (1 + Math.exp(-value))
  return { lower: back(logit - half), upper: back(logit + half), confidence }
}
