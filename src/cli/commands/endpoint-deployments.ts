import type { Client } from '../client/client.ts'
import { defineCommand } from '../define-command.ts'
import type { Command, Flag, Flags } from '../define-command.ts'
import { usage } from '../failure.ts'
import type { Body } from '../present/present.ts'
import { encode, nameFlag, noWaitFlag, yesFlag } from './verbs.ts'
import type { Noun } from './verbs.ts'

export const endpointFlag = {
  type: 'text',
  short: 'e',
  aliases: ['endpoint'],
  placeholder: 'NAME',
  summary: 'Its endpoint.',
} as const satisfies Flag
export const requiredEndpoint = { ...endpointFlag, required: true } as const

/** Deployments below endpoints, as the command line sees them. */
export interface DeploymentNoun extends Noun {
  /** Path segment of their endpoints. */
  readonly endpoints: 'onlineEndpoints' | 'batchEndpoints'
  /** Name of an endpoint for examples. */
  readonly exampleEndpoint: string
}

export const deploymentPath = (
  { endpoints }: Pick<DeploymentNoun, 'endpoints'>,
  endpoint: string,
  name: string,
): string => `/${endpoints}/${encode(endpoint)}/deployments/${encode(name)}`

/** What the flags of `create` say of the file's fields, beside those of its own `--set`. */
export const namingSets = (flags: {
  readonly name?: string | undefined
  readonly endpointName?: string | undefined
}): readonly string[] => [
  ...(flags.name === undefined ? [] : [`name=${flags.name}`]),
  ...(flags.endpointName === undefined ? [] : [`endpoint_name=${flags.endpointName}`]),
]

/** The endpoint that a file or a flag names. Throws a Failure that says how, if none does. */
export function endpointOf({
  endpoint_name: endpoint,
}: {
  readonly endpoint_name?: string | undefined
}): string {
  if (endpoint !== undefined) return endpoint
  throw usage('the deployment has no endpoint', '--endpoint-name NAME, or endpoint_name: in the file')
}

interface Named {
  readonly name: string
  readonly endpointName: string
}

/** `show`, `list` and `delete`, which are the same for deployments of every kind. */
export function deploymentCommands(noun: DeploymentNoun, accepted: Flags, deleting: string) {
  const named = { name: nameFlag, endpointName: requiredEndpoint }
  const one = `-n ${noun.example} -e ${noun.exampleEndpoint}`
  const path = ({ endpointName, name }: Named) => deploymentPath(noun, endpointName, name)
  const show: Command = defineCommand({
    noun: noun.noun,
    verb: 'show',
    summary: `Shows one ${noun.title}.`,
    flags: { ...named, ...accepted },
    table: noun.table,
    examples: [`twinloop ${noun.noun} show ${one}`],
    run: async ({ flags, client }) => noun.present(await (await client()).get<Body>(path(flags as Named))),
  })
  const list: Command = defineCommand({
    noun: noun.noun,
    verb: 'list',
    summary: `Lists the ${noun.title}s of an endpoint.`,
    flags: { endpointName: requiredEndpoint, ...accepted },
    table: noun.table,
    examples: [`twinloop ${noun.noun} list -e ${noun.exampleEndpoint} -o table`],
    async run({ flags, client }) {
      const { endpointName } = flags as Pick<Named, 'endpointName'>
      return listOf(await client(), noun, endpointName)
    },
  })
  const remove: Command = defineCommand({
    noun: noun.noun,
    verb: 'delete',
    summary: deleting,
    flags: { ...named, yes: yesFlag, noWait: noWaitFlag, ...accepted },
    examples: [`twinloop ${noun.noun} delete ${one} -y`],
    async run({ flags, client }) {
      const { noWait, ...which } = flags as Named & { readonly noWait: boolean }
      await (await client()).remove(path(which), { wait: !noWait })
      return undefined
    },
  })
  return { show, list, remove }
}

async function listOf(api: Client, noun: DeploymentNoun, endpoint: string) {
  const bodies = await api.list<Body>(`/${noun.endpoints}/${encode(endpoint)}/deployments`)
  return bodies.map((body) => noun.present(body))
}
