import { resolve } from '../../../data/resolve.ts'
import type { Json } from '../../../kernel/resources/resource.ts'
import { bareEnvironment, scoringEnvironment } from '../../predictions/environment.ts'
import { digestOfPrograms, modelStep, rowsStep, textOr, type Role } from '../../predictions/steps.ts'
import type { GateContext, ReleasedModel } from '../gate.ts'
import type { ExplanationsParameters } from './parameters.ts'

/** The newest that is known to work; older ones where a model's own packages ask for them. */
const shap = 'shap>=0.44,<=0.51.0'

const programs = ['explain.py', 'shapley.py', 'predict.py'].map((file) => `twinloop_gate/${file}`)

/** Whom the job asks, by the names of its steps. */
export const rolesOf = ({
  candidate,
  champion,
}: Pick<GateContext, 'candidate' | 'champion'>): readonly (readonly [Role, ReleasedModel])[] => [
  ['candidate', candidate],
  ...(champion === undefined || champion.id === candidate.id ? [] : [['champion', champion] as const]),
]

/** The pipeline job that explains candidate and champion on the same rows, each in its own environment, as it is put. */
export async function explanationJob(
  { data, target, positive, rows, repeats, shap: wanted }: ExplanationsParameters,
  context: GateContext,
): Promise<Json> {
  const { platform, workspaceId, seed } = context
  const { asset } = await resolve(platform, workspaceId, data)
  const dataType = textOr(asset?.properties['dataType'], 'uri_folder')
  const variables = {
    TWINLOOP_PROGRAM_DIGEST: await digestOfPrograms(...programs, 'twinloop_batch/scorers.py'),
    TWINLOOP_EXPLAIN: JSON.stringify({ target, positive, rows, repeats, seed, shap: wanted }),
  }
  const models: Record<string, Json> = {}
  const steps: Record<string, Json> = {}
  for (const [role, model] of rolesOf(context)) {
    const type = textOr(model.resource.properties['modelType'], 'mlflow_model')
    models[role] = { jobInputType: type, uri: model.id }
    steps[role] = modelStep({
      role,
      type,
      program: 'explain.py',
      output: 'conclusion',
      environment: await scoringEnvironment(platform, workspaceId, model, wanted ? [shap] : []),
      variables,
    })
  }
  return {
    jobType: 'Pipeline',
    inputs: { data: { jobInputType: dataType, uri: asset?.id ?? data }, ...models },
    outputs: {},
    settings: {},
    jobs: { rows: rowsStep(dataType, await bareEnvironment(platform, workspaceId)), ...steps },
  }
}
