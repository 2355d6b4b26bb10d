import { parse } from 'yaml'
import { z } from 'zod'
import { errors } from '../../kernel/errors.ts'
import type { Platform } from '../../kernel/platform.ts'
import type { ActionContext, Json, Resource, ResourceDefinition } from '../../kernel/resources/resource.ts'
import { assetFields, parseOrThrow } from '../../kernel/resources/schema.ts'
import { childId, scopeId } from '../../kernel/resources/arm-id.ts'
import { nearest } from '../../kernel/nearest.ts'
import type { Contract } from './contract.ts'
import { evaluateContract } from './evaluate.ts'
import { parseContract } from './grammar/parse.ts'
import { suggestFor } from './suggest/suggest-for.ts'

/** A contract as it is written; what it means is read from it anew wherever it is needed. */
export const contractSchema = z
  .looseObject({
    ...assetFields,
    data: z.unknown().optional(),
    checks: z.unknown().optional(),
    freshness: z.unknown().optional(),
  })
  .superRefine((contract, context) => {
    for (const { path, message, hint } of parseContract(contract).mistakes)
      context.addIssue({
        code: 'custom',
        path: [...path],
        message: hint === undefined ? message : `${message} (${hint})`,
      })
  })

/** What both questions about data need, whatever the data are. */
const readsData = 'Microsoft.MachineLearningServices/workspaces/data/versions/read'

/** An action waits for its answer, and this is as long as one may wait; a version is evaluated however long it takes. */
const longestWaitMs = 110_000

/** What is expected of a data asset, in all its versions. */
export const dataContracts: ResourceDefinition<z.infer<typeof contractSchema>> = {
  type: 'dataContracts',
  provider: 'Twinloop',
  summary: 'What is expected of every version of a data asset, as checks that are evaluated.',
  schema: contractSchema,
  reconciledDelete: true,
  filters: { data: 'properties.data' },
  prepare: async ({ id, actor, body: { properties } }, platform) => {
    if (
      scopeId(id) === undefined ||
      !/\/workspaces\/[^/]+\/providers\/twinloop\/dataContracts\/[^/]+$/i.test(id)
    )
      throw errors.badRequest(`A data contract belongs to a workspace; '${id}' is not in one.`)
    // Its results show values, and its SQL may ask any data of the workspace.
    await platform.access.require(actor, readsData, scopeId(id) ?? '')
    // Stored by its bare name, so that the contracts of an asset can be found.
    return { properties: { ...properties, data: contractIn(properties).data } }
  },
  actions: {
    evaluate: { operation: 'read', runAhead: evaluate },
    suggest: { operation: 'read', runAhead: suggest },
  },
}

/** The contract that properties of a resource are. Throws validation for one that a newer grammar no longer takes. */
export function contractIn(properties: Json): Contract {
  const { contract, mistakes } = parseContract(properties)
  if (contract !== undefined) return contract
  const [first] = mistakes
  throw errors.validation(`This contract cannot be read: ${first?.message ?? 'it is empty'}.`)
}

/** The contract of a name in a workspace. Throws notFound, naming the nearest. */
export async function contractNamed(
  platform: Platform,
  workspaceId: string,
  name: string,
): Promise<Contract> {
  return contractIn((await platform.resources.get(contractId(workspaceId, name))).properties)
}

export const contractId = (workspaceId: string, name: string): string =>
  childId(workspaceId, 'providers', 'Twinloop', 'dataContracts', name)

/** All contracts of a data asset, by the name of the asset. */
export async function contractsOf(
  platform: Platform,
  scope: string,
  asset: string,
): Promise<readonly Resource[]> {
  const all = await platform.resources.list({ type: dataContracts.type, scope })
  return all.filter(
    ({ properties, deleting }) =>
      !deleting && String(properties['data']).toLowerCase() === asset.toLowerCase(),
  )
}

const evaluateInput = z.looseObject({
  /** A reference; default: the latest version of the contract's own data. */
  data: z.string().min(1).nullish(),
  /** A contract to try in place of the one that is kept, or before there is one. */
  contract: z.record(z.string(), z.unknown()).nullish(),
})

/** Answers at once what the checks say of some data. Nothing is kept; a version's standing result is `contractResults`. */
async function evaluate({ platform, id, input, actor, signal }: Omit<ActionContext, 'resource'>) {
  const { data, contract: tried } = parseOrThrow(evaluateInput, input, 'evaluate')
  const workspace = scopeId(id) ?? ''
  const contract =
    tried === null || tried === undefined
      ? await contractNamed(platform, workspace, id.split('/').at(-1) ?? '')
      : contractIn(parseOrThrow(contractSchema, tried, 'contract', 'contract'))
  const reference = data ?? `azureml:${contract.data}@latest`
  await platform.access.require(
    actor,
    'Microsoft.MachineLearningServices/workspaces/data/versions/read',
    workspace,
  )
  const body = await evaluateContract(platform, workspace, contract, reference, {
    timeoutMs: longestWaitMs,
    ...(signal === undefined ? {} : { signal }),
  })
  return { body: { data: reference, ...body } }
}

const suggestInput = z.looseObject({
  /** A reference; default: the latest version of the asset that has the contract's name. */
  data: z.string().min(1).nullish(),
})

/** Suggests a contract from a profile of some data, as YAML with reasons and as the properties that it stands for. */
async function suggest({ platform, id, input, actor, signal }: Omit<ActionContext, 'resource'>) {
  const { data } = parseOrThrow(suggestInput, input, 'suggest')
  const workspace = scopeId(id) ?? ''
  const name = id.split('/').at(-1) ?? ''
  await platform.access.require(actor, readsData, workspace)
  const yaml = await suggestFor(platform, workspace, data ?? `azureml:${name}@latest`, {
    name,
    timeoutMs: longestWaitMs,
    ...(signal === undefined ? {} : { signal }),
  })
  const { $schema: _, type: __, name: ___, ...properties } = parse(yaml) as Json
  return { body: { yaml, properties } }
}

/** For messages about a contract that is not there. */
export async function nearestContract(
  platform: Platform,
  workspaceId: string,
  name: string,
): Promise<string | undefined> {
  const all = await platform.resources.list({ type: dataContracts.type, scope: workspaceId })
  return nearest(
    name,
    all.map((contract) => contract.name),
  )
}
