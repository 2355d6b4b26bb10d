import { errors } from '../../kernel/errors.ts'
import type { Platform } from '../../kernel/platform.ts'
import { parseArmId } from '../../kernel/resources/arm-id.ts'
import type { Resource } from '../../kernel/resources/resource.ts'
import { passedLabel } from '../passed.ts'
import { contractIn, contractsOf } from './contracts.ts'
import { evaluateContract } from './evaluate.ts'
import type { ContractOutcome } from './evaluation/result.ts'
import { asResult, resultId } from './results.ts'

/** Whoever asks for a version that is just being checked waits so long for the answer. */
const longestWaitMs = 30_000

/**
 * Refuses a version of data that breaks a contract with `enforce: true`, naming the contract. One that was not evaluated
 * yet is evaluated now: who registers data and uses them at once need not know that it takes a moment.
 */
export async function requireContracts(platform: Platform, version: Resource): Promise<void> {
  const [, asset = ''] = parseArmId(version.id).names
  for (const contract of await contractsOf(platform, version.scope, asset)) {
    if (contract.properties['enforce'] !== true) continue
    const outcome = await outcomeOf(platform, version, contract)
    if (outcome === 'passed' || outcome === 'warned') continue
    throw errors.validation(
      `${asset}:${version.name} ${outcome === 'failed' ? 'breaks' : 'could not be checked against'} contract '${contract.name}', which is enforced. ` +
        `See: twinloop data-contract report --name ${contract.name} --data ${version.name}. azureml:${asset}@${passedLabel} is the newest version that keeps it.`,
    )
  }
}

async function outcomeOf(
  platform: Platform,
  version: Resource,
  contract: Resource,
): Promise<ContractOutcome> {
  const result = await platform.resources.find(resultId(version.id, contract.name))
  const status = result === undefined ? undefined : asResult(result).status
  if (status !== undefined && status.provisioningState !== 'Running') return status.outcome ?? 'error'
  const meant = contractIn(contract.properties)
  const options = { timeoutMs: longestWaitMs }
  return (await evaluateContract(platform, version.scope, { ...meant, examples: 0 }, version.id, options))
    .outcome
}
