import { queryOptions } from '@tanstack/react-query'
import { call, respond } from './call.ts'
import { keyOf } from './queries.ts'
import type { ModelCard } from '../../../src/release/card/card.ts'
import type { Page, Resource } from './resource.ts'
import { readLenientJson } from './lenient-json.ts'
import { readModelFile, type ModelFile } from './model-file.ts'
import type { ArtifactFile } from './runs.ts'
import type { Workspace } from './workspaces.ts'

export interface ModelProperties {
  readonly description?: string
  readonly latestVersion?: string
  readonly tags?: Readonly<Record<string, string>>
  /** Alias to version. */
  readonly aliases?: Readonly<Record<string, string>>
  readonly aliasHistory?: readonly AliasChange[]
}
export interface AliasChange {
  readonly alias: string
  readonly from: string | null
  readonly to: string | null
  readonly by: string
  readonly at: string
}
export type Model = Resource<ModelProperties>

export interface VersionProperties {
  readonly description?: string
  readonly modelType?: string
  readonly modelUri?: string
  readonly jobName?: string
  readonly stage?: string
  readonly isArchived?: boolean
  readonly tags?: Readonly<Record<string, string>>
  readonly properties?: Readonly<Record<string, string>>
  readonly flavors?: Readonly<Record<string, { readonly data?: Readonly<Record<string, string>> }>>
  readonly lineage?: {
    readonly run?: string
    readonly pipeline?: string
    readonly loggedModel?: string
    readonly data?: readonly { readonly name: string; readonly id: string }[]
  }
}
export type ModelVersion = Resource<VersionProperties>

const artifactScheme = 'mlflow-artifacts:/'

/** Where the files of a version are below MLflow's artifact proxy; undefined where they are elsewhere. */
const folderQuery = (workspace: Workspace, name: string, version: string) =>
  queryOptions({
    queryKey: ['mlflow', workspace.id, 'model-folder', name, version],
    queryFn: async ({ signal }) => {
      const { artifact_uri: uri } = await call<{ artifact_uri: string }>(
        `${workspace.mlflow}/api/2.0/mlflow/model-versions/get-download-uri`,
        { signal, query: { name, version } },
      )
      return uri.startsWith(artifactScheme) ? uri.slice(artifactScheme.length) : null
    },
    staleTime: Infinity,
  })

export interface ModelContent {
  /** Below the folder that was asked for; paths are whole. */
  readonly files: readonly ArtifactFile[]
  /** What its MLmodel file says, if it has one. */
  readonly model: ModelFile | undefined
  readonly urlOf: (path: string) => string
  /** False where its files are in a store of their own. */
  readonly isHere: boolean
}

/** Files of a folder of a version, which is '' for all of it. */
export const filesQuery = (workspace: Workspace, name: string, version: string, folder: string) =>
  queryOptions({
    queryKey: ['mlflow', workspace.id, 'model-files', name, version, folder],
    queryFn: async ({ client, signal }): Promise<Omit<ModelContent, 'model'>> => {
      const root = await client.ensureQueryData(folderQuery(workspace, name, version))
      const proxy = `${workspace.mlflow}/api/2.0/mlflow-artifacts/artifacts`
      const urlOf = (path: string) => `${proxy}/${root ?? ''}/${path}`
      if (root === null) return { files: [], urlOf, isHere: false }
      const { files = [] } = await call<{ files?: readonly ArtifactFile[] }>(proxy, {
        signal,
        query: { path: folder === '' ? root : `${root}/${folder}` },
      })
      // The server tells of paths below the folder that it was asked of.
      const inside = folder === '' ? '' : `${folder}/`
      return { files: files.map((file) => ({ ...file, path: `${inside}${file.path}` })), urlOf, isHere: true }
    },
    staleTime: Infinity,
  })

