import { randomUUID } from 'node:crypto'
import { errors } from '../../kernel/errors.ts'
import { experimentKeys } from '../../store/tracking/experiments.ts'
import {
  addModelParams,
  completeModels,
  createLoggedModel,
  deleteModelTag,
  findLoggedModel,
  searchLoggedModels,
  setModelTags,
  updateLoggedModel,
  type LoggedModelInfo,
} from '../../store/tracking/logged-models.ts'
import { loggedModelArtifacts } from '../artifact-paths.ts'
import { presentLoggedModel } from '../present.ts'
import { checkKey, experimentNumber, limits, pageSize } from '../protocol/limits.ts'
import { flag, int64, message, named, repeated, text, tag } from '../protocol/message.ts'
import { isOffset, pageToken, readPageToken } from '../protocol/page-token.ts'
import { operations, route, type Call } from '../protocol/route.ts'
import { randomRunName } from '../run-names.ts'
import { loggedModels as searchable } from '../search/entities.ts'
import { parseFilter, parseOrderBy } from '../search/parse.ts'
import { pairs, theExperiment } from './fields.ts'

const { readRuns, writeRuns, deleteRuns } = operations
const status = named({ LOGGED_MODEL_PENDING: 1, LOGGED_MODEL_READY: 2, LOGGED_MODEL_UPLOAD_FAILED: 3 })
const modelId = { model_id: text }
const path = '/mlflow/logged-models/:model_id'

export const loggedModelRoutes = [
  route({
    method: 'POST',
    path: '/mlflow/logged-models',
    operation: writeRuns,
    input: message({
      experiment_id: text,
      name: text.optional(),
      model_type: text.optional(),
      source_run_id: text.optional(),
      params: repeated(tag),
      tags: repeated(tag),
    }),
    async handle(input, call) {
      const experiment = await theExperiment(call, input.experiment_id)
      const id = `m-${randomUUID().replaceAll('-', '')}`
      await call.platform.store.transaction((tx) =>
        createLoggedModel(tx, {
          scope: call.scope,
          modelId: id,
          experiment: experiment.key,
          name: modelName(input.name),
          modelType: input.model_type ?? null,
          sourceRunId: input.source_run_id ?? null,
          artifactUri: loggedModelArtifacts(id),
          params: checked(input.params, limits.paramValue),
          tags: checked(input.tags, limits.runTagValue),
          now: call.now,
        }),
      )
      return shown(call, await theModel(call, id))
    },
  }),
  route({
    method: 'GET',
    path,
    operation: readRuns,
    input: message({ ...modelId, allow_deleted: flag.default(false) }),
    handle: async (input, call) => shown(call, await theModel(call, input.model_id, input.allow_deleted)),
  }),
  route({
    method: 'PATCH',
    path,
    operation: writeRuns,
    input: message({ ...modelId, status }),
    async handle(input, call) {
      const { key } = await theModel(call, input.model_id)
      await updateLoggedModel(call.platform.store.db, key, { status: input.status, now: call.now })
      return shown(call, await theModel(call, input.model_id))
    },
  }),
  route({
    method: 'DELETE',
    path,
    operation: deleteRuns,
    input: message(modelId),
    async handle(input, call) {
      const { key } = await theModel(call, input.model_id)
      await updateLoggedModel(call.platform.store.db, key, { lifecycle: 'deleted', now: call.now })
      return {}
    },
  }),
  route({
    method: 'PATCH',
    path: `${path}/tags`,
    operation: writeRuns,
    input: message({ ...modelId, tags: repeated(tag) }),
    async handle(input, call) {
      const { key } = await theModel(call, input.model_id)
      await setModelTags(call.platform.store.db, key, checked(input.tags, limits.runTagValue))
      return shown(call, await theModel(call, input.model_id))
    },
  }),
  route({
    method: 'DELETE',
    path: `${path}/tags/:tag_key`,
    operation: writeRuns,
    input: message({ ...modelId, tag_key: text }),
    async handle(input, call) {
      const { key } = await theModel(call, input.model_id)
      if (await deleteModelTag(call.platform.store.db, key, input.tag_key)) return {}
      throw errors.notFound(`No tag with key '${input.tag_key}' found for model with ID '${input.model_id}'.`)
    },
  }),
  route({
    method: 'POST',
    path: `${path}/params`,
    operation: writeRuns,
    input: message({ ...modelId, params: repeated(tag) }),
    async handle(input, call) {
      const { key } = await theModel(call, input.model_id)
      await addModelParams(call.platform.store.db, key, checked(input.params, limits.paramValue))
      return {}
    },
  }),
  route({
    method: 'POST',
    path: '/mlflow/logged-models/search',
    operation: readRuns,
    input: message({
      experiment_ids: repeated(text),
      filter: text.optional(),
      datasets: repeated(message({ dataset_name: text, dataset_digest: text.optional() })),
      max_results: int64.optional(),
      order_by: repeated(message({ field_name: text, ascending: flag.default(true) })),
      page_token: text.optional(),
    }),
    async handle(input, { platform, scope }) {
      const { db } = platform.store
      const limit = pageSize(input.max_results, { default: 50, max: 1000 })
      const offset = readPageToken(input.page_token, isOffset)?.offset ?? 0
      const found = await searchLoggedModels(db, {
        experiments: [
          ...(await experimentKeys(db, scope, input.experiment_ids.map(experimentNumber))).keys(),
        ],
        conditions: parseFilter(searchable, input.filter),
        orderings: parseOrderBy(
          searchable,
          input.order_by.map((o) => `${o.field_name} ${o.ascending ? 'ASC' : 'DESC'}`),
        ),
        datasets: input.datasets.map((d) => ({ name: d.dataset_name, digest: d.dataset_digest })),
        limit: limit + 1,
        offset,
      })
      return {
        models: (await completeModels(db, found.slice(0, limit))).map(presentLoggedModel),
        next_page_token: pageToken(found.length > limit ? { offset: offset + limit } : undefined),
      }
    },
  }),
]

/** Throws RESOURCE_DOES_NOT_EXIST, also for a deleted model unless it is allowed. */
export async function theModel(call: Call, id: string, allowDeleted = false): Promise<LoggedModelInfo> {
  const model = await findLoggedModel(call.platform.store.db, call.scope, id)
  if (model !== undefined && (allowDeleted || model.lifecycle === 'active')) return model
  throw errors.notFound(`Logged model with ID '${id}' not found.`, { target: 'model_id' })
}

async function shown(call: Call, info: LoggedModelInfo) {
  const [model] = await completeModels(call.platform.store.db, [info])
  return { model: model === undefined ? undefined : presentLoggedModel(model) }
}

function modelName(name: string | undefined): string {
  if (name === undefined || name === '') return randomRunName(Math.random)
  if (/[/:.%"']/.test(name))
    throw errors.badRequest(
      `Invalid model name ('${name}') provided. Model name must be a non-empty string and cannot contain the following characters: ('/', ':', '.', '%', '"', "'")`,
      { target: 'name' },
    )
  return name
}

const checked = (tags: readonly { readonly key: string; readonly value: string }[], max: number) =>
  pairs(
    tags.map(({ key, value }) => ({ key: checkKey(key, 'key'), value })),
    max,
  )
