import { defineCommand } from '../../define-command.ts'
import type { Command } from '../../define-command.ts'
import { compute as noun } from '../nouns.ts'
import {
  deleteCommand,
  encode,
  fileFlag,
  listCommand,
  nameFlag,
  noWaitFlag,
  optionalName,
  setFlag,
  showCommand,
} from '../verbs.ts'
import type { Body } from '../../present/present.ts'
import type { Json } from '../../client/client.ts'

const sizing = {
  minInstances: { type: 'integer', summary: 'Fewest instances kept. Default 0.' },
  maxInstances: { type: 'integer', summary: 'How many jobs run at once at most. Default 4.' },
  idleTimeBeforeScaleDown: {
    type: 'integer',
    placeholder: 'SECONDS',
    summary: 'How long an idle instance is kept.',
  },
} as const

const create = defineCommand({
  noun: 'compute',
  verb: 'create',
  summary: 'Creates a compute, or changes one to what is given.',
  flags: {
    file: fileFlag,
    name: optionalName,
    type: {
      type: 'text',
      short: 't',
      placeholder: 'TYPE',
      summary: 'amlcompute, computeinstance or kubernetes, in any case.',
    },
    size: {
      type: 'text',
      short: 's',
      summary: 'Size, e.g. Standard_DS3_v2: kept, and not a limit on this machine.',
    },
    tier: { type: 'text', choices: ['dedicated', 'low_priority'], summary: 'Kept for Azure.' },
    ...sizing,
    location: { type: 'text', short: 'l', summary: 'Region.' },
    description: { type: 'text', summary: 'What it is for.' },
    tags: { type: 'words', placeholder: 'NAME=VALUE', summary: 'Tags.' },
    identityType: { type: 'text', summary: 'Accepted for az.' },
    vnetName: { type: 'text', summary: 'Accepted for az.' },
    subnet: { type: 'text', summary: 'Accepted for az.' },
    set: setFlag,
    noWait: noWaitFlag,
  },
  table: noun.table,
  examples: [
    'twinloop compute create -n cpu-cluster -t amlcompute --min-instances 0 --max-instances 4',
    'twinloop compute create -f cpu-cluster.yml',
  ],
  async run({ flags, io, client }) {
    const { readAsset } = await import('../../submit/asset.ts')
    const { computeBody } = await import('../../bodies/platform.ts')
    const { value } = await readAsset(client, io, flags, 'compute', {
      type: flags.type,
      size: flags.size,
      tier: flags.tier,
      min_instances: flags.minInstances,
      max_instances: flags.maxInstances,
      idle_time_before_scale_down: flags.idleTimeBeforeScaleDown,
      location: flags.location,
      'identity.type': flags.identityType,
    })
    const api = await client()
    const { nameOf, locationOf } = await import('../targets.ts')
    const path = `/computes/${encode(nameOf(value.name, noun))}`
    return noun.present(
      await api.put<Body>(path, computeBody(value, await locationOf(api)), { wait: !flags.noWait }),
    )
  },
})

const update = defineCommand({
  noun: 'compute',
  verb: 'update',
  summary: 'Changes how many instances a cluster may have.',
  flags: { name: nameFlag, ...sizing, noWait: noWaitFlag },
  table: noun.table,
  examples: ['twinloop compute update -n cpu-cluster --max-instances 8'],
  async run({ flags, client }) {
    const { isoDuration } = await import('../../bodies/values.ts')
    const { clean } = await import('../../present/present.ts')
    const api = await client()
    const path = `/computes/${encode(flags.name)}`
    const body = await api.get<Body>(path)
    const inner = (body.properties?.['properties'] ?? {}) as { scaleSettings?: Json }
    const idle = flags.idleTimeBeforeScaleDown
    const scaleSettings = {
      ...inner.scaleSettings,
      ...clean({
        minNodeCount: flags.minInstances,
        maxNodeCount: flags.maxInstances,
        nodeIdleTimeBeforeScaleDown: idle === undefined ? undefined : isoDuration(idle),
      }),
    }
    const properties = { ...body.properties, properties: { ...inner, scaleSettings } }
    return noun.present(await api.put<Body>(path, { ...body, properties }, { wait: !flags.noWait }))
  },
})

const act = (verb: 'start' | 'stop' | 'restart') =>
  defineCommand({
    noun: 'compute',
    verb,
    summary: `${verb[0]?.toUpperCase()}${verb.slice(1)}s a compute instance.`,
    flags: { name: nameFlag, noWait: noWaitFlag },
    examples: [`twinloop compute ${verb} -n my-instance`],
    async run({ flags, client }) {
      const api = await client()
      await api.post(`/computes/${encode(flags.name)}/${verb}`, {}, { wait: !flags.noWait })
      return undefined
    },
  })

export const commands: readonly Command[] = [
  create,
  showCommand(noun),
  listCommand(noun, { type: { type: 'text', short: 't', summary: 'Accepted for az.' } }),
  update,
  act('start'),
  act('stop'),
  act('restart'),
  deleteCommand(noun),
]
