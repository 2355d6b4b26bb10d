import { defineCommand } from '../../define-command.ts'
import type { Command } from '../../define-command.ts'
import type { Body } from '../../present/present.ts'
import { workspace as noun } from '../nouns.ts'
import { fileFlag, noWaitFlag, optionalName, setFlag, yesFlag } from '../verbs.ts'

const create = defineCommand({
  noun: 'workspace',
  verb: 'create',
  summary: 'Creates a workspace, or changes one to what is given.',
  flags: {
    file: fileFlag,
    name: optionalName,
    displayName: { type: 'text', short: 'd', summary: 'Name to show.' },
    description: { type: 'text', summary: 'What it is for.' },
    location: { type: 'text', short: 'l', summary: 'Region.' },
    tags: { type: 'words', placeholder: 'NAME=VALUE', summary: 'Tags.' },
    set: setFlag,
    noWait: noWaitFlag,
  },
  table: noun.table,
  examples: ['twinloop workspace create -n staging', 'twinloop workspace create -f workspace.yml'],
  async run({ flags, io, client }) {
    const { readAsset } = await import('../../submit/asset.ts')
    const { workspaceBody } = await import('../../bodies/platform.ts')
    const { nameOf } = await import('../targets.ts')
    const { value } = await readAsset(
      client,
      io,
      { ...flags, name: flags.name ?? flags.workspaceName },
      'workspace',
      {
        display_name: flags.displayName,
        location: flags.location,
      },
    )
    const api = await client()
    const path = sibling(api.workspaceId, nameOf(value.name, noun))
    return noun.present(await api.put<Body>(path, workspaceBody(value), { wait: !flags.noWait }))
  },
})

const show = defineCommand({
  noun: 'workspace',
  verb: 'show',
  summary: 'Shows a workspace.',
  flags: { name: { ...optionalName, summary: 'Its name. Default: the one commands work in.' } },
  table: noun.table,
  examples: [
    'twinloop workspace show',
    'twinloop workspace show -n staging --query mlflow_tracking_uri -o tsv',
  ],
  async run({ flags, client }) {
    const api = await client()
    return noun.present(
      await api.get<Body>(flags.name === undefined ? '' : sibling(api.workspaceId, flags.name)),
    )
  },
})

const list = defineCommand({
  noun: 'workspace',
  verb: 'list',
  summary: 'Lists workspaces, of a resource group or of all.',
  flags: { maxResults: { type: 'integer', short: 'r', placeholder: 'N', summary: 'At most so many.' } },
  table: noun.table,
  examples: ['twinloop workspace list -o table', 'twinloop workspace list -g twinloop'],
  async run({ flags, client }) {
    const api = await client()
    const all = flags.resourceGroup === undefined
    const path = api.workspaceId
      .replace(/\/[^/]+$/, '')
      .replace(/\/resourceGroups\/[^/]+/, (group) => (all ? '' : group))
    return (await api.list<Body>(path, {}, flags.maxResults)).map((body) => noun.present(body))
  },
})

const remove = defineCommand({
  noun: 'workspace',
  verb: 'delete',
  summary: 'Deletes a workspace with everything in it.',
  flags: {
    name: { ...optionalName, required: true, summary: 'Its name.' },
    yes: yesFlag,
    noWait: noWaitFlag,
    allResources: { type: 'switch', summary: 'Accepted for az.' },
    permanentlyDelete: { type: 'switch', short: 'p', summary: 'Accepted for az: it is always permanent.' },
  },
  examples: ['twinloop workspace delete -n staging -y'],
  async run({ flags, client }) {
    const api = await client()
    await api.remove(sibling(api.workspaceId, flags.name), { wait: !flags.noWait })
    return undefined
  },
})

/** Id of another workspace of the same resource group. */
const sibling = (id: string, name: string) => `${id.replace(/\/[^/]+$/, '')}/${encodeURIComponent(name)}`

export const commands: readonly Command[] = [create, show, list, remove]
