import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Client, Json } from '../../client/client.ts'
import { Failure, usage } from '../../failure.ts'
import type { Io } from '../../io.ts'
import type { Body } from '../../present/present.ts'
import { textOf } from '../../present/present.ts'
import { encode } from '../verbs.ts'
import type { Evaluation } from '../../../data/contracts/evaluation/result.ts'

/** An evaluation as the server answers it, and what it is of. */
export interface Checked {
  readonly contract: string
  /** `flights:3`, or the reference or path that was given. */
  readonly data: string
  readonly evaluation: Evaluation
}

interface Asked {
  readonly name?: string | undefined
  readonly file?: string | undefined
  readonly data?: string | undefined
  readonly set?: readonly string[] | undefined
}

/**
 * Evaluates a contract: one that is kept on a version of its data leaves a result there; one from a file, or on any
 * other data, leaves nothing.
 */
export async function evaluate(client: () => Promise<Client>, io: Io, asked: Asked): Promise<Checked> {
  if (asked.file !== undefined) {
    const { readAsset } = await import('../../submit/asset.ts')
    const { contractBody } = await import('../../bodies/contract.ts')
    const { value } = await readAsset(client, io, asked, 'dataContract')
    const api = await client()
    const name = value.name ?? textOf(value.data)
    return tryOut(
      api,
      io,
      name,
      asked.data ?? `${textOf(value.data)}@latest`,
      contractBody(value)['properties'] as Json,
    )
  }
  if (asked.name === undefined)
    throw usage('which contract?', '--name NAME of one that is kept, or --file FILE')
  const api = await client()
  const kept = await api.get<Body>(contractPath(asked.name))
  const asset = textOf(kept.properties?.['data'])
  const version = await versionAsked(api, asset, asked.data)
  if (version === undefined) return tryOut(api, io, asked.name, asked.data ?? '', undefined)
  const path = `/data/${encode(asset)}/versions/${encode(version)}/providers/Twinloop/contractResults/${encode(asked.name)}`
  const result = await api.put<Body>(path, { properties: {} })
  return {
    contract: asked.name,
    data: `${asset}:${version}`,
    evaluation: result.properties as unknown as Evaluation,
  }
}

export const contractPath = (name: string) => `/providers/Twinloop/dataContracts/${encode(name)}`

/** The version of a contract's own data that was meant: `3`, `flights:3`, `flights@latest`, nothing; undefined for other data. */
export async function versionAsked(
  api: Client,
  asset: string,
  data: string | undefined,
): Promise<string | undefined> {
  const bare = (data ?? `${asset}@latest`).replace(/^azureml:(?!\/\/)/i, '')
  if (/^\d+$/.test(bare)) return bare
  const match = /^([\w.-]+)(?::([\w.-]+)|@latest)?$/.exec(bare)
  if (match === null || match[1]?.toLowerCase() !== asset.toLowerCase()) return undefined
  if (match[2] !== undefined) return match[2]
  const container = await api.find<Body>(`/data/${encode(asset)}`)
  const latest = textOf(container?.properties?.['latestVersion'])
  if (latest === '')
    throw new Failure(`there is no version of ${asset} to check yet`, { hint: 'twinloop data create' })
  return latest
}

async function tryOut(
  api: Client,
  io: Io,
  name: string,
  data: string,
  contract: Json | undefined,
): Promise<Checked> {
  const reference = await referenceTo(api, io, data)
  const body = { data: reference, ...(contract === undefined ? {} : { contract }) }
  const { body: evaluation } = await api.send('POST', `${contractPath(name)}/evaluate`, { body })
  return { contract: name, data, evaluation: evaluation as Evaluation }
}

/** A local file or folder is uploaded; `flights:3` is data of the workspace; other references are as they are. */
export async function referenceTo(api: Client, io: Io, data: string): Promise<string> {
  if (/^[a-z][a-z0-9+.-]*:\/\/|^azureml:|^\/subscriptions\//i.test(data)) return data
  const path = resolve(io.cwd, data)
  if ((await stat(path).catch(() => undefined)) !== undefined) {
    const { uploadData } = await import('../../upload/assets.ts')
    return uploadData(api, path)
  }
  if (/^[\w.-]+[:@][\w.-]+$/.test(data)) return `azureml:${data}`
  throw new Failure(`there is no ${data}`, {
    hint: 'a file, NAME:VERSION, NAME@latest or azureml://datastores/…',
  })
}