/** The files of a version and what its MLmodel says: signature, size, versions of what it was made with. */
export const contentQuery = (workspace: Workspace, name: string, version: string) =>
  queryOptions({
    queryKey: ['mlflow', workspace.id, 'model-content', name, version],
    queryFn: async ({ client, signal }): Promise<ModelContent> => {
      const content = await client.ensureQueryData(filesQuery(workspace, name, version, ''))
      if (!content.files.some(({ path }) => path === 'MLmodel')) return { ...content, model: undefined }
      const text = await (await respond(content.urlOf('MLmodel'), { signal })).text()
      return { ...content, model: await readModelFile(text) }
    },
    staleTime: Infinity,
  })

export const setAlias = (model: string, alias: string, version: string) =>
  respond(`${model}/setAlias`, { method: 'POST', body: { alias, version } })

/** The alias means nothing any more. */
export const deleteAlias = (model: string, alias: string) =>
  respond(`${model}/deleteAlias`, { method: 'POST', body: { alias } })

/** Hides a version from lists, or shows it again; refused if somebody has changed it since it was read. */
export const archiveVersion = ({ id, etag, properties }: ModelVersion, isArchived: boolean) =>
  respond(id, {
    method: 'PUT',
    body: { properties: { ...properties, isArchived } },
    ...(etag === undefined ? {} : { headers: { 'if-match': etag } }),
  })

/** Writes tags of a version over those that it has; an empty one is taken away. */
export const writeTags = (
  { id, etag, properties }: ModelVersion,
  tags: Readonly<Record<string, string | undefined>>,
) =>
  respond(id, {
    method: 'PUT',
    body: {
      properties: {
        ...properties,
        tags: Object.fromEntries(
          Object.entries({ ...properties.tags, ...tags }).filter(
            ([, value]) => value !== undefined && value !== '',
          ),
        ),
      },
    },
    ...(etag === undefined ? {} : { headers: { 'if-match': etag } }),
  })

export const deleteVersion = (id: string) => respond(id, { method: 'DELETE' })

/** Registries that one may see, in the workspace's subscription. */
export const registriesQuery = (workspace: Workspace) =>
  queryOptions({
    queryKey: keyOf({ types: ['registries'] }, 'registries'),
    queryFn: async ({ signal }) => {
      const [subscription = ''] = /^\/subscriptions\/[^/]+/i.exec(workspace.id) ?? []
      return (
        await call<Page<Resource>>(`${subscription}/providers/Microsoft.MachineLearningServices/registries`, {
          signal,
        })
      ).value
    },
  })

/** Publishes a version in a registry, for other workspaces. */
export const shareVersion = (registry: string, version: string, name: string) =>
  respond(`${registry}/import`, {
    method: 'POST',
    body: { properties: { sourceAssetId: version, destinationName: name } },
  })

/** The model card of a version, as data and as Markdown. */
export const cardQuery = (version: string) =>
  queryOptions({
    queryKey: keyOf(
      { types: ['workspaces/models', 'workspaces/models/versions', 'releasePlans/releases'] },
      'card',
      version,
    ),
    queryFn: ({ signal }) =>
      call<{ readonly card: ModelCard; readonly markdown: string }>(`${version}/card`, {
        method: 'POST',
        body: {},
        signal,
      }),
  })

/** Key of queries about aliases: they are of the model, and its versions show them. */
export const aliasKey = (model: string) => keyOf({ types: ['workspaces/models'], id: model }, 'resource')

/** The request that a model says it can answer: the input example that MLflow kept with it. Null where it has none. */
export const exampleQuery = (workspace: Workspace, model: string | undefined) =>
  queryOptions({
    queryKey: ['mlflow', workspace.id, 'model-example', model],
    queryFn: async ({ client, signal }): Promise<unknown> => {
      const [, name, version] = /\/models\/([^/]+)\/versions\/([^/]+)$/i.exec(model ?? '') ?? []
      if (name === undefined || version === undefined) return null
      const { files, urlOf } = await client
        .ensureQueryData(contentQuery(workspace, name, version))
        .catch(() => noContent)
      const file = 'serving_input_example.json'
      if (!files.some(({ path }) => path === file)) return null
      return readLenientJson(await (await respond(urlOf(file), { signal })).text())
    },
    staleTime: Infinity,
  })

const noContent: ModelContent = { files: [], model: undefined, urlOf: (path) => path, isHere: false }
