import { nearest } from '../../kernel/nearest.ts'
import type { Client } from '../client/client.ts'
import { RemoteFailure } from '../client/remote-failure.ts'
import { encode, nounOf, versionOf } from '../commands/verbs.ts'
import { Failure } from '../failure.ts'
import { problemAt } from '../yaml/graph.ts'
import type { Problem } from '../yaml/problem.ts'
import { dotted } from '../yaml/source.ts'
import type { ReferredType, Wanted } from './collect.ts'

/** Ids by reference, as they were looked up. */
export interface Resolved {
  /** The ARM id that a reference stands for; what the server resolves itself (URIs, `serverless`) as it is. */
  id(type: ReferredType, text: string): string
}

const titles: Readonly<Record<ReferredType, string>> = {
  environments: 'environment',
  data: 'data asset',
  models: 'model',
  components: 'component',
  computes: 'compute',
  datastores: 'datastore',
  onlineEndpoints: 'online endpoint',
  batchEndpoints: 'batch endpoint',
}
const versioned = new Set<ReferredType>(['environments', 'data', 'models', 'components'])

/**
 * Looks up everything that is wanted, each once and all at the same time. What does not exist is a problem at its place,
 * with the nearest name there is and the command that makes one.
 */
export async function resolveAll(
  client: Client,
  wanted: readonly Wanted[],
  problems: Problem[],
): Promise<Resolved> {
  const ids = new Map<string, string>()
  const unique = new Map(wanted.map((w) => [`${w.type} ${w.text}`, w]))
  await Promise.all(
    [...unique].map(async ([key, { type, text }]) => {
      const found = await lookUp(client, type, text)
      if (typeof found === 'string') ids.set(key, found)
      else
        for (const { place } of wanted.filter((w) => `${w.type} ${w.text}` === key))
          problems.push(
            problemAt(place, `${dotted(place.path)}: ${text} does not exist in ${client.home}`, found.hint),
          )
    }),
  )
  return {
    id: (type, text) => ids.get(`${type} ${text}`) ?? text,
  }
}

/** The id, or what to say about there being none. */
async function lookUp(client: Client, type: ReferredType, text: string): Promise<string | { hint: string }> {
  const plain = text.replace(/^azureml:(?=[^/])/, '')
  if (text.startsWith('azureml:/subscriptions/')) return text.slice('azureml:'.length)
  if (/^(azureml:)?\/\/|^\/subscriptions\//.test(text)) return text
  if (type === 'computes' && /^(serverless|local)$/i.test(plain)) return plain.toLowerCase()
  if (!versioned.has(type)) {
    const body = await client.find(`/${type}/${encode(plain)}`)
    return body === undefined ? missing(client, type, plain) : String(body['id'])
  }
  const [, name = plain, version, label] = /^([^:@]+)(?::(.+)|@(.+))?$/.exec(plain) ?? []
  if (version !== undefined) {
    const body = await client.find(`/${type}/${encode(name)}/versions/${encode(version)}`)
    return body === undefined ? missing(client, type, name, version) : String(body['id'])
  }
  try {
    const chosen = await versionOf(client, { title: titles[type], type }, name, label ?? 'latest')
    return `${client.workspaceId}/${type}/${name}/versions/${chosen}`
  } catch (error) {
    // The server knows curated environments by names that are in no workspace.
    if (type === 'environments' && /^AzureML-/i.test(name)) return text
    if (error instanceof RemoteFailure && error.status !== 404) throw error
    if (error instanceof Failure) return missing(client, type, name, undefined, label)
    throw error
  }
}

async function missing(
  client: Client,
  type: ReferredType,
  name: string,
  version?: string,
  label?: string,
): Promise<{ hint: string }> {
  const noun = nounOf(titles[type])
  const create =
    type === 'computes'
      ? `create it: twinloop compute create -n ${name} --type amlcompute`
      : `create it: twinloop ${noun} create -f ${noun}.yml`
  if (versioned.has(type)) {
    const versions = await client
      .list<{ name: string }>(`/${type}/${encode(name)}/versions`, {}, 20)
      .catch(() => [])
    if (versions.length > 0) {
      const names = versions.map((v) => v.name).join(', ')
      return {
        hint:
          label === undefined || version !== undefined
            ? `its versions: ${names}`
            : `it has no label ${label}; its versions: ${names}`,
      }
    }
  }
  const all = (await client.list<{ name: string }>(`/${type}`, {}, 500)).map((body) => body.name)
  const names = all.filter((known) => !/anonymous/i.test(known))
  const near = nearest(name, names) ?? names.find((n) => n.includes(name) || name.includes(n))
  if (near !== undefined) return { hint: `nearest: ${near} · ${create}` }
  const some =
    names.length === 0 ? '' : `there ${names.length === 1 ? 'is' : 'are'} ${names.slice(0, 6).join(', ')} · `
  return { hint: `${some}${create}` }
}
