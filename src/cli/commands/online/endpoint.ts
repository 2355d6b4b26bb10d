import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { defineCommand } from '../../define-command.ts'
import type { Command } from '../../define-command.ts'
import type { Json } from '../../client/client.ts'
import { Failure } from '../../failure.ts'
import type { Body } from '../../present/present.ts'
import { lineageCommand } from '../lineage/lineage.ts'
import { sendLabels } from '../collect/send-labels.ts'
import { endpoint as noun } from '../nouns.ts'
import {
  deleteCommand,
  encode,
  fileFlag,
  ignored,
  listCommand,
  nameFlag,
  noWaitFlag,
  optionalName,
  setFlag,
  showCommand,
} from '../verbs.ts'
import { changed } from '../assets/versions.ts'
import { parseTraffic } from './traffic.ts'

const endpointName = { ...nameFlag, aliases: ['endpoint-name', 'e'] } as const
const trafficFlag = {
  type: 'words',
  short: 'r',
  placeholder: 'NAME=PERCENT',
  summary: 'Share of requests by deployment, e.g. "blue=90 green=10".',
} as const
const mirrorFlag = {
  type: 'words',
  placeholder: 'NAME=PERCENT',
  summary: 'Share of requests to copy to a deployment.',
} as const

const create = defineCommand({
  noun: 'online-endpoint',
  verb: 'create',
  summary: 'Creates an endpoint, or changes one to what is given.',
  flags: {
    file: fileFlag,
    name: { ...optionalName, aliases: ['endpoint-name', 'e'] },
    authMode: {
      type: 'text',
      choices: ['key', 'aml_token', 'aad_token'],
      summary: 'How callers prove themselves. Default key.',
    },
    local: ignored,
    set: setFlag,
    noWait: noWaitFlag,
  },
  table: noun.table,
  examples: [
    'twinloop online-endpoint create -n taxi-fare',
    'twinloop online-endpoint create -n taxi-fare -f online-endpoint.yml',
  ],
  async run({ flags, io, client }) {
    const { readAsset } = await import('../../submit/asset.ts')
    const { endpointBody } = await import('../../bodies/online.ts')
    const { locationOf, nameOf } = await import('../targets.ts')
    const { value, prepared } = await readAsset(client, io, flags, 'onlineEndpoint', {
      auth_mode: flags.authMode,
    })
    const api = await client()
    const computeId =
      value.compute === undefined ? undefined : prepared?.resolved.id('computes', value.compute)
    const body = endpointBody(value, { location: await locationOf(api), computeId })
    const path = `/onlineEndpoints/${encode(nameOf(value.name, noun))}`
    // Traffic names deployments, of which a new endpoint has none: an existing one keeps what it has.
    const before = await api.find<Body>(path)
    const { traffic, mirrorTraffic } = before?.properties ?? {}
    const kept = before === undefined ? {} : { traffic: traffic ?? {}, mirrorTraffic: mirrorTraffic ?? {} }
    const properties = { ...(body['properties'] as object), ...(value.traffic === undefined ? kept : {}) }
    return noun.present(await api.put<Body>(path, { ...body, properties }, { wait: !flags.noWait }))
  },
})

const update = defineCommand({
  noun: 'online-endpoint',
  verb: 'update',
  summary: 'Splits traffic between deployments, or changes tags and description.',
  flags: {
    name: { ...endpointName, required: false },
    file: fileFlag,
    traffic: trafficFlag,
    mirrorTraffic: mirrorFlag,
    set: setFlag,
    local: ignored,
    noWait: noWaitFlag,
  },
  table: noun.table,
  examples: [
    'twinloop online-endpoint update -n taxi-fare --traffic "blue=90 green=10"',
    'twinloop online-endpoint update -n taxi-fare --mirror-traffic green=10',
    'twinloop online-endpoint update -n taxi-fare --set properties.stickyHeader=x-customer-id',
  ],
  async run({ flags, io, client }) {
    const { nameOf } = await import('../targets.ts')
    const api = await client()
    const file =
      flags.file === undefined
        ? undefined
        : await import('../../submit/asset.ts').then((m) =>
            m.readAsset(client, io, { file: flags.file }, 'onlineEndpoint'),
          )
    const path = `/onlineEndpoints/${encode(nameOf(flags.name ?? file?.value.name, noun))}`
    const body = await api.get<Body>(path)
    const traffic = flags.traffic.length > 0 ? parseTraffic(flags.traffic, '--traffic') : file?.value.traffic
    const mirrorTraffic =
      flags.mirrorTraffic.length > 0
        ? parseTraffic(flags.mirrorTraffic, '--mirror-traffic')
        : file?.value.mirror_traffic
    const { tags, ...properties } = changed(
      { ...body.properties, tags: body.tags ?? {} },
      flags.set.map((change) => change.replace(/^mirror_traffic\b/, 'mirrorTraffic')),
      ['tags', 'description', 'properties', 'traffic', 'mirrorTraffic'],
    )
    const wanted = {
      ...properties,
      traffic: numbers(traffic ?? properties['traffic']),
      mirrorTraffic: numbers(mirrorTraffic ?? properties['mirrorTraffic']),
    }
    return noun.present(
      await api.put<Body>(path, { ...body, tags, properties: wanted }, { wait: !flags.noWait }),
    )
  },
})

