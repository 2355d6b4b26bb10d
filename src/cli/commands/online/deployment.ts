import { defineCommand } from '../../define-command.ts'
import type { Command } from '../../define-command.ts'
import { usage } from '../../failure.ts'
import type { Client, Json } from '../../client/client.ts'
import type { Io } from '../../io.ts'
import type { Body } from '../../present/present.ts'
import { collected } from '../collect/collected.ts'
import { lineageCommand } from '../lineage/lineage.ts'
import { deployment as noun } from '../nouns.ts'
import {
  deploymentCommands,
  deploymentPath,
  endpointFlag,
  endpointOf,
  namingSets,
  requiredEndpoint,
} from '../endpoint-deployments.ts'
import { encode, fileFlag, ignored, nameFlag, noWaitFlag, optionalName, setFlag } from '../verbs.ts'
import { changeDeployment } from './change-deployment.ts'

const create = defineCommand({
  noun: 'online-deployment',
  verb: 'create',
  summary: 'Runs a model behind an endpoint; waits until it answers.',
  flags: {
    file: { ...fileFlag, required: true },
    name: optionalName,
    endpointName: endpointFlag,
    allTraffic: { type: 'switch', summary: 'Sends it all requests once it runs.' },
    instanceCount: { type: 'integer', summary: 'How many processes.' },
    set: setFlag,
    noWait: noWaitFlag,
    local: ignored,
    packageModel: ignored,
    skipScriptValidation: ignored,
  },
  table: noun.table,
  examples: [
    'twinloop online-deployment create -f blue.yml --all-traffic',
    'twinloop online-deployment create --name taxi-online-dp --endpoint taxi-fare -f online-deployment.yml',
  ],
  run: ({ flags, io, client }) => putFromFile({ ...flags, set: flags.set }, io, client),
})

interface FromFile {
  readonly file: string
  readonly name: string | undefined
  readonly endpointName: string | undefined
  readonly instanceCount: number | undefined
  readonly set: readonly string[]
  readonly allTraffic: boolean
  readonly noWait: boolean
}

async function putFromFile(given: FromFile, io: Io, client: () => Promise<Client>): Promise<Json> {
  const { prepare } = await import('../../submit/prepare.ts')
  const { deploymentOf } = await import('../../submit/deployment.ts')
  const { locationOf, nameOf } = await import('../targets.ts')
  const sets = [
    ...namingSets(given),
    ...(given.instanceCount === undefined ? [] : [`instance_count=${given.instanceCount}`]),
    ...given.set,
  ]
  const prepared = await prepare(client, io, given.file, { kinds: ['onlineDeployment'], sets })
  const { value } = prepared.loaded
  const endpoint = endpointOf(value)
  const api = await client()
  const name = nameOf(value.name, noun)
  const body = await deploymentOf(api, prepared, await locationOf(api))
  if (!given.noWait)
    io.stderr(
      `deployment ${name} of ${endpoint}: waiting until it answers; the first time builds its environment\n`,
    )
  const made = await api.put<Body>(deploymentPath(noun, endpoint, name), body, { wait: !given.noWait })
  if (given.allTraffic) await giveAllTraffic(api, endpoint, name)
  return noun.present(made)
}

const update = defineCommand({
  noun: 'online-deployment',
  verb: 'update',
  summary: 'Changes a deployment: its instances, settings, model or environment.',
  flags: {
    name: { ...nameFlag, required: false },
    endpointName: endpointFlag,
    file: fileFlag,
    set: setFlag,
    instanceCount: { type: 'integer', summary: 'How many processes.' },
    noWait: noWaitFlag,
    local: ignored,
    skipScriptValidation: ignored,
  },
  table: noun.table,
  examples: [
    'twinloop online-deployment update -n blue -e taxi-fare --set instance_count=2',
    'twinloop online-deployment update -n blue -e taxi-fare --set scale_settings.max_instances=4 request_settings.request_timeout_ms=10000',
    'twinloop online-deployment update -f blue.yml',
  ],
  async run({ flags, io, client }) {
    const api = await client()
    const sets = [
      ...flags.set,
      ...(flags.instanceCount === undefined ? [] : [`instance_count=${flags.instanceCount}`]),
    ]
    const { file } = flags
    if (file !== undefined) return putFromFile({ ...flags, file, allTraffic: false }, io, client)
    if (flags.name === undefined || flags.endpointName === undefined)
      throw usage('which deployment?', '--name NAME --endpoint-name NAME')
    const path = deploymentPath(noun, flags.endpointName, flags.name)
    const body = await api.get<Body>(path)
    return noun.present(await api.put<Body>(path, changeDeployment(body, sets), { wait: !flags.noWait }))
  },
})

const getLogs = defineCommand({
  noun: 'online-deployment',
  verb: 'get-logs',
  summary: "Prints the end of a deployment's log.",
  flags: {
    name: nameFlag,
    endpointName: requiredEndpoint,
    lines: { type: 'integer', short: 'l', summary: 'How many lines. Default 5000.' },
    container: {
      type: 'text',
      short: 'c',
      choices: ['inference-server', 'storage-initializer'],
      summary: 'Whose: the model’s, or what prepared it.',
    },
    local: ignored,
  },
  examples: ['twinloop online-deployment get-logs -n blue -e taxi-fare --lines 100'],
  async run({ flags, io, client }) {
    const api = await client()
    const containerType = flags.container === 'storage-initializer' ? 'StorageInitializer' : 'InferenceServer'
    const body = { containerType, tail: flags.lines ?? 5000 }
    const { content } = await api.post<{ content: string }>(
      `${deploymentPath(noun, flags.endpointName, flags.name)}/getLogs`,
      body,
    )
    io.stdout(content.endsWith('\n') || content === '' ? content : `${content}\n`)
    return undefined
  },
})

async function giveAllTraffic(api: Client, endpoint: string, name: string): Promise<void> {
  const path = `/onlineEndpoints/${encode(endpoint)}`
  const body = await api.get<Body>(path)
  await api.put(path, { ...body, properties: { ...body.properties, traffic: { [name]: 100 } } })
}

const { show, list, remove } = deploymentCommands(
  noun,
  { local: ignored },
  'Ends a deployment; it must have no traffic.',
)

export const commands: readonly Command[] = [
  create,
  show,
  list,
  update,
  lineageCommand(noun),
  getLogs,
  collected,
  remove,
]
