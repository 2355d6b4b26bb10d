import { fileURLToPath } from 'node:url'
import type { Json } from '../../kernel/resources/resource.ts'

/** Where Twinloop's own programs for users' environments are (`batch.py`, which scores in mini-batches). */
const pythonFolder = fileURLToPath(new URL('../../../python', import.meta.url))
/** Where the programs are that jobs run with the server's own Node (`serving/batch/query/main`, which asks in SQL). */
const programsFolder = fileURLToPath(new URL('../..', import.meta.url))

export interface VariablesOf {
  readonly job: string
  readonly rootJob: string
  readonly experiment: { readonly id: string; readonly name: string }
  readonly workspace: {
    /** Its resource id. */
    readonly id: string
    /** Its GUID. */
    readonly guid: string
    readonly subscription: string
    readonly resourceGroup: string
    readonly name: string
  }
  /** Base address of the server, as the process reaches it. */
  readonly server: string
  /** Token confined to the workspace, and when it ends. */
  readonly token: string
  readonly tokenExpires: Date
  readonly folder: string
  /** What an input is to the command: a literal's value, a path, or a URI. */
  readonly inputs: Readonly<Record<string, string>>
  readonly outputs: Readonly<Record<string, string>>
}

/**
 * The environment variables that Azure ML gives to a job, with Twinloop in the place of its services. MLflow's client
 * finds the run of the job by them, and logs to it without a word in the script.
 */
export function jobVariables(of: VariablesOf): Readonly<Record<string, string>> {
  const { job, workspace, experiment, server, token } = of
  return {
    MLFLOW_TRACKING_URI: `${server}/mlflow/v2.0${workspace.id}`,
    MLFLOW_TRACKING_TOKEN: token,
    MLFLOW_RUN_ID: job,
    MLFLOW_EXPERIMENT_ID: experiment.id,
    MLFLOW_EXPERIMENT_NAME: experiment.name,
    AZUREML_RUN_ID: job,
    AZUREML_ROOT_RUN_ID: of.rootJob,
    AZUREML_RUN_TOKEN: token,
    AZUREML_RUN_TOKEN_EXPIRY: String(Math.floor(of.tokenExpires.getTime() / 1000)),
    AZUREML_EXPERIMENT_ID: experiment.id,
    AZUREML_EXPERIMENT_SCOPE: `${workspace.id}/experiments/${experiment.name}`,
    AZUREML_WORKSPACE_ID: workspace.guid,
    AZUREML_WORKSPACE_SCOPE: workspace.id,
    AZUREML_ARM_SUBSCRIPTION: workspace.subscription,
    AZUREML_ARM_RESOURCEGROUP: workspace.resourceGroup,
    AZUREML_ARM_WORKSPACE_NAME: workspace.name,
    AZUREML_ARM_PROJECT_NAME: experiment.name,
    AZUREML_SERVICE_ENDPOINT: server,
    AZUREML_DISCOVERY_SERVICE_ENDPOINT: `${server}/discovery`,
    AZUREML_RUN_HISTORY_SERVICE_ENDPOINT: server,
    TWINLOOP_PYTHON: pythonFolder,
    TWINLOOP_NODE: process.execPath,
    TWINLOOP_PROGRAMS: programsFolder,
    AZUREML_CR_EXECUTION_WORKING_DIR_PATH: of.folder,
    AZUREML_CR_DATA_CAPABILITY_PATH: of.folder,
    AZUREML_CR_COMPUTE_CONTEXT: JSON.stringify({ cluster_name: 'local', node_id: 'local' } satisfies Json),
    AZUREML_CR_DISTRIBUTED_CONFIG: JSON.stringify({ node_count: 1, process_count: 1 } satisfies Json),
    AZUREML_CR_AZUREML_CONTEXT: JSON.stringify({
      run_id: job,
      data_container_id: `dcid.${job}`,
    } satisfies Json),
    ...prefixed('AZURE_ML_INPUT_', of.inputs),
    ...prefixed('AZUREML_DATAREFERENCE_', of.inputs),
    ...prefixed('AZURE_ML_OUTPUT_', of.outputs),
  }
}

/** Names of inputs are free, names of variables are not: what cannot stand in one becomes `_`. */
const prefixed = (prefix: string, values: Readonly<Record<string, string>>) =>
  Object.fromEntries(
    Object.entries(values).map(([name, v]) => [`${prefix}${name.replaceAll(/[^\w]/g, '_')}`, v]),
  )
