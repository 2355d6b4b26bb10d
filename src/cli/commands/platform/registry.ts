import { registryId } from '../../client/registry.ts'
import type { Client } from '../../client/client.ts'
import { defineCommand } from '../../define-command.ts'
import type { Command } from '../../define-command.ts'
import type { Body } from '../../present/present.ts'
import { registry as noun } from '../nouns.ts'
import { fileFlag, noWaitFlag, optionalName, setFlag, yesFlag } from '../verbs.ts'

const create = defineCommand({
  noun: 'registry',
  verb: 'create',
  summary: 'Creates a registry, or changes one to what is given.',
  flags: {
    file: fileFlag,
    name: optionalName,
    description: { type: 'text', short: 'd', summary: 'What it is for.' },
    location: { type: 'text', short: 'l', summary: 'Region.' },
    tags: { type: 'words', placeholder: 'NAME=VALUE', summary: 'Tags.' },
    set: setFlag,
    noWait: noWaitFlag,
  },
  table: noun.table,
  examples: ['twinloop registry create -n shelf', 'twinloop registry create -f registry.yml'],
  async run({ flags, io, client }) {
    const { readAsset } = await import('../../submit/asset.ts')
    const { registryBody } = await import('../../bodies/platform.ts')
    const { nameOf } = await import('../targets.ts')
    const { value } = await readAsset(client, io, flags, 'registry', { location: flags.location })
    const api = await client()
    const path = `${collection(api)}/${encodeURIComponent(nameOf(value.name, noun))}`
    return noun.present(await api.put<Body>(path, registryBody(value), { wait: !flags.noWait }))
  },
})

const show = defineCommand({
  noun: 'registry',
  verb: 'show',
  summary: 'Shows a registry.',
  flags: { name: { ...optionalName, required: true, summary: 'Its name.' } },
  table: noun.table,
  examples: [
    'twinloop registry show -n shelf',
    'twinloop registry show -n shelf --query mlflow_registry_uri -o tsv',
  ],
  async run({ flags, client }) {
    const api = await client()
    return noun.present(await api.get<Body>(await registryId(api, flags.name)))
  },
})

const list = defineCommand({
  noun: 'registry',
  verb: 'list',
  summary: 'Lists registries, of a resource group or of all.',
  flags: { maxResults: { type: 'integer', short: 'r', placeholder: 'N', summary: 'At most so many.' } },
  table: noun.table,
  examples: ['twinloop registry list -o table', 'twinloop registry list -g twinloop'],
  async run({ flags, client }) {
    const api = await client()
    const path = collection(api)
    const all = flags.resourceGroup === undefined ? path.replace(/\/resourceGroups\/[^/]+/, '') : path
    return (await api.list<Body>(all, {}, flags.maxResults)).map((body) => noun.present(body))
  },
})

const remove = defineCommand({
  noun: 'registry',
  verb: 'delete',
  summary: 'Deletes a registry with everything in it.',
  flags: {
    name: { ...optionalName, required: true, summary: 'Its name.' },
    yes: yesFlag,
    noWait: noWaitFlag,
  },
  examples: ['twinloop registry delete -n shelf -y'],
  async run({ flags, client }) {
    const api = await client()
    await api.remove(await registryId(api, flags.name), { wait: !flags.noWait })
    return undefined
  },
})

/** Where the registries of the resource group are. */
const collection = (api: Client) => api.workspaceId.replace(/\/workspaces\/[^/]+$/, '/registries')

export const commands: readonly Command[] = [create, show, list, remove]
