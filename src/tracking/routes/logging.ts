import { errors } from '../../kernel/errors.ts'
import type { LogEntry } from '../../store/tracking/log.ts'
import type { Point } from '../../store/tracking/metric-points.ts'
import { setRunTags } from '../../store/tracking/log.ts'
import { runTag } from '../../store/tracking/runs.ts'
import { checkKey, limits, truncated } from '../protocol/limits.ts'
import { message, repeated, text, tag } from '../protocol/message.ts'
import { operations, route, type Call } from '../protocol/route.ts'
import { metric, noRun, notActive, runId, runIdOf, theActiveRun } from './fields.ts'

const { writeRuns } = operations

/** Tag in which 2.x clients keep what models a run logged. */
const modelHistoryTag = 'mlflow.log-model.history'

export const loggingRoutes = [
  route({
    method: 'POST',
    path: '/mlflow/runs/log-metric',
    operation: writeRuns,
    input: message({ ...runId, ...metricFields() }),
    handle: (input, call) => log(call, runIdOf(input), { points: [asPoint(input, 'key')] }),
  }),
  route({
    method: 'POST',
    path: '/mlflow/runs/log-parameter',
    operation: writeRuns,
    input: message({ ...runId, key: text, value: text.default('') }),
    handle: (input, call) => log(call, runIdOf(input), { params: [asParam(input, 'key')] }),
  }),
  route({
    method: 'POST',
    path: '/mlflow/runs/set-tag',
    operation: writeRuns,
    input: message({ ...runId, key: text, value: text.default('') }),
    handle: (input, call) => log(call, runIdOf(input), { tags: [asTag(input, 'key')] }),
  }),
  route({
    method: 'POST',
    path: '/mlflow/runs/log-batch',
    operation: writeRuns,
    input: message({ ...runId, metrics: repeated(metric), params: repeated(tag), tags: repeated(tag) }),
    handle(input, call) {
      const { metrics, params, tags } = input
      atMost(metrics.length, limits.metricsPerBatch, 'metrics')
      atMost(params.length, limits.paramsPerBatch, 'params')
      atMost(tags.length, limits.tagsPerBatch, 'tags')
      atMost(metrics.length + params.length + tags.length, limits.itemsPerBatch, 'metrics, params, and tags')
      return log(call, runIdOf(input), {
        points: metrics.map((m, i) => asPoint(m, `metrics[${i}].name`)),
        params: params.map((p, i) => asParam(p, `params[${i}].key`)),
        tags: tags.map((t, i) => asTag(t, `tags[${i}].key`)),
      })
    },
  }),
  route({
    method: 'POST',
    path: '/mlflow/runs/log-model',
    operation: writeRuns,
    input: message({ ...runId, model_json: text }),
    async handle(input, call) {
      const model = readModelJson(input.model_json)
      const run = await theActiveRun(call, input)
      await call.platform.store.transaction(async (tx) => {
        const history = JSON.parse((await runTag(tx, run.key, modelHistoryTag)) ?? '[]') as object[]
        await setRunTags(tx, [[run.key, modelHistoryTag, JSON.stringify([...history, model])]])
      })
      return {}
    },
  }),
]

/** Logs, and answers only when it is committed. */
async function log(call: Call, id: string, what: Omit<LogEntry, 'scope' | 'runId'>): Promise<object> {
  const outcome = await call.runLog.append({ scope: call.scope, runId: id, ...what })
  switch (outcome.kind) {
    case 'logged':
      return {}
    case 'no run':
      throw noRun(id)
    case 'deleted run':
      throw notActive(id)
    case 'param conflict':
      throw errors.badRequest(
        `Changing param values is not allowed. Param with key='${outcome.name}' was already logged with value='${outcome.before}' for run ID='${id}'. Attempted logging new value '${outcome.now}'.`,
        { target: outcome.name },
      )
  }
}

function atMost(count: number, max: number, what: string) {
  if (count > max)
    throw errors.badRequest(
      `A batch logging request can contain at most ${max} ${what}. Got ${count} ${what}. Please split up ${what} across multiple requests and try again.`,
    )
}

function metricFields() {
  // zod 4 keeps an object's shape behind its preprocessing pipe.
  return metric.out.shape
}

type MetricInput = { [K in 'model_id' | 'dataset_name' | 'dataset_digest']?: string | undefined } & {
  readonly key: string
  readonly value: number
  readonly timestamp: number
  readonly step: number
}

const asPoint = (m: MetricInput, parameter: string): Point => ({
  key: checkKey(m.key, parameter),
  value: m.value,
  timestamp: m.timestamp,
  step: m.step,
  modelId: m.model_id,
  datasetName: m.dataset_name,
  datasetDigest: m.dataset_digest,
})

const asParam = ({ key, value }: { key: string; value: string }, parameter: string) => ({
  name: checkKey(key, parameter),
  value: truncated(value, limits.paramValue),
})

const asTag = ({ key, value }: { key: string; value: string }, parameter: string) => ({
  name: checkKey(key, parameter),
  value: truncated(value, limits.runTagValue),
})

const modelFields = ['artifact_path', 'flavors', 'utc_time_created', 'run_id']

function readModelJson(json: string): object {
  let model: unknown
  try {
    model = JSON.parse(json)
  } catch (error) {
    throw errors.badRequest(`Malformed model info: it is not JSON (${(error as Error).message}).`, {
      target: 'model_json',
    })
  }
  const missing = modelFields.filter((f) => typeof model !== 'object' || model === null || !(f in model))
  if (missing.length === 0) return model as object
  throw errors.badRequest(`Model json is missing mandatory fields: ${missing.join(', ')}`, {
    target: 'model_json',
  })
}
