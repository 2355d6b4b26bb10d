import { keyOf } from '../../kernel/resources/arm-id.ts'
import { errors } from '../../kernel/errors.ts'
import { pageSize, limits } from '../../tracking/protocol/limits.ts'
import { int64, message, repeated, text, tag } from '../../tracking/protocol/message.ts'
import { isOffset, pageToken, readPageToken } from '../../tracking/protocol/page-token.ts'
import { operations, route, type Call } from '../../tracking/protocol/route.ts'
import { registeredModels } from '../../tracking/search/entities.ts'
import { parseFilter, parseOrderBy } from '../../tracking/search/parse.ts'
import { allModels, allVersions, modelId, onlyIfAbsent, theModel, versionsOf } from './access.ts'
import { checkedTag, tagMap } from './fields.ts'
import { newestFirst, presentModel, presentVersion, stages, factsOf } from './present.ts'
import { select } from './search.ts'

const { readModels, writeModels, deleteModels } = operations
const name = { name: text }

const latestVersions = {
  path: '/mlflow/registered-models/get-latest-versions',
  operation: readModels,
  input: message({ ...name, stages: repeated(text) }),
  async handle(input: { readonly name: string; readonly stages: readonly string[] }, call: Call) {
    const model = await theModel(call, input.name)
    const asked = input.stages.map((s) => {
      const stage = stages.find((known) => known.toLowerCase() === s.toLowerCase())
      if (stage === undefined)
        throw errors.badRequest(
          `Invalid Model Version stage: ${s}. Value must be one of ${stages.join(', ')}.`,
        )
      return stage
    })
    const versions = (await versionsOf(call, input.name)).toSorted(newestFirst)
    const newest = (asked.length === 0 ? stages : asked).flatMap(
      (stage) => versions.find((v) => factsOf(v).stage === stage) ?? [],
    )
    return { model_versions: newest.map((v) => presentVersion(v, model)) }
  },
}

export const registeredModelRoutes = [
  route({
    method: 'POST',
    path: '/mlflow/registered-models/create',
    operation: writeModels,
    input: message({ ...name, description: text.optional(), tags: repeated(tag) }),
    async handle(input, call) {
      const properties = { ...described(input.description), tags: tagMap(input.tags) }
      const model = await onlyIfAbsent(call, modelId(call, input.name), { properties })
      if (model === undefined)
        throw errors.conflict(`Registered Model (name=${input.name}) already exists.`, { target: 'name' })
      return { registered_model: presentModel(model, []) }
    },
  }),
  route({
    method: 'GET',
    path: '/mlflow/registered-models/get',
    operation: readModels,
    input: message(name),
    handle: async (input, call) => shown(call, input.name),
  }),
  route({
    method: 'PATCH',
    path: '/mlflow/registered-models/update',
    operation: writeModels,
    input: message({ ...name, description: text.optional() }),
    handle: (input, call) => change(call, input.name, described(input.description)),
  }),
  route({
    method: 'POST',
    path: '/mlflow/registered-models/rename',
    operation: writeModels,
    input: message({ ...name, new_name: text }),
    async handle(input, call) {
      await theModel(call, input.name)
      throw errors.badRequest(
        `Models are not renamed here: '${input.name}' is part of ids that deployments and releases refer to. Register its versions under '${input.new_name}' instead (MlflowClient.copy_model_version).`,
        { target: 'new_name' },
      )
    },
  }),
  route({
    method: 'DELETE',
    path: '/mlflow/registered-models/delete',
    operation: deleteModels,
    input: message(name),
    async handle(input, call) {
      await theModel(call, input.name)
      await call.platform.resources.remove(call.actor, modelId(call, input.name))
      return {}
    },
  }),
  route({
    method: 'GET',
    path: '/mlflow/registered-models/search',
    operation: readModels,
    input: message({
      filter: text.optional(),
      max_results: int64.optional(),
      order_by: repeated(text),
      page_token: text.optional(),
    }),
    async handle(input, call) {
      const limit = pageSize(input.max_results, { default: 100, max: 1000 })
      const offset = readPageToken(input.page_token, isOffset)?.offset ?? 0
      const found = select(
        await allModels(call),
        parseFilter(registeredModels, input.filter),
        parseOrderBy(registeredModels, input.order_by),
        (a, b) => (a.name < b.name ? -1 : 1),
      )
      const page = found.slice(offset, offset + limit)
      const versions = Map.groupBy(page.length === 0 ? [] : await allVersions(call), (v) => v.parent)
      return {
        registered_models: page.map((m) => presentModel(m, versions.get(keyOf(m.id)) ?? [])),
        next_page_token: pageToken(found.length > offset + limit ? { offset: offset + limit } : undefined),
      }
    },
  }),
  route({ ...latestVersions, method: 'POST' }),
  route({ ...latestVersions, method: 'GET' }),
  route({
    method: 'POST',
    path: '/mlflow/registered-models/set-tag',
    operation: writeModels,
    input: message({ ...name, key: text, value: text.default('') }),
    handle: (input, call) => change(call, input.name, { tags: tagMap([checkedTag(input)]) }),
  }),
  route({
    method: 'DELETE',
    path: '/mlflow/registered-models/delete-tag',
    operation: writeModels,
    input: message({ ...name, key: text }),
    handle: (input, call) => change(call, input.name, { tags: { [input.key]: null } }),
  }),
  route({
    method: 'POST',
    path: '/mlflow/registered-models/alias',
    operation: writeModels,
    input: message({ ...name, alias: text, version: text }),
    async handle({ alias, version, ...input }, call) {
      await theModel(call, input.name)
      await call.platform.resources.act(call.actor, modelId(call, input.name), 'setAlias', { alias, version })
      return {}
    },
  }),
  route({
    method: 'DELETE',
    path: '/mlflow/registered-models/alias',
    operation: writeModels,
    input: message({ ...name, alias: text }),
    async handle({ alias, ...input }, call) {
      await theModel(call, input.name)
      await call.platform.resources.act(call.actor, modelId(call, input.name), 'deleteAlias', { alias })
      return {}
    },
  }),
]

const described = (description: string | undefined) => (description === undefined ? {} : { description })

async function change(call: Call, model: string, properties: object) {
  await theModel(call, model)
  const limit = limits.registryTagValue
  if (JSON.stringify(properties).length > 2 * limit)
    throw errors.badRequest(`A description or tag may have at most ${limit} characters.`)
  await call.platform.resources.patch(call.actor, modelId(call, model), { properties })
  return shown(call, model)
}

async function shown(call: Call, model: string) {
  return { registered_model: presentModel(await theModel(call, model), await versionsOf(call, model)) }
}
