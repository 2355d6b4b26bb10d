import { queryOptions } from '@tanstack/react-query'
import { call, respond } from './call.ts'
import { keyOf } from './queries.ts'
import type { Resource } from './resource.ts'
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
  readonly files: readonly ArtifactFile[]
  /** What its MLmodel file says, if it has one. */
  readonly model: ModelFile | undefined
  readonly urlOf: (path: string) => string
}

/** The files of a version and what its MLmodel says: signature, size, versions of what it was made with. */
export const contentQuery = (workspace: Workspace, name: string, version: string) =>
  queryOptions({
    queryKey: ['mlflow', workspace.id, 'model-content', name, version],
    queryFn: async ({ client, signal }): Promise<ModelContent> => {
      const folder = await client.ensureQueryData(folderQuery(workspace, name, version))
      const proxy = `${workspace.mlflow}/api/2.0/mlflow-artifacts/artifacts`
      const urlOf = (path: string) => `${proxy}/${folder ?? ''}/${path}`
      if (folder === null) return { files: [], model: undefined, urlOf }
      const { files = [] } = await call<{ files?: readonly ArtifactFile[] }>(proxy, {
        signal,
        query: { path: folder },
      })
      const isThere = files.some(({ path }) => path === 'MLmodel')
      const text = isThere ? await (await respond(urlOf('MLmodel'), { signal })).text() : undefined
      return { files, model: text === undefined ? undefined : await readModelFile(text), urlOf }
    },
    staleTime: Infinity,
  })

export const setAlias = (model: string, alias: string, version: string) =>
  respond(`${model}/setAlias`, { method: 'POST', body: { alias, version } })

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

const noContent: ModelContent = { files: [], model: undefined, urlOf: (path) => path }
