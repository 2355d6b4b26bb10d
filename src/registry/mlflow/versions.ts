import { errors } from '../../kernel/errors.ts'
import { findLoggedModel, setModelTags, completeModels } from '../../store/tracking/logged-models.ts'
import { datastorePath, proxiedUri } from '../../tracking/artifact-paths.ts'
import { registrationsOf, registrationsTag } from '../../tracking/registrations.ts'
import { pageSize } from '../../tracking/protocol/limits.ts'
import { int64, flag, message, repeated, text, tag } from '../../tracking/protocol/message.ts'
import { isOffset, pageToken, readPageToken } from '../../tracking/protocol/page-token.ts'
import { operations, route, type Call } from '../../tracking/protocol/route.ts'
import { modelVersions } from '../../tracking/search/entities.ts'
import { parseFilter, parseOrderBy } from '../../tracking/search/parse.ts'
import { versionOfAlias } from '../aliases.ts'
import { isInRegistry } from '../../kernel/resources/arm-id.ts'
import { artifactUrl } from './artifacts.ts'
import { publishLogged } from './publish-logged.ts'
import { blobFolder } from '../models.ts'
import {
  allVersions,
  allModels,
  modelId,
  putNextVersion,
  theModel,
  theVersion,
  versionId,
  versionsOf,
} from './access.ts'
import { checkedTag, tagMap } from './fields.ts'
import { factsOf, newestFirst, presentVersion, runLinkProperty, stages } from './present.ts'
import { select } from './search.ts'

const { readModels, writeModels, deleteModels } = operations
const named = { name: text, version: text }

export const modelVersionRoutes = [
  route({
    method: 'POST',
    path: '/mlflow/model-versions/create',
    operation: writeModels,
    input: message({
      name: text,
      source: text,
      run_id: text.optional(),
      tags: repeated(tag),
      run_link: text.optional(),
      description: text.optional(),
      model_id: text.optional(),
    }),
    async handle(input, call) {
      await theModel(call, input.name)
      const source = input.model_id ? `models:/${input.model_id}` : input.source
      const properties = {
        modelType: 'mlflow_model',
        modelUri: isLocal(input.source) ? refuseLocal(input.source) : source,
        ...(input.description === undefined ? {} : { description: input.description }),
        tags: tagMap(input.tags),
        properties: input.run_link ? { [runLinkProperty]: input.run_link } : {},
      }
      if (isInRegistry(call.workspace)) {
        const logged = { source, run: input.run_id || undefined, loggedModel: input.model_id || undefined }
        const { name } = await publishLogged(call, input.name, logged, { properties })
        return shown(call, input.name, name)
      }
      const version = await putNextVersion(call, input.name, {
        properties: { ...properties, ...(input.run_id ? { jobName: input.run_id } : {}) },
      })
      if (input.model_id) await rememberRegistration(call, input.model_id, input.name, version.name)
      return shown(call, input.name, version.name)
    },
  }),
  route({
    method: 'GET',
    path: '/mlflow/model-versions/get',
    operation: readModels,
    input: message(named),
    handle: ({ name, version }, call) => shown(call, name, version),
  }),
  route({
    method: 'GET',
    path: '/mlflow/registered-models/alias',
    operation: readModels,
    input: message({ name: text, alias: text }),
    async handle({ name, alias }, call) {
      const model = await theModel(call, name)
      const latest =
        alias.toLowerCase() === 'latest' ? (await versionsOf(call, name)).toSorted(newestFirst)[0] : undefined
      return shown(call, name, latest?.name ?? versionOfAlias(model, alias))
    },
  }),
  route({
    method: 'PATCH',
    path: '/mlflow/model-versions/update',
    operation: writeModels,
    input: message({ ...named, description: text.default('') }),
    handle: ({ name, version, description }, call) => change(call, name, version, { description }),
  }),
  route({
    method: 'POST',
    path: '/mlflow/model-versions/transition-stage',
    operation: writeModels,
    input: message({ ...named, stage: text, archive_existing_versions: flag.default(false) }),
    async handle({ name, version, stage, archive_existing_versions: archive }, call) {
      const wanted = stages.find((s) => s.toLowerCase() === stage.toLowerCase())
      if (wanted === undefined)
        throw errors.badRequest(
          `Invalid Model Version stage: ${stage}. Value must be one of ${stages.join(', ')}.`,
        )
      await theVersion(call, name, version)
      if (archive && wanted !== 'Staging' && wanted !== 'Production')
        throw errors.badRequest(
          `Model version transition cannot archive existing model versions because '${wanted}' is not an Active stage.`,
        )
      if (archive)
        for (const other of await versionsOf(call, name))
          if (other.name !== version && factsOf(other).stage === wanted)
            await change(call, name, other.name, { stage: 'Archived' })
      return change(call, name, version, { stage: wanted })
    },
  }),
  route({
    method: 'DELETE',
    path: '/mlflow/model-versions/delete',
    operation: deleteModels,
    input: message(named),
    async handle({ name, version }, call) {
      await theVersion(call, name, version)
      await call.platform.resources.remove(call.actor, versionId(call, name, version))
      return {}
    },
  }),
  route({
    method: 'GET',
    path: '/mlflow/model-versions/search',
    operation: readModels,
    input: message({
      filter: text.optional(),
      max_results: int64.optional(),
      order_by: repeated(text),
      page_token: text.optional(),
    }),
    async handle(input, call) {
      const limit = pageSize(input.max_results, { default: 10_000, max: 200_000 })
      const offset = readPageToken(input.page_token, isOffset)?.offset ?? 0
      const conditions = parseFilter(modelVersions, input.filter)
      const one = conditions.find(
        (c) => c.field.kind === 'attribute' && c.field.key === 'name' && c.comparator === '=',
      )
      const candidates =
        one === undefined || String(one.value) === ''
          ? await allVersions(call)
          : await versionsOf(call, String(one.value))
      const found = select(
        candidates.filter((v) => !v.archived),
        conditions,
        parseOrderBy(modelVersions, input.order_by),
        (a, b) => compareText(factsOf(a).modelName, factsOf(b).modelName) || newestFirst(a, b),
      )
      const page = found.slice(offset, offset + limit)
      const models = new Map((page.length === 0 ? [] : await allModels(call)).map((m) => [m.key, m]))
      return {
        model_versions: page.map((v) => presentVersion(v, models.get(v.parent))),
        next_page_token: pageToken(found.length > offset + limit ? { offset: offset + limit } : undefined),
      }
    },
  }),
  route({
    method: 'GET',
    path: '/mlflow/model-versions/get-download-uri',
    operation: readModels,
    input: message(named),
    async handle({ name, version }, call) {
      const uri = String((await theVersion(call, name, version)).properties['modelUri'])
      const folder = blobFolder(uri)
      if (folder === undefined) return { artifact_uri: uri }
      if (isInRegistry(call.workspace)) return { artifact_uri: artifactUrl(call, folder.path) }
      return { artifact_uri: proxiedUri(folder.which === 'artifacts' ? folder.path : datastorePath(folder)) }
    },
  }),
  route({
    method: 'POST',
    path: '/mlflow/model-versions/set-tag',
    operation: writeModels,
    input: message({ ...named, key: text, value: text.default('') }),
    handle: ({ name, version, ...given }, call) =>
      change(call, name, version, { tags: tagMap([checkedTag(given)]) }),
  }),
  route({
    method: 'DELETE',
    path: '/mlflow/model-versions/delete-tag',
    operation: writeModels,
    input: message({ ...named, key: text }),
    handle: ({ name, version, key }, call) => change(call, name, version, { tags: { [key]: null } }),
  }),
]

