import { Failure, usage } from '../failure.ts'
import type { Client, Json } from '../client/client.ts'
import { inRegistry, registryFlag } from '../client/registry.ts'
import { defineCommand } from '../define-command.ts'
import type { Command, Flags } from '../define-command.ts'
import type { Body } from '../present/present.ts'

/** A kind of resource as the command line sees it: the verbs that are the same for all derive from it. */
export interface Noun {
  /** `online-endpoint`. */
  readonly noun: string
  /** `online endpoint`. */
  readonly title: string
  /** Path segment below the workspace: `onlineEndpoints`. */
  readonly type: string
  readonly versioned?: boolean
  /** Registries have it, too: commands take `--registry-name`. */
  readonly shared?: boolean
  /** A name for examples. */
  readonly example: string
  readonly table: Readonly<Record<string, string>>
  present(body: Body): Json
}

export const nameFlag = {
  type: 'text',
  short: 'n',
  placeholder: 'NAME',
  required: true,
  summary: 'Its name.',
} as const
export const optionalName = {
  type: 'text',
  short: 'n',
  placeholder: 'NAME',
  summary: 'Its name; wins over the file.',
} as const
export const versionFlag = {
  type: 'text',
  short: 'v',
  placeholder: 'VERSION',
  summary: 'Its version.',
} as const
export const labelFlag = {
  type: 'text',
  short: 'l',
  placeholder: 'LABEL',
  summary: 'A label, such as latest.',
} as const
export const fileFlag = { type: 'text', short: 'f', placeholder: 'FILE', summary: 'YAML file.' } as const
export const setFlag = {
  type: 'words',
  placeholder: 'PATH=VALUE',
  summary: 'Changes to what the file says, e.g. --set tags.team=risk inputs.rate=0.1.',
} as const
export const noWaitFlag = { type: 'switch', summary: 'Does not wait until it is done.' } as const
export const yesFlag = { type: 'switch', short: 'y', summary: 'Accepted for az: nothing is asked.' } as const
/** What az ml accepts that has nothing to do here. */
export const ignored = { type: 'switch', summary: 'Accepted for az.' } as const

/** What names a version on a command line. */
interface Versioned {
  readonly name: string
  readonly version?: string
  readonly label?: string
  readonly registryName?: string
}

/** `--registry-name`, for what registries have. */
export const registryFlags = (noun: Noun) => (noun.shared === true ? { registryName: registryFlag } : {})

export function showCommand(noun: Noun): Command {
  return defineCommand({
    noun: noun.noun,
    verb: 'show',
    summary: `Shows one ${noun.title}.`,
    flags:
      noun.versioned === true
        ? { name: nameFlag, version: versionFlag, label: labelFlag, ...registryFlags(noun) }
        : { name: nameFlag },
    table: noun.table,
    examples: [
      `twinloop ${noun.noun} show -n ${noun.example}${noun.versioned === true ? ' -v 1' : ''}`,
      ...(noun.versioned === true ? [`twinloop ${noun.noun} show -n ${noun.example} -l latest -o yaml`] : []),
    ],
    async run({ flags, client }) {
      const { name, version, label, registryName } = flags as Versioned
      const api = await inRegistry(client, registryName)
      if (noun.versioned !== true) return noun.present(await api.get<Body>(`/${noun.type}/${encode(name)}`))
      const chosen = version ?? (await versionOf(api, noun, name, label ?? 'latest'))
      return noun.present(await api.get<Body>(`/${noun.type}/${encode(name)}/versions/${encode(chosen)}`))
    },
  })
}

export function listCommand(noun: Noun, more: Flags = {}): Command {
  return defineCommand({
    noun: noun.noun,
    verb: 'list',
    summary:
      noun.versioned === true
        ? `Lists ${noun.title}s, or with -n the versions of one.`
        : `Lists ${noun.title}s.`,
    flags: {
      ...(noun.versioned === true
        ? { name: { ...nameFlag, required: false, summary: 'Lists the versions of this one.' } }
        : {}),
      maxResults: { type: 'integer', short: 'r', placeholder: 'N', summary: 'At most so many.' },
      includeArchived: { type: 'switch', summary: 'Archived ones too.' },
      archivedOnly: { type: 'switch', summary: 'Only archived ones.' },
      ...registryFlags(noun),
      ...more,
    },
    table: noun.table,
    examples: [`twinloop ${noun.noun} list -o table`, `twinloop ${noun.noun} list --query "[].name" -o tsv`],
    async run({ flags, client }) {
      const { name, maxResults, includeArchived, archivedOnly, registryName } = flags as {
        name?: string
        registryName?: string
        maxResults?: number
        includeArchived: boolean
        archivedOnly: boolean
      }
      const path = name === undefined ? `/${noun.type}` : `/${noun.type}/${encode(name)}/versions`
      const listViewType = archivedOnly ? 'ArchivedOnly' : includeArchived ? 'All' : 'ActiveOnly'
      const api = await inRegistry(client, registryName)
      const bodies = await api.list<Body>(
        path,
        { listViewType },
        maxResults,
        (body) => !anonymous.has(body.name ?? ''),
      )
      return bodies.map((body) => noun.present(body))
    },
  })
}

