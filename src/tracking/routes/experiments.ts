import { errors } from '../../kernel/errors.ts'
import {
  createExperiment,
  deleteExperimentTag,
  findExperimentByName,
  renameExperiment,
  searchExperiments,
  setExperimentLifecycle,
  setExperimentTags,
  withTags,
  type Experiment,
} from '../../store/tracking/experiments.ts'
import { experimentArtifacts, proxiedPath, safePath } from '../artifact-paths.ts'
import { presentExperiment } from '../present.ts'
import { checkKey, checkLength, limits, pageSize } from '../protocol/limits.ts'
import { int64, message, repeated, text, tag } from '../protocol/message.ts'
import { isOffset, pageToken, readPageToken } from '../protocol/page-token.ts'
import { operations, route, type Call } from '../protocol/route.ts'
import { experiments as searchable } from '../search/entities.ts'
import { parseFilter, parseOrderBy } from '../search/parse.ts'
import { lifecycles, theExperiment, viewType } from './fields.ts'

const { readExperiments, writeExperiments, deleteExperiments } = operations

const search = {
  operation: readExperiments,
  path: '/mlflow/experiments/search',
  input: message({
    max_results: int64.optional(),
    page_token: text.optional(),
    filter: text.optional(),
    order_by: repeated(text),
    view_type: viewType.default('ACTIVE_ONLY'),
  }),
  async handle(input: SearchInput, { platform, scope }: Call) {
    const limit = pageSize(input.max_results, { default: 1000, max: limits.experimentsPerPage })
    const offset = readPageToken(input.page_token, isOffset)?.offset ?? 0
    const found = await searchExperiments(platform.store.db, {
      scope,
      lifecycles: lifecycles(input.view_type),
      conditions: parseFilter(searchable, input.filter),
      orderings: parseOrderBy(searchable, input.order_by),
      limit: limit + 1,
      offset,
    })
    return {
      experiments: found.slice(0, limit).map(presentExperiment),
      next_page_token: pageToken(found.length > limit ? { offset: offset + limit } : undefined),
    }
  },
}

interface SearchInput {
  readonly max_results?: number | undefined
  readonly page_token?: string | undefined
  readonly filter?: string | undefined
  readonly order_by: readonly string[]
  readonly view_type: 'ACTIVE_ONLY' | 'DELETED_ONLY' | 'ALL'
}

export const experimentRoutes = [
  route({
    method: 'POST',
    path: '/mlflow/experiments/create',
    operation: writeExperiments,
    input: message({ name: text, artifact_location: text.optional(), tags: repeated(tag) }),
    async handle({ name, artifact_location, tags }, { platform, scope, now }) {
      if (name === '')
        throw errors.badRequest('Invalid value "" for parameter \'name\' supplied: Name must not be empty.')
      const proxied = proxiedPath(artifact_location ?? '')
      if (proxied !== undefined) safePath(proxied)
      const created = await platform.store.transaction((tx) =>
        createExperiment(tx, {
          scope,
          name: checkLength(name, limits.experimentName, 'name'),
          artifactLocation: artifact_location || experimentArtifacts,
          tags: tags.map(checkedTag),
          now,
        }),
      )
      if (created === undefined)
        throw errors.conflict(`Experiment(name=${name}) already exists.`, { target: 'name' })
      return { experiment_id: String(created.number) }
    },
  }),
  route({
    method: 'GET',
    path: '/mlflow/experiments/get',
    operation: readExperiments,
    input: message({ experiment_id: text }),
    handle: async ({ experiment_id }, call) => shown(call, await theExperiment(call, experiment_id)),
  }),
  route({
    method: 'GET',
    path: '/mlflow/experiments/get-by-name',
    operation: readExperiments,
    input: message({ experiment_name: text }),
    async handle({ experiment_name }, call) {
      const found = await findExperimentByName(call.platform.store.db, call.scope, experiment_name)
      if (found === undefined)
        throw errors.notFound(`Could not find experiment with name '${experiment_name}'`, {
          target: 'experiment_name',
        })
      return shown(call, found)
    },
  }),
  route({ ...search, method: 'POST' }),
  route({ ...search, method: 'GET' }),
  route({
    method: 'POST',
    path: '/mlflow/experiments/update',
    operation: writeExperiments,
    input: message({ experiment_id: text, new_name: text }),
    async handle({ experiment_id, new_name }, call) {
      const experiment = await theActiveExperiment(call, experiment_id)
      const name = checkLength(new_name, limits.experimentName, 'new_name')
      const renamed = await call.platform.store.transaction((tx) =>
        renameExperiment(tx, experiment, name, call.now),
      )
      if (!renamed) throw errors.conflict(`Experiment(name=${name}) already exists.`, { target: 'new_name' })
      return {}
    },
  }),
  route({
    method: 'POST',
    path: '/mlflow/experiments/delete',
    operation: deleteExperiments,
    input: message({ experiment_id: text }),
    async handle({ experiment_id }, call) {
      const { key } = await theActiveExperiment(call, experiment_id)
      await call.platform.store.transaction((tx) => setExperimentLifecycle(tx, key, 'deleted', call.now))
      return {}
    },
  }),
  route({
    method: 'POST',
    path: '/mlflow/experiments/restore',
    operation: writeExperiments,
    input: message({ experiment_id: text }),
    async handle({ experiment_id }, call) {
      const { key, lifecycle } = await theExperiment(call, experiment_id)
      if (lifecycle !== 'deleted')
        throw errors.badRequest(
          `The experiment ${experiment_id} must be in the 'deleted' state. Current state is active.`,
        )
      await call.platform.store.transaction((tx) => setExperimentLifecycle(tx, key, 'active', call.now))
      return {}
    },
  }),
  route({
    method: 'POST',
    path: '/mlflow/experiments/set-experiment-tag',
    operation: writeExperiments,
    input: message({ experiment_id: text, key: text, value: text.default('') }),
    async handle({ experiment_id, key, value }, call) {
      const experiment = await theActiveExperiment(call, experiment_id)
      await setExperimentTags(call.platform.store.db, experiment.key, [checkedTag({ key, value })])
      return {}
    },
  }),
  route({
    method: 'POST',
    path: '/mlflow/experiments/delete-experiment-tag',
    operation: writeExperiments,
    input: message({ experiment_id: text, key: text }),
    async handle({ experiment_id, key }, call) {
      const experiment = await theActiveExperiment(call, experiment_id)
      if (await deleteExperimentTag(call.platform.store.db, experiment.key, key)) return {}
      throw errors.notFound(`No tag with name: ${key} in experiment with id ${experiment_id}`, {
        target: 'key',
      })
    },
  }),
]

async function shown({ platform }: Call, experiment: Experiment) {
  const [complete] = await withTags(platform.store.db, [experiment])
  return { experiment: presentExperiment(complete ?? { ...experiment, tags: [] }) }
}

/** Throws if there is none, or it is deleted. */
async function theActiveExperiment(call: Call, id: string): Promise<Experiment> {
  const experiment = await theExperiment(call, id)
  if (experiment.lifecycle === 'active') return experiment
  throw errors.badRequest(`The experiment ${id} must be in the 'active' state. Current state is deleted.`, {
    target: 'experiment_id',
  })
}

const checkedTag = ({ key, value }: { readonly key: string; readonly value: string }) => ({
  name: checkKey(key, 'key'),
  value: checkLength(value, limits.experimentTagValue, 'value'),
})
