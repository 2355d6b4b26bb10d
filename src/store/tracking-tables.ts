import type { Generated } from 'kysely'

/**
 * Experiments, runs and what they log; see `tracking/`. Rows below a run, a model or an experiment name it by its
 * short `key`; the workspace stands in `scope` (its resource key) of those three. Times are milliseconds since 1970.
 */
export interface TrackingTables {
  experiments: ExperimentRow
  experiment_tags: TagRow<'experiment'>
  runs: RunRow
  run_params: TagRow<'run'>
  run_tags: TagRow<'run'>
  metric_series: MetricSeriesRow
  metrics: {
    series: number
    timestamp: number
    step: number
    /** 0 for NaN; ±1.7976931348623157e308 for ±Infinity, as MLflow keeps them. */
    value: number
    is_nan: number
  }
  datasets: DatasetRow
  run_datasets: {
    run: number
    dataset: number
    /** The tag `mlflow.data.context`, by which runs are searched; '' without one. */
    context: string
    /** Object of tags as JSON. */
    tags: string
  }
  run_models: { run: number; model_id: string; direction: 'input' | 'output'; step: number }
  logged_models: LoggedModelRow
  logged_model_params: TagRow<'model'>
  logged_model_tags: TagRow<'model'>
  logged_model_metrics: {
    model: number
    name: string
    run_id: string
    dataset_name: string
    dataset_digest: string
    value: number
    is_nan: number
    step: number
    timestamp: number
  }
}

/** A name and a value of an experiment, a run or a model. */
type TagRow<Owner extends string> = { [K in Owner]: number } & { name: string; value: string }

export type Lifecycle = 'active' | 'deleted'

export interface ExperimentRow {
  key: Generated<number>
  scope: string
  /** MLflow's experiment_id, counted from 0 (Default) in each workspace. */
  number: number
  name: string
  artifact_location: string
  lifecycle: Lifecycle
  created_at: number
  updated_at: number
}

export interface RunRow {
  key: Generated<number>
  scope: string
  run_id: string
  experiment: number
  name: string
  user_id: string
  status: RunStatus
  start_time: number
  end_time: number | null
  artifact_uri: string
  lifecycle: Lifecycle
}

export type RunStatus = 'RUNNING' | 'SCHEDULED' | 'FINISHED' | 'FAILED' | 'KILLED'

/** One metric of one run, with its latest point: the greatest by step, then timestamp, then value. */
export interface MetricSeriesRow {
  key: Generated<number>
  run: number
  name: string
  value: number
  is_nan: number
  step: number
  timestamp: number
}

export interface DatasetRow {
  key: Generated<number>
  experiment: number
  name: string
  digest: string
  source_type: string
  source: string
  schema: string | null
  profile: string | null
}

export interface LoggedModelRow {
  key: Generated<number>
  scope: string
  model_id: string
  experiment: number
  name: string
  model_type: string | null
  source_run_id: string | null
  artifact_uri: string
  status: LoggedModelStatus
  lifecycle: Lifecycle
  created_at: number
  updated_at: number
}

export type LoggedModelStatus = 'LOGGED_MODEL_PENDING' | 'LOGGED_MODEL_READY' | 'LOGGED_MODEL_UPLOAD_FAILED'
