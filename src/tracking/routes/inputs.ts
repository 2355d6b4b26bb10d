import { errors } from '../../kernel/errors.ts'
import { experimentKeys } from '../../store/tracking/experiments.ts'
import { addDatasets, addModels, summarizeDatasets } from '../../store/tracking/inputs.ts'
import { checkLength, experimentNumber, limits } from '../protocol/limits.ts'
import { recordMade, recordRead } from '../lineage.ts'
import { int64, message, repeated, text, tag } from '../protocol/message.ts'
import { operations, route } from '../protocol/route.ts'
import { runId, theActiveRun } from './fields.ts'

const { readRuns, writeRuns } = operations
const experimentsPerSummary = 20
const datasetsPerSummary = 1000

const dataset = message({
  name: text,
  digest: text,
  source_type: text,
  source: text,
  schema: text.optional(),
  profile: text.optional(),
})

export const inputRoutes = [
  route({
    method: 'POST',
    path: '/mlflow/runs/log-inputs',
    operation: writeRuns,
    input: message({
      ...runId,
      datasets: repeated(message({ tags: repeated(tag), dataset })),
      models: repeated(message({ model_id: text })),
    }),
    async handle(input, call) {
      const run = await theActiveRun(call, input)
      const inputs = input.datasets.map(({ tags, dataset: d }, i) => ({
        tags: Object.fromEntries(
          tags.map(({ key, value }) => [
            checkLength(key, limits.inputTagKey, `datasets[${i}].tags.key`),
            checkLength(value, limits.inputTagValue, `datasets[${i}].tags.value`),
          ]),
        ),
        name: checkLength(d.name, limits.datasetName, `datasets[${i}].dataset.name`),
        digest: checkLength(d.digest, limits.datasetDigest, `datasets[${i}].dataset.digest`),
        sourceType: d.source_type,
        source: checkLength(d.source, limits.datasetSource, `datasets[${i}].dataset.source`),
        schema:
          d.schema === undefined
            ? null
            : checkLength(d.schema, limits.datasetSchema, `datasets[${i}].dataset.schema`),
        profile:
          d.profile === undefined
            ? null
            : checkLength(d.profile, limits.datasetProfile, `datasets[${i}].dataset.profile`),
      }))
      await call.platform.store.transaction(async (tx) => {
        await addDatasets(tx, run, inputs)
        await addModels(
          tx,
          run,
          'input',
          input.models.map((m) => ({ modelId: m.model_id })),
        )
        await recordRead(tx, call, run.run_id, { datasets: inputs, models: input.models })
      })
      return {}
    },
  }),
  route({
    method: 'POST',
    path: '/mlflow/runs/outputs',
    operation: writeRuns,
    input: message({ ...runId, models: repeated(message({ model_id: text, step: int64.default(0) })) }),
    async handle(input, call) {
      const run = await theActiveRun(call, input)
      const models = input.models.map((m) => ({ modelId: m.model_id, step: m.step }))
      await call.platform.store.transaction(async (tx) => {
        await addModels(tx, run, 'output', models)
        await recordMade(tx, call, run.run_id, models)
      })
      return {}
    },
  }),
  route({
    method: 'POST',
    path: '/mlflow/experiments/search-datasets',
    operation: readRuns,
    input: message({ experiment_ids: repeated(text) }),
    async handle({ experiment_ids: ids }, { platform, scope }) {
      if (ids.length === 0 || ids.length > experimentsPerSummary)
        throw errors.badRequest(
          `SearchDatasets request must specify 1 to ${experimentsPerSummary} experiment_ids. Got ${ids.length}.`,
          { target: 'experiment_ids' },
        )
      const { db } = platform.store
      const keys = [...(await experimentKeys(db, scope, ids.map(experimentNumber))).keys()]
      const found = keys.length === 0 ? [] : await summarizeDatasets(db, keys, datasetsPerSummary)
      return {
        dataset_summaries: found.map((d) => ({
          experiment_id: String(d.experiment_number),
          name: d.name,
          digest: d.digest,
          context: d.context === '' ? undefined : d.context,
        })),
      }
    },
  }),
]
