import { z } from 'zod'
import { contractIn, contractNamed, contractsOf } from '../../../data/contracts/contracts.ts'
import { evaluateContract } from '../../../data/contracts/evaluate.ts'
import { parseReference } from '../../../data/locations.ts'
import { resolve } from '../../../data/resolve.ts'
import { errors, UserError } from '../../../kernel/errors.ts'
import { keyOf, parseArmId, scopeId } from '../../../kernel/resources/arm-id.ts'
import type { Platform } from '../../../kernel/platform.ts'
import type { Gate, GateContext, PlanContext, PlanMistake } from '../gate.ts'
import { reference } from '../parameters.ts'
import { contractFragment } from './report.ts'
import { resultOf, type Evaluated } from './result.ts'
import { trainedOn } from './trained-on.ts'

const parameters = z.strictObject({
  /** Default: the latest version, in the stage's workspace, of every data asset that the candidate was trained on. */
  data: reference.optional(),
  /** Name of a contract, or several; default: all that the data asset has. */
  contract: z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]).optional(),
  /** What a warning of a contract does to the gate. */
  warnings: z.enum(['pass', 'fail']).default('pass'),
})

type Parameters = z.infer<typeof parameters>

const readsData = 'Microsoft.MachineLearningServices/workspaces/data/versions/read'

/** Whether the data of the stage are what their contracts say. */
export const dataQuality: Gate<Parameters> = {
  name: 'data_quality',
  summary: "Evaluates data contracts on the stage's data.",
  parameters,
  check,

  async advance(given, context) {
    const { platform, actor, workspaceId } = context
    await platform.access.require(actor, readsData, workspaceId)
    const pinned = context.state['pinned'] as readonly Pinned[] | undefined
    if (pinned === undefined) {
      const found = await pin(given, context)
      return { state: { pinned: found }, doing: 'finds the data and their contracts', again: 0 }
    }
    const evaluated = await context.inBackground('evaluate', (signal) => evaluate(pinned, context, signal))
    if (evaluated === undefined)
      return {
        doing: `checks ${pinned.map(({ label, contract }) => `${label} against ${contract}`).join(', ')}`,
      }
    return { result: await resultOf(evaluated, given.warnings, context) }
  },

  report: contractFragment,
}

/** A version of data and one contract that is asked of it. */
interface Pinned {
  /** A reference that means the same whenever it is followed: a version's id where the data are an asset. */
  readonly data: string
  /** `flights:3`. */
  readonly label: string
  readonly contract: string
}

/** What the gate asks, the same in every step: labels such as `latest` mean what they mean now. */
async function pin(given: Parameters, context: GateContext): Promise<readonly Pinned[]> {
  const { platform, workspaceId } = context
  const data = given.data === undefined ? await trainedOn(context) : [await pinned(given.data, context)]
  const found: Pinned[] = []
  for (const one of data) {
    const names =
      given.contract === undefined
        ? one.asset === undefined
          ? []
          : (await contractsOf(platform, workspaceId, one.asset)).map(({ name }) => name)
        : [given.contract].flat()
    found.push(...names.map((contract) => ({ data: one.data, label: one.label, contract })))
  }
  return found
}

async function pinned(data: string, { platform, workspaceId }: GateContext) {
  const { asset } = await resolve(platform, workspaceId, data)
  if (asset === undefined) return { data, label: data, asset: undefined }
  const [, name = ''] = parseArmId(asset.id).names
  return { data: asset.id, label: `${name}:${asset.name}`, asset: name }
}

async function evaluate(
  pinned: readonly Pinned[],
  { platform, workspaceId }: GateContext,
  signal: AbortSignal,
): Promise<readonly Evaluated[]> {
  const done: Evaluated[] = []
  for (const { data, label, contract } of pinned) {
    const meant = await contractNamed(platform, workspaceId, contract)
    const evaluation = await evaluateContract(platform, workspaceId, meant, data, { signal })
    done.push({ data, label, contract, evaluation })
  }
  return done
}

async function check(given: Parameters, { platform, workspaceId }: PlanContext) {
  const mistakes: PlanMistake[] = []
  const names = given.contract === undefined ? [] : [given.contract].flat()
  for (const [i, name] of names.entries()) {
    const path = Array.isArray(given.contract) ? ['contract', i] : ['contract']
    await blame(mistakes, path, () => contractNamed(platform, workspaceId, name))
  }
  const { data } = given
  if (data === undefined) return mistakes
  await blame(mistakes, ['data'], async () => {
    const asset = await assetOf(platform, workspaceId, data)
    if (names.length > 0) return
    if (asset === undefined)
      throw errors.validation(`'${data}' is no data asset, which would have contracts: name a contract.`)
    const contracts = await contractsOf(platform, workspaceId, asset)
    if (contracts.length === 0)
      throw errors.validation(
        `Data asset '${asset}' has no contract. Write one: twinloop data-contract suggest --name ${asset}`,
      )
    for (const { properties } of contracts) contractIn(properties)
  })
  return mistakes
}

/** Name of the data asset that a reference is to. Throws if it leads nowhere, or out of the workspace. */
async function assetOf(platform: Platform, workspaceId: string, data: string): Promise<string | undefined> {
  const parsed = parseReference(data)
  const { asset } = await resolve(platform, workspaceId, parsed)
  if (asset === undefined) return undefined
  const scope = scopeId(asset.id) ?? ''
  return keyOf(scope) === keyOf(workspaceId) ? parseArmId(asset.id).names[1] : undefined
}

async function blame(
  mistakes: PlanMistake[],
  path: readonly (string | number)[],
  look: () => Promise<unknown>,
): Promise<void> {
  try {
    await look()
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    mistakes.push({ path, message: error.message })
  }
}
