import { queryOptions } from '@tanstack/react-query'
import { ApiError, call } from './call.ts'
import type { Job } from './jobs.ts'
import type { ModelProperties } from './models.ts'
import type { Resource } from './resource.ts'
import type { Run } from './runs.ts'
import type { Workspace } from './workspaces.ts'

/** A model that a run logged, or that a job put out. */
export interface RunModel {
  /** As people know it: its path in the run, or the name of the output. */
  readonly label: string
  /** As the command line takes it: `runs:/…` or `azureml://jobs/…`. */
  readonly path: string
  /** Id of MLflow's logged model, of clients from 3 on. */
  readonly loggedModel?: string
  /** As the command line's `--type` has it. */
  readonly type: 'mlflow_model' | 'custom_model' | 'triton_model'
  /** What it is registered as already. */
  readonly registrations: readonly { readonly name: string; readonly version: string }[]
}

interface LoggedModel {
  readonly info: {
    readonly model_id: string
    readonly name: string
    readonly status: string
    readonly registrations?: RunModel['registrations']
  }
}

const outputTypes: Readonly<Record<string, RunModel['type']>> = {
  mlflow_model: 'mlflow_model',
  custom_model: 'custom_model',
  triton_model: 'triton_model',
}

/** Models among what a job put out. */
export const modelsOfOutputs = (
  name: string,
  outputs: Job['properties']['outputs'] = {},
): readonly RunModel[] =>
  Object.entries(outputs).flatMap(([label, { jobOutputType }]) => {
    const type = outputTypes[jobOutputType?.toLowerCase() ?? '']
    return type === undefined
      ? []
      : [{ label, type, path: `azureml://jobs/${name}/outputs/${label}`, registrations: [] }]
  })

/** Models that MLflow's clients before 3 logged: their paths stand in a tag. What cannot be read is none. */
export function modelsOfHistory({ info, data }: Run): readonly RunModel[] {
  const text = data.tags?.find(({ key }) => key === 'mlflow.log-model.history')?.value ?? '[]'
  try {
    const history = JSON.parse(text) as readonly { readonly artifact_path?: string }[]
    const paths = history.flatMap(({ artifact_path: path }) => (path === undefined ? [] : [path]))
    return [...new Set(paths)].map((label) => ({
      label,
      type: 'mlflow_model',
      path: `runs:/${info.run_id}/${label}`,
      registrations: [],
    }))
  } catch {
    return []
  }
}

/** The models of a run that can be registered, those that it logged last first. */
export const runModelsQuery = (workspace: Workspace, run: Run, outputs: Job['properties']['outputs']) =>
  queryOptions({
    queryKey: [
      'mlflow',
      workspace.id,
      'models of run',
      run.info.run_id,
      run.info.status,
      Object.keys(outputs ?? {}),
    ],
    queryFn: async ({ signal }): Promise<readonly RunModel[]> => {
      const { run_id: id, experiment_id: experiment } = run.info
      const { models = [] } = await call<{ models?: readonly LoggedModel[] }>(
        `${workspace.mlflow}/api/2.0/mlflow/logged-models/search`,
        {
          method: 'POST',
          signal,
          body: { experiment_ids: [experiment], filter: `source_run_id = '${id}'`, max_results: 100 },
        },
      )
      const logged = models
        .filter(({ info }) => info.status === 'LOGGED_MODEL_READY')
        .map(({ info }): RunModel => ({
          label: info.name,
          type: 'mlflow_model',
          path: `runs:/${id}/${info.name}`,
          loggedModel: info.model_id,
          registrations: info.registrations ?? [],
        }))
      const known = new Set(logged.map(({ label }) => label))
      const older = modelsOfHistory(run).filter(({ label }) => !known.has(label))
      return [...logged, ...older, ...modelsOfOutputs(id, outputs)]
    },
  })

export interface Registration {
  readonly name: string
  readonly description: string
  readonly tags: Readonly<Record<string, string>>
}

/**
 * Registers a model as the next version of that name, which is made if there is none, and answers with the version. What a
 * run logged goes by MLflow's API, which remembers at the logged model what it became; outputs of jobs by Azure ML's.
 */
export async function registerModel(
  workspace: Workspace,
  runId: string,
  model: RunModel,
  registration: Registration,
): Promise<string> {
  return model.path.startsWith('runs:')
    ? registerLogged(workspace, runId, model, registration)
    : registerOutput(workspace, model, registration)
}

async function registerLogged(
  workspace: Workspace,
  runId: string,
  model: RunModel,
  { name, description, tags }: Registration,
): Promise<string> {
  const post = <T>(path: string, body: object) =>
    call<T>(`${workspace.mlflow}/api/2.0/mlflow/${path}`, { method: 'POST', body })
  try {
    await post('registered-models/create', { name })
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== 'RESOURCE_ALREADY_EXISTS') throw error
  }
  const { model_version: made } = await post<{ readonly model_version: { readonly version: string } }>(
    'model-versions/create',
    {
      name,
      source: model.path,
      run_id: runId,
      ...(model.loggedModel === undefined ? {} : { model_id: model.loggedModel }),
      ...(description === '' ? {} : { description }),
      tags: Object.entries(tags).map(([key, value]) => ({ key, value })),
    },
  )
  return made.version
}

async function registerOutput(
  workspace: Workspace,
  { path, type }: RunModel,
  { name, description, tags }: Registration,
): Promise<string> {
  const id = `${workspace.id}/models/${name}`
  const properties = { modelUri: path, modelType: type, tags, ...(description === '' ? {} : { description }) }
  for (;;) {
    const version = await nextVersion(id)
    try {
      const headers = { 'if-none-match': '*' }
      await call(`${id}/versions/${version}`, { method: 'PUT', headers, body: { properties } })
      return version
    } catch (error) {
      // Somebody else has taken the number in between.
      if (!(error instanceof ApiError) || (error.status !== 409 && error.status !== 412)) throw error
    }
  }
}

async function nextVersion(id: string): Promise<string> {
  try {
    const { properties } = await call<Resource<ModelProperties & { readonly nextVersion?: string }>>(id)
    return properties.nextVersion ?? '1'
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return '1'
    throw error
  }
}
