import { z } from 'zod'
import { scoringEnvironment } from '../../../release/predictions/environment.ts'
import { NoData, type Population } from '../../populations/population.ts'
import { askProgram } from '../jobs/ask-program.ts'
import type { SignalContext } from '../signal.ts'
import type { Attributions } from './attributions.ts'

/** The newest that is known to work; older ones where a model's own packages ask for them. */
const shap = 'shap>=0.44,<=0.51.0'

/** So many rows of each side are explained: means of |SHAP| settle with far fewer. */
const mostRows = 5000

const side = z.array(z.object({ column: z.string(), value: z.number() }))
const answer = z.object({
  method: z.string(),
  rows: z.object({ reference: z.number(), production: z.number() }),
  importances: z.object({ reference: side, production: side }),
  notes: z.array(z.string()),
})

/**
 * What the served model itself goes by on both sides, by a job in the model's own environment
 * (`python/twinloop_signal/attributions.py`): undefined while it runs. Throws NoData if the monitor watches no model.
 */
export async function servedAttributions(
  context: SignalContext,
  reference: Population,
  production: Population,
): Promise<Attributions | undefined> {
  const { model } = context
  if (model === undefined)
    throw new NoData(
      'It is not known which model is watched: name it in monitoring_target, or leave attributions to a surrogate.',
    )
  const found = await askProgram(context, 'attributions', async () => {
    const [, name = '', version = ''] = /\/models\/([^/]+)\/versions\/([^/]+)$/i.exec(model.id) ?? []
    return {
      program: 'attributions.py',
      ask: {
        seed: context.seed,
        ...(reference.roles.target === undefined ? {} : { target: reference.roles.target }),
      },
      rows: { reference: given(reference), production: given(production) },
      inputs: { model: { jobInputType: modelType(model.properties['modelType']), uri: model.id } },
      environment: await scoringEnvironment(
        context.platform,
        context.workspaceId,
        { id: model.id, name, version, resource: model },
        [shap],
      ),
    }
  })
  if (found === undefined) return undefined
  const { method, rows, importances, notes } = answer.parse(found)
  return { ...importances, rows, method, notes }
}

/** The model knows what it needs of the features, and of which type. */
const given = (population: Population) => ({
  population,
  columns: population.columns
    .filter(({ name }) => population.roles.features.includes(name))
    .map(({ name }) => ({ name, as: 'is' as const })),
  most: mostRows,
})

const modelType = (type: unknown): string => (typeof type === 'string' ? type : 'mlflow_model')
