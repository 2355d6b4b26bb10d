import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Client, Json } from '../client/client.ts'
import { isModelType } from '../references/collect.ts'
import type { Resolved } from '../references/resolve.ts'
import { uploadCode, uploadData } from '../upload/assets.ts'
import { guidOf } from '../upload/upload.ts'
import { environmentBody } from '../bodies/assets.ts'
import type { PathOf } from '../bodies/values.ts'
import { isLocalPath } from '../yaml/checks/check.ts'
import { localFile } from '../yaml/graph.ts'
import { loadFile } from '../yaml/load-file.ts'
import type { InlineEnvironment } from '../yaml/shapes/values.ts'
import type { Source } from '../yaml/source.ts'

/** Name under which Azure's SDK keeps environments that have none, by hash. */
const anonymousEnvironment = 'CliV2AnonymousEnvironment'

/** Uploads and registers what files refer to, each thing once. */
export type Assembler = ReturnType<typeof makeAssembler>

export function makeAssembler(client: Client, resolved: Resolved) {
  const done = new Map<string, Promise<string>>()
  const once = (key: string, work: () => Promise<string>) => {
    const known = done.get(key) ?? work()
    done.set(key, known)
    return known
  }

  /** Id of code at a path (or of code that is registered); undefined for none. */
  async function code(
    given: string | undefined,
    source: Source,
    includes: readonly unknown[] = [],
  ): Promise<string | undefined> {
    if (given === undefined && includes.length === 0) return undefined
    if (given !== undefined && !isLocalPath(given)) return given.replace(/^azureml:(?=\/)/, '')
    const path = resolve(source.folder, given ?? '.')
    const beside = includes.map((include) => resolve(source.folder, String(include)))
    return once(`code ${[path, ...beside].join(' ')}`, () => uploadCode(client, path, beside))
  }

  /** Id of an environment: looked up, or registered without a name if it stands in the file or a file beside it. */
  async function environment(given: string | InlineEnvironment, source: Source): Promise<string> {
    if (typeof given !== 'string') return anonymous(given, source)
    const file = localFile(given)
    if (file === undefined) return resolved.id('environments', given)
    const loaded = await loadFile(resolve(source.folder, file), process.cwd(), [], ['environment'])
    return loaded?.errors.length === 0 ? anonymous(loaded.value, loaded.source) : given
  }

  async function anonymous(given: InlineEnvironment, source: Source): Promise<string> {
    const body = await environmentBodyOf(given, source, { isAnonymous: true })
    const version = guidOf(createHash('sha256').update(JSON.stringify(body)).digest('hex'))
    return once(`environment ${version}`, async () => {
      const path = `/environments/${anonymousEnvironment}/versions/${version}`
      return (await client.put<{ id: string }>(path, body)).id
    })
  }

  async function environmentBodyOf(
    given: InlineEnvironment,
    source: Source,
    options: { isAnonymous: boolean },
  ): Promise<Json> {
    const { conda_file: conda, build } = given
    const context =
      build === undefined
        ? undefined
        : isLocalPath(build.path)
          ? await data(build.path, source, given.datastore)
          : build.path
    return environmentBody(given, {
      condaFile: await condaText(conda, source),
      contextUri: context,
      ...options,
    })
  }

  /** URI of data at a path, uploaded if it is of this machine. */
  async function data(path: string, source: Source, datastore?: string): Promise<string> {
    const full = resolve(source.folder, path)
    return once(`data ${datastore ?? ''} ${full}`, () => uploadData(client, full, { datastore }))
  }

  /** Uploads the local paths among inputs; the answer then tells where each leads. */
  async function paths(
    inputs: Readonly<Record<string, unknown>> | undefined,
    source: Source,
  ): Promise<PathOf> {
    const uploaded = new Map<string, string>()
    for (const input of Object.values(inputs ?? {})) {
      const { path, datastore } = (typeof input === 'object' && input !== null ? input : {}) as {
        path?: string
        datastore?: string
      }
      if (path !== undefined && isLocalPath(path)) uploaded.set(path, await data(path, source, datastore))
    }
    return (path, type) =>
      uploaded.get(path) ??
      (/^azureml:(?!\/\/)/.test(path) ? resolved.id(isModelType(type) ? 'models' : 'data', path) : path)
  }

  /** Id of a compute; `serverless` and `local` as they are. */
  const compute = (given: string | undefined) =>
    given === undefined ? undefined : resolved.id('computes', given)

  return { code, environment, environmentBodyOf, data, paths, compute, once, client, resolved }
}

/** The conda specification as text: of a file beside the YAML, or of what stands in it. */
async function condaText(conda: unknown, source: Source): Promise<string | undefined> {
  if (conda === undefined) return undefined
  if (typeof conda === 'string') return readFile(resolve(source.folder, conda), 'utf8')
  const { stringify } = await import('yaml')
  return stringify(conda, { lineWidth: 0 })
}
