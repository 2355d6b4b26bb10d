import { tellable } from '../../kernel/errors.ts'
import type { Platform } from '../../kernel/platform.ts'
import { childId, parentId, parseArmId } from '../../kernel/resources/arm-id.ts'
import type { Json, NewEvent, Resource } from '../../kernel/resources/resource.ts'
import type { Reconciler } from '../../kernel/work/reconcile.ts'
import { lostAgain, waitOf, type Lost } from '../stores/lost.ts'
import { contractId, contractIn, contractsOf, dataContracts } from './contracts.ts'
import { evaluateContract } from './evaluate.ts'
import type { CheckResult, ContractOutcome, Evaluation } from './evaluation/result.ts'
import { asResult, contractEvaluations, contractResults, resultId } from './results.ts'
import type { EvaluationRecord, ResultStatus } from './results.ts'

const versions = 'workspaces/data/versions'

/** What a version is marked with: the worst that a contract says of it, `running` while one is being evaluated. */
type Mark = ContractOutcome | 'running'
const worst: readonly Mark[] = ['failed', 'error', 'running', 'warned', 'passed']

/**
 * Sees that there is a result wherever one should be: of every contract for every version that was made while the
 * contract was there, and for the latest version of the contract as it is now.
 */
export const evaluateNewVersions: Reconciler = {
  name: 'data-contracts',
  types: [versions, dataContracts.type],
  async reconcile(resource, { platform }) {
    if (resource.type === versions) {
      if (resource.deleting || resource.archived) return
      const [, asset = ''] = parseArmId(resource.id).names
      const contracts = await contractsOf(platform, resource.scope, asset)
      for (const contract of contracts) await evaluateIfDue(platform, resource, contract)
    } else if (resource.deleting) await forget(platform, resource)
    else {
      const latest = await latestOf(platform, resource)
      if (latest !== undefined) await evaluateIfDue(platform, latest, resource)
    }
  },
}

async function latestOf(platform: Platform, contract: Resource): Promise<Resource | undefined> {
  const container = childId(parentId(contract.id), 'data', String(contract.properties['data']))
  const [latest] = await platform.resources.list({ type: versions, parent: container, top: 1 })
  return latest
}

async function evaluateIfDue(platform: Platform, version: Resource, contract: Resource): Promise<void> {
  const id = resultId(version.id, contract.name)
  const result = await platform.resources.find(id)
  const isLatest = (await latestOf(platform, contract))?.key === version.key
  const isStale = result !== undefined && isLatest && asked(result) < contract.generation
  const isMissing = result === undefined && (isLatest || version.createdAt >= contract.createdAt)
  if (!isMissing && !isStale) return
  await platform.resources.put(platform.identity('data'), id, {
    properties: { contractGeneration: contract.generation },
  })
}

const asked = (result: Resource) =>
  Math.max(
    Number(result.properties['contractGeneration'] ?? 0),
    Number(result.status['contractGeneration'] ?? 0),
  )

/** A contract that goes takes its results along, and what they said of versions. */
async function forget(platform: Platform, contract: Resource): Promise<void> {
  const results = await platform.resources.list({
    type: contractResults.type,
    scope: contract.scope,
    view: 'all',
  })
  for (const result of results)
    if (result.name.toLowerCase() === contract.name.toLowerCase()) {
      await platform.resources.remove(platform.identity('data'), result.id)
      await mark(platform, parentId(result.id))
    }
  await platform.resources.purge(contract.key)
}

/** Evaluates a result that is wanted, and tells of it: in the history, on the version, to who listens. */
export const evaluateResults: Reconciler = {
  name: 'contract-results',
  types: [contractResults.type],
  async reconcile(resource, { platform, signal }) {
    const result = asResult(resource)
    if (result.status.provisioningState !== 'Running') return
    const versionId = parentId(result.id)
    const contract = await platform.resources.find(contractId(workspaceOf(versionId), result.name))
    if (contract === undefined || contract.deleting) {
      await platform.resources.remove(platform.identity('data'), result.id)
      await mark(platform, versionId)
      return
    }
    const wait = waitOf(result.status.lost, platform.clock())
    if (wait > 0) return { again: wait }
    await mark(platform, versionId)
    const startedAt = platform.clock()
    const found = await attempt(platform, contract, versionId, result.status.lost, signal)
    if ('lost' in found) {
      await platform.resources.setStatus(result.key, { lost: found.lost }, { etag: result.etag })
      return { again: found.again }
    }
    const { record, status, events } = told(contract, versionId, startedAt, found)
    await platform.resources.put(
      platform.identity('data'),
      childId(contract.id, 'evaluations', `${parseArmId(versionId).names.at(-1)}.${result.etag.slice(0, 8)}`),
      { properties: record },
    )
    const written = await platform.resources.setStatus(result.key, status, { etag: result.etag, events })
    // Asked again meanwhile: another run is on its way.
    if (written === undefined) return
    await mark(platform, versionId)
    if ((await latestOf(platform, contract))?.key === versionId.toLowerCase())
      await platform.resources.setStatus(contract.key, {
        latest: { version: record.version, outcome: record.outcome, at: record.startedAt },
      })
  },
}