/** `--set traffic.blue=100` gives text; the server wants numbers. */
const numbers = (traffic: unknown) =>
  Object.fromEntries(Object.entries((traffic ?? {}) as Json).map(([name, share]) => [name, Number(share)]))

const invoke = defineCommand({
  noun: 'online-endpoint',
  verb: 'invoke',
  summary: 'Sends a request and prints the answer.',
  flags: {
    name: endpointName,
    requestFile: { type: 'text', short: 'r', placeholder: 'FILE', required: true, summary: 'JSON to send.' },
    deploymentName: {
      type: 'text',
      short: 'd',
      aliases: ['deployment'],
      placeholder: 'NAME',
      summary: 'Asks this deployment, whatever the traffic.',
    },
    local: ignored,
  },
  examples: [
    'twinloop online-endpoint invoke -n taxi-fare --request-file request.json',
    'twinloop online-endpoint invoke -n taxi-fare -d green -r request.json',
  ],
  async run({ flags, io, client }) {
    const api = await client()
    const path = `/onlineEndpoints/${encode(flags.name)}`
    const request = await readFile(resolve(io.cwd, flags.requestFile), 'utf8').catch((error: unknown) => {
      throw new Failure(`cannot read ${flags.requestFile}`, { cause: error })
    })
    if (flags.deploymentName !== undefined)
      await api.get(`${path}/deployments/${encode(flags.deploymentName)}`)
    const { properties } = await api.get<{ properties: { scoringUri: string; authMode: string } }>(path)
    const { score } = await import('./score.ts')
    const token = await credential(api, path, properties.authMode)
    const answer = await score(api, properties.scoringUri, request, token, flags.deploymentName)
    // As az prints it: the body as one JSON string, unless a part of it is asked for.
    if (flags.query !== undefined) return parsed(answer)
    if (flags.output === undefined || flags.output === 'tsv') io.stdout(`${answer}\n`)
    else return parsed(answer)
    return undefined
  },
})

const getCredentials = defineCommand({
  noun: 'online-endpoint',
  verb: 'get-credentials',
  summary: 'Shows the keys, or makes a token.',
  flags: { name: endpointName },
  examples: ['twinloop online-endpoint get-credentials -n taxi-fare --query primaryKey -o tsv'],
  async run({ flags, client }) {
    const api = await client()
    const path = `/onlineEndpoints/${encode(flags.name)}`
    const { properties } = await api.get<{ properties: { authMode: string } }>(path)
    return api.post(`${path}/${properties.authMode.toLowerCase() === 'key' ? 'listKeys' : 'token'}`)
  },
})

const regenerateKeys = defineCommand({
  noun: 'online-endpoint',
  verb: 'regenerate-keys',
  summary: 'Replaces a key; the other goes on working.',
  flags: {
    name: endpointName,
    keyType: { type: 'text', choices: ['primary', 'secondary'], summary: 'Which. Default primary.' },
    keyValue: { type: 'text', placeholder: 'KEY', summary: 'The new key. Default: a random one.' },
    noWait: noWaitFlag,
  },
  examples: ['twinloop online-endpoint regenerate-keys -n taxi-fare --key-type secondary'],
  async run({ flags, client }) {
    const api = await client()
    const path = `/onlineEndpoints/${encode(flags.name)}`
    const keyType = flags.keyType === 'secondary' ? 'Secondary' : 'Primary'
    await api.post(`${path}/regenerateKeys`, { keyType, keyValue: flags.keyValue }, { wait: !flags.noWait })
    return api.post(`${path}/listKeys`)
  },
})

async function credential(
  api: Awaited<ReturnType<Parameters<typeof create.run>[0]['client']>>,
  path: string,
  authMode: string,
): Promise<string> {
  if (authMode.toLowerCase() === 'key')
    return (await api.post<{ primaryKey: string }>(`${path}/listKeys`)).primaryKey
  return (await api.post<{ accessToken: string }>(`${path}/token`)).accessToken
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

export const commands: readonly Command[] = [
  create,
  showCommand({ ...noun }),
  listCommand(noun, { local: ignored }),
  update,
  lineageCommand(noun),
  invoke,
  getCredentials,
  regenerateKeys,
  sendLabels,
  deleteCommand(noun),
]