const compareText = (a: string, b: string) => (a === b ? 0 : a < b ? -1 : 1)

/** A path on the client's own machine, which no one else could read. */
const isLocal = (source: string) => !/^[a-z][a-z0-9+.-]+:/i.test(source) || /^file:/i.test(source)

function refuseLocal(source: string): never {
  throw errors.badRequest(
    `Invalid model version source: '${source}'. It is a local path; log the model to a run first, and register runs:/… or models:/….`,
    { target: 'source' },
  )
}

async function change(call: Call, name: string, version: string, properties: object) {
  await theVersion(call, name, version)
  await call.platform.resources.patch(call.actor, versionId(call, name, version), { properties })
  return shown(call, name, version)
}

async function shown(call: Call, name: string, version: string) {
  const found = await theVersion(call, name, version)
  return { model_version: presentVersion(found, await call.platform.resources.find(modelId(call, name))) }
}

/** The logged model says as what it was registered, as MLflow's own server makes it. */
async function rememberRegistration(call: Call, id: string, name: string, version: string) {
  await call.platform.store.transaction(async (tx) => {
    const info = await findLoggedModel(tx, call.scope, id)
    const [model] = info === undefined ? [] : await completeModels(tx, [info])
    if (model === undefined) return
    const others = (registrationsOf(model.tags) ?? []).filter((r) => r.name !== name || r.version !== version)
    const registrations = [...others, { name, version }].map((r) => ({ ...r, version: Number(r.version) }))
    await setModelTags(tx, model.info.key, [{ name: registrationsTag, value: JSON.stringify(registrations) }])
  })
}