type Found =
  | { readonly evaluation: Evaluation }
  | { readonly error: { readonly code: string; readonly message: string } }

/** Data that cannot be read are a finding, too: they keep no contract. */
async function attempt(
  platform: Platform,
  contract: Resource,
  versionId: string,
  before: Lost | null | undefined,
  signal: AbortSignal,
): Promise<Found | { readonly lost: Lost; readonly again: number }> {
  try {
    const meant = contractIn(contract.properties)
    return {
      evaluation: await evaluateContract(platform, workspaceOf(versionId), meant, versionId, { signal }),
    }
  } catch (error) {
    const known = tellable(error)
    // What may pass (the disk is full, the child was lost) is tried again; a store that is not reached, for some minutes.
    if (known === undefined || signal.aborted || (known.kind.status >= 500 && known.kind.status !== 503))
      throw error
    if (known.kind.status === 503) {
      const next = lostAgain(before, known.message, platform.clock())
      if ('lost' in next) return next
      const message = `${next.gaveUp} Check again once it can be reached.`
      return { error: { code: known.kind.code, message } }
    }
    return { error: { code: known.kind.code, message: known.message } }
  }
}

/** An evaluation in the three forms in which it is told. */
function told(contract: Resource, versionId: string, startedAt: Date, found: Found) {
  const version = parseArmId(versionId).names.at(-1) ?? ''
  const evaluation = 'evaluation' in found ? found.evaluation : undefined
  const outcome = evaluation?.outcome ?? 'error'
  const contractGeneration = contract.generation
  const record: EvaluationRecord = {
    version,
    versionId,
    contractGeneration,
    outcome,
    startedAt: evaluation?.startedAt ?? startedAt.toISOString(),
    checks: (evaluation?.results ?? []).map(({ name, outcome: of, observed }) => ({
      name,
      outcome: of,
      observed,
    })),
    ...(evaluation === undefined
      ? {}
      : { rows: evaluation.rows, statistics: evaluation.statistics, seconds: evaluation.seconds }),
    ...('error' in found ? { error: found.error } : {}),
  }
  const nothing = { lost: null, results: null, statistics: null, rows: null, notes: null, seconds: null }
  const status: Json =
    evaluation === undefined
      ? {
          ...nothing,
          provisioningState: 'Failed',
          outcome,
          contractGeneration,
          startedAt: record.startedAt,
          error: record.error,
        }
      : { provisioningState: 'Succeeded', contractGeneration, error: null, lost: null, ...evaluation }
  return { record, status, events: [eventOf(contract, record, evaluation?.results ?? [])] }
}

function eventOf(contract: Resource, record: EvaluationRecord, results: readonly CheckResult[]): NewEvent {
  const data = String(contract.properties['data'])
  const isGood = record.outcome === 'passed' || record.outcome === 'warned'
  return {
    type: isGood ? 'Twinloop.DataContractPassed' : 'Twinloop.DataContractFailed',
    subject: `data/${data}:${record.version}`,
    source: workspaceOf(contract.id),
    data: {
      contract: contract.name,
      contractId: contract.id,
      data,
      version: record.version,
      versionId: record.versionId,
      resultId: resultId(record.versionId, contract.name),
      outcome: record.outcome,
      violations: results
        .filter(({ outcome }) => outcome !== 'success')
        .slice(0, 20)
        .map(({ name, outcome, sentence, observed }) => ({ name, outcome, sentence, observed })),
      ...(record.error === undefined ? {} : { error: record.error }),
    },
  }
}

/** Marks a version with what all its contracts say of it. */
async function mark(platform: Platform, versionId: string): Promise<void> {
  const results = await platform.resources.list({ type: contractResults.type, parent: versionId })
  const said = results.map((result): Mark => markOf(asResult(result).status))
  await platform.resources.setStatus(versionId.toLowerCase(), {
    contract: worst.find((w) => said.includes(w)) ?? null,
  })
}

const markOf = ({ provisioningState, outcome }: ResultStatus): Mark =>
  provisioningState === 'Running' ? 'running' : (outcome ?? 'error')

const workspaceOf = (id: string) => id.split('/').slice(0, 9).join('/')

/** Definitions and reconcilers of contracts, for the room. */
export const contractDefinitions = [dataContracts, contractResults, contractEvaluations]
export const contractReconcilers = [evaluateNewVersions, evaluateResults]
