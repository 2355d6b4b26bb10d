import { z } from 'zod'
import { childId, parentId, parseArmId, scopeId } from '../../kernel/resources/arm-id.ts'
import { errors } from '../../kernel/errors.ts'
import type { Json, Resource, ResourceDefinition } from '../../kernel/resources/resource.ts'
import type { Lost } from '../stores/lost.ts'
import { contractId, nearestContract } from './contracts.ts'
import type { CheckOutcome, ContractOutcome, Evaluation, Statistics } from './evaluation/result.ts'

/** What a version's result holds once it is there. */
export interface ResultStatus extends Json, Partial<Evaluation> {
  readonly provisioningState: 'Running' | 'Succeeded' | 'Failed'
  /** Generation of the contract that was evaluated. */
  readonly contractGeneration?: number
  readonly error?: { readonly code: string; readonly message: string }
  /** The store could not be reached, and is tried again. */
  readonly lost?: Lost | null
}

/** What a contract says of one version of its data, by the contract's name. PUT evaluates (again). */
export const contractResults: ResourceDefinition = {
  type: 'contractResults',
  provider: 'Twinloop',
  summary: 'What became of each check of a contract in one version of data, with failing examples.',
  schema: z.looseObject({}),
  longRunning: true,
  async prepare({ id, name }, platform) {
    const version = parseArmId(parentId(id))
    const [, asset = ''] = version.names
    if (version.type.toLowerCase() !== 'workspaces/data/versions')
      throw errors.badRequest(`A contract is evaluated on a version of data, and '${parentId(id)}' is none.`)
    const workspace = scopeId(id) ?? ''
    const contract = await platform.resources.find(contractId(workspace, name))
    if (contract === undefined) {
      const near = await nearestContract(platform, workspace, name)
      throw errors.notFound(
        `There is no data contract '${name}' here.${near === undefined ? '' : ` Did you mean '${near}'?`}`,
      )
    }
    if (String(contract.properties['data']).toLowerCase() !== asset.toLowerCase())
      throw errors.badRequest(
        `Contract '${name}' is of '${String(contract.properties['data'])}', not of '${asset}'. POST ${contract.id}/evaluate tries it on any data.`,
      )
    return { status: { provisioningState: 'Running', lost: null }, again: true }
  },
}

export const resultId = (versionId: string, contract: string): string =>
  childId(versionId, 'providers', 'Twinloop', 'contractResults', contract)

export const asResult = (resource: Resource) => resource as Resource<Json, ResultStatus>

/** What an evaluation was, without its examples: the history that outlives the version, and the data in it. */
export interface EvaluationRecord extends Json {
  readonly version: string
  readonly versionId: string
  readonly contractGeneration: number
  readonly outcome: ContractOutcome
  readonly rows?: number
  readonly statistics?: Statistics
  readonly startedAt: string
  readonly seconds?: number
  readonly checks: readonly {
    readonly name: string
    readonly outcome: CheckOutcome
    readonly observed: string
  }[]
  readonly error?: { readonly code: string; readonly message: string }
}

/** One evaluation of a contract, for its history. Written by the platform alone. */
export const contractEvaluations: ResourceDefinition = {
  type: 'dataContracts/evaluations',
  provider: 'Twinloop',
  summary: 'The history of a contract: what each evaluation of it found.',
  schema: z.looseObject({}),
  filters: { version: 'properties.version' },
  async prepare({ actor }, platform) {
    if (actor.id !== platform.identity('data').id)
      throw errors.forbidden('The history of a contract is written by its evaluations, and by nobody else.')
    return undefined
  },
}
