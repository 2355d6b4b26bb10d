import type { DatasetInput, MetricPoint, RunRecord } from '../store/tracking/run-data.ts'
import type { ExperimentWithTags } from '../store/tracking/experiments.ts'
import type { LoggedModelRecord } from '../store/tracking/logged-models.ts'
import type { NameValue } from '../store/tracking/log.ts'
import type { RunInfo } from '../store/tracking/runs.ts'
import { filled } from './protocol/message.ts'
import { registrationsOf } from './registrations.ts'

/** What the store has, as MLflow's messages. Fields without a value are undefined, and thus left out. */
export const pair = ({ name, value }: NameValue) => ({ key: name, value })

const text = (value: string | null) => (value === null || value === '' ? undefined : value)

export const presentExperiment = (experiment: ExperimentWithTags) => ({
  experiment_id: String(experiment.number),
  name: experiment.name,
  artifact_location: experiment.artifact_location,
  lifecycle_stage: experiment.lifecycle,
  creation_time: experiment.created_at,
  last_update_time: experiment.updated_at,
  tags: filled(experiment.tags.map(pair)),
})

export const presentRunInfo = (info: RunInfo) => ({
  run_uuid: info.run_id,
  run_id: info.run_id,
  run_name: info.name,
  experiment_id: String(info.experiment_number),
  user_id: info.user_id,
  status: info.status,
  start_time: info.start_time,
  end_time: info.end_time ?? undefined,
  artifact_uri: info.artifact_uri,
  lifecycle_stage: info.lifecycle,
})

export const presentRun = (run: RunRecord) => ({
  info: presentRunInfo(run.info),
  data: {
    metrics: filled(run.metrics.map(presentPoint)),
    params: filled(run.params.map(pair)),
    tags: filled(run.tags.map(pair)),
  },
  inputs: {
    dataset_inputs: filled(run.datasets.map(presentDataset)),
    model_inputs: filled(run.modelInputs.map((id) => ({ model_id: id }))),
  },
  outputs:
    run.modelOutputs.length === 0
      ? undefined
      : { model_outputs: run.modelOutputs.map((o) => ({ model_id: o.modelId, step: o.step })) },
})

/** A number as JSON has it; NaN by name. */
const number = (value: number) => (Number.isNaN(value) ? 'NaN' : value)

export const presentPoint = (point: MetricPoint) => ({
  key: point.key,
  value: number(point.value),
  timestamp: point.timestamp,
  step: point.step,
})

const presentDataset = (input: DatasetInput) => ({
  tags: filled(Object.entries(input.tags).map(([key, value]) => ({ key, value }))),
  dataset: {
    name: input.name,
    digest: input.digest,
    source_type: input.sourceType,
    source: input.source,
    schema: text(input.schema),
    profile: text(input.profile),
  },
})

export const presentLoggedModel = ({ info, params, tags, metrics }: LoggedModelRecord) => ({
  info: {
    model_id: info.model_id,
    experiment_id: String(info.experiment_number),
    name: info.name,
    creation_timestamp_ms: info.created_at,
    last_updated_timestamp_ms: info.updated_at,
    artifact_uri: info.artifact_uri,
    status: info.status,
    model_type: text(info.model_type),
    source_run_id: text(info.source_run_id),
    tags: filled(tags.map(pair)),
    registrations: registrationsOf(tags),
  },
  data: {
    params: filled(params.map(pair)),
    metrics: filled(
      metrics.map((m) => ({
        ...presentPoint(m),
        model_id: info.model_id,
        run_id: m.runId,
        dataset_name: text(m.datasetName),
        dataset_digest: text(m.datasetDigest),
      })),
    ),
  },
})