export function deleteCommand(noun: Noun): Command {
  return defineCommand({
    noun: noun.noun,
    verb: 'delete',
    summary: `Deletes ${article(noun.title)} ${noun.title}.`,
    flags: {
      name: nameFlag,
      ...(noun.versioned === true ? { version: { ...versionFlag, required: true } } : {}),
      ...registryFlags(noun),
      yes: yesFlag,
      noWait: noWaitFlag,
    },
    examples: [`twinloop ${noun.noun} delete -n ${noun.example}${noun.versioned === true ? ' -v 1' : ''} -y`],
    async run({ flags, client }) {
      const { name, version, noWait, registryName } = flags as Versioned & { readonly noWait: boolean }
      const api = await inRegistry(client, registryName)
      const path = `/${noun.type}/${encode(name)}${version === undefined ? '' : `/versions/${encode(version)}`}`
      await api.remove(path, { wait: !noWait })
      return undefined
    },
  })
}

/** `archive` hides from lists, `restore` shows again: the resource is read and put back with isArchived changed. */
export function archiveCommands(noun: Noun): readonly Command[] {
  const make = (verb: 'archive' | 'restore') =>
    defineCommand({
      noun: noun.noun,
      verb,
      summary:
        verb === 'archive'
          ? `Hides ${article(noun.title)} ${noun.title} from lists.`
          : 'Shows it in lists again.',
      flags:
        noun.versioned === true
          ? { name: nameFlag, version: versionFlag, label: labelFlag, ...registryFlags(noun) }
          : { name: nameFlag },
      examples: [`twinloop ${noun.noun} ${verb} -n ${noun.example}${noun.versioned === true ? ' -v 1' : ''}`],
      async run({ flags, client }) {
        const { name, version, label, registryName } = flags as Versioned
        const api = await inRegistry(client, registryName)
        const chosen = version ?? (label === undefined ? undefined : await versionOf(api, noun, name, label))
        const path = `/${noun.type}/${encode(name)}${chosen === undefined ? '' : `/versions/${encode(chosen)}`}`
        const body = await api.get<Body>(path)
        await api.put(path, { ...body, properties: { ...body.properties, isArchived: verb === 'archive' } })
        return undefined
      },
    })
  return [make('archive'), make('restore')]
}

/**
 * The version that a label stands for: `latest` is the one created last; others are a model's aliases. Throws a Failure
 * that names what there is.
 */
export async function versionOf(
  client: Client,
  noun: Pick<Noun, 'title' | 'type'>,
  name: string,
  label: string,
): Promise<string> {
  if (label === 'passed' && noun.type === 'data') return passedOf(client, name)
  if (label !== 'latest') return aliasOf(client, noun, name, label)
  const query = { $orderBy: 'createdtime desc', $top: '1', listViewType: 'ActiveOnly' }
  const [newest] = await client.list<Body>(`/${noun.type}/${encode(name)}/versions`, query, 1)
  if (newest?.name !== undefined) return newest.name
  throw new Failure(`there is no ${noun.title} ${name} in ${client.home}`, {
    hint: `twinloop ${nounOf(noun.title)} list lists them`,
  })
}

/** The newest version of data that keeps its contracts. */
async function passedOf(client: Client, name: string): Promise<string> {
  const query = { $orderBy: 'createdtime desc', listViewType: 'ActiveOnly' }
  const isPassed = ({ properties }: Body) =>
    properties?.['contract'] === 'passed' || properties?.['contract'] === 'warned'
  const [newest] = await client.list<Body>(`/data/${encode(name)}/versions`, query, 1, isPassed)
  if (newest?.name !== undefined) return newest.name
  throw new Failure(`no version of ${name} keeps its contracts`, {
    hint: `twinloop data list -n ${name} -o table`,
  })
}

async function aliasOf(
  client: Client,
  noun: Pick<Noun, 'title' | 'type'>,
  name: string,
  label: string,
): Promise<string> {
  if (noun.type !== 'models')
    throw usage(`${article(noun.title)} ${noun.title} has no labels but latest; not "${label}"`)
  const path = `${client.connection.url}/mlflow/v2.0${client.workspaceId}/api/2.0/mlflow/registered-models/alias`
  const found = await client.find<{ model_version?: { version: string } }>(path, { name, alias: label })
  if (found?.model_version !== undefined) return found.model_version.version
  throw new Failure(`model ${name} has no alias ${label}`, {
    hint: `twinloop model show -n ${name} shows it`,
  })
}

/** Containers of what has no name of its own; Azure shows them in no list either. */
const anonymous = new Set(['azureml_anonymous', 'CliV2AnonymousEnvironment'])

export const encode = encodeURIComponent
/** The word on the command line: `data` for a data asset, `online-endpoint` for an online endpoint. */
export const nounOf = (title: string) => title.replace('data asset', 'data').replaceAll(' ', '-')
const article = (title: string) => (/^[aeiou]/.test(title) ? 'an' : 'a')
