import { UserError } from '../../kernel/errors.ts'
import { childId, keyOf } from '../../kernel/resources/arm-id.ts'
import type { Json, Resource } from '../../kernel/resources/resource.ts'
import type { DeliveryRecord } from '../releases/release.ts'
import { analysisSettings } from './analysis/settings.ts'
import type { DeliveryContext, DeliveryProgress } from './delivery.ts'
import { deploymentName } from './steps/begin.ts'
import { deploymentWords } from './target/deployment-body.ts'

/** What the delivery to a batch endpoint remembers; beside the online one's, where a plan has both. */
export interface BatchWorking {
  readonly phase: 'making' | 'checking' | 'switching' | 'over'
  readonly deployment: string
  /** The default before; null of a new endpoint. */
  readonly former: string | null
  /** Name of the job that scores the plan's data before the switch. */
  readonly job?: string
}

const soon = 1000

type Progress = Omit<DeliveryProgress, 'record'> & {
  readonly working: BatchWorking
  readonly state: 'running' | 'succeeded' | 'failed'
  readonly doing: string
}

const endpointId = ({ workspaceId, plan }: Pick<DeliveryContext, 'workspaceId' | 'plan'>) =>
  childId(workspaceId, 'batchEndpoints', plan.batch ?? '')

const defaultOf = (endpoint: Resource): string | null =>
  ((endpoint.properties['defaults'] ?? {}) as { deploymentName?: string | null }).deploymentName ?? null

/**
 * Takes a delivery to a batch endpoint a step further: its deployment is made and ready, scores the plan's data if it
 * names any, and becomes the default one.
 */
export async function stepBatch(
  context: DeliveryContext,
  before: BatchWorking | undefined,
): Promise<Progress> {
  if (before === undefined) return plan(context)
  switch (before.phase) {
    case 'making':
      return make(context, before)
    case 'checking':
      return check(context, before)
    case 'switching':
      return switchTo(context, before)
    case 'over':
      return { working: before, state: 'succeeded', doing: `${before.deployment} scores in bulk` }
  }
}

/** Names what will be made, so that it can be found after a kill. */
async function plan(context: DeliveryContext): Promise<Progress> {
  const { platform, candidate } = context
  const endpoint = await platform.resources.find(endpointId(context))
  const deployments = endpoint === undefined ? [] : await deploymentsOf(context)
  const own = deployments.find((each) => modelOf(each) === keyOf(candidate.id))
  const taken = new Set(deployments.map(({ name }) => name.toLowerCase()))
  const wanted = deploymentName(candidate.name, candidate.version)
  const free = [wanted, ...Array.from({ length: 99 }, (_, i) => `${wanted.slice(0, 28)}-${i + 2}`)]
  const deployment = own?.name ?? free.find((name) => !taken.has(name.toLowerCase())) ?? wanted
  const former = endpoint === undefined ? null : defaultOf(endpoint)
  return {
    working: { phase: 'making', deployment, former },
    state: 'running',
    doing: `makes batch deployment ${deployment}`,
    happened: `Delivers ${candidate.name}:${candidate.version} for scoring in bulk as deployment ${deployment}.`,
    again: 0,
  }
}

async function make(context: DeliveryContext, working: BatchWorking): Promise<Progress> {
  const { platform, actor } = context
  const { resources, config } = platform
  const id = endpointId(context)
  const at = childId(id, 'deployments', working.deployment)
  if ((await resources.find(id)) === undefined)
    await resources.put(actor, id, { location: config.location, properties: { authMode: 'AADToken' } })
  const found = await resources.find(at)
  if (found === undefined) {
    try {
      await resources.put(actor, at, await bodyOf(context, working))
    } catch (error) {
      if (error instanceof UserError && error.kind.status < 429) return failed(working, error.message)
      throw error
    }
  }
  const state = found?.status['provisioningState']
  if (state === 'Failed')
    return failed(
      working,
      `Batch deployment ${working.deployment} did not come up: ${String((found?.status['error'] as Json | null)?.['message'])}`,
    )
  if (state !== 'Succeeded')
    return {
      working,
      state: 'running',
      doing: `batch deployment ${working.deployment} comes up`,
      again: soon,
    }
  const isChecked = analysisSettings.parse(context.plan.analysis).batch_data !== undefined
  return {
    working: {
      ...working,
      phase: isChecked ? 'checking' : 'switching',
      ...(isChecked ? { job: jobName() } : {}),
    },
    state: 'running',
    doing: isChecked ? 'scores the data that the plan names' : 'becomes the default',
    happened: `Batch deployment ${working.deployment} is ready.`,
    again: 0,
  }
}

/**
 * The body of a deployment as the default one's, but for its model and what the plan says. A script that scores online
 * requests scores no mini-batches, so it is taken from a plan that delivers to a batch endpoint alone.
 */
async function bodyOf({ platform, plan, workspaceId, candidate }: DeliveryContext, { former }: BatchWorking) {
  const endpoint = endpointId({ workspaceId, plan })
  const like =
    former === null ? undefined : await platform.resources.find(childId(endpoint, 'deployments', former))
  const words = deploymentWords.parse(plan.deployment)
  const { environment, environment_variables: variables, instance_count: instances, tags } = words
  const code = plan.online === undefined ? words.code_configuration : undefined
  return {
    location: platform.config.location,
    tags: { ...like?.envelope.tags, ...tags },
    properties: {
      ...like?.properties,
      model: { referenceType: 'Id', assetId: candidate.id },
      ...(environment === undefined ? {} : { environmentId: environment }),
      ...(variables === undefined
        ? {}
        : { environmentVariables: { ...(like?.properties['environmentVariables'] as Json), ...variables } }),
      ...(instances === undefined ? {} : { resources: { instanceCount: instances } }),
      ...(code === undefined
        ? {}
        : { codeConfiguration: { codeId: code.code, scoringScript: code.scoring_script } }),
    },
  }
}

const jobName = () => `release-check-${crypto.randomUUID()}`

/** A default deployment that cannot score is found before anybody relies on it. */
async function check(context: DeliveryContext, working: BatchWorking): Promise<Progress> {
  const { platform, actor, workspaceId, plan } = context
  const { job = '', deployment } = working
  const found = await platform.resources.find(childId(workspaceId, 'jobs', job))
  if (found === undefined) {
    const data = analysisSettings.parse(plan.analysis).batch_data ?? ''
    const properties = {
      name: job,
      deployment,
      inputData: { data: { jobInputType: 'uri_folder', uri: data } },
      // Unless it is said, a job is content whatever becomes of its rows.
      errorThreshold: 0,
    }
    try {
      await platform.resources.act(actor, endpointId(context), 'invoke', { properties })
    } catch (error) {
      if (error instanceof UserError && error.kind.status < 429) return failed(working, error.message)
      throw error
    }
    return { working, state: 'running', doing: `scores ${data} with ${deployment}`, again: soon }
  }
  const status = String(found.status['status'])
  if (['Failed', 'Canceled'].includes(status))
    return failed(
      working,
      `Batch deployment ${deployment} does not score the plan's data: job ${job} has ${status.toLowerCase()}.`,
    )
  if (status !== 'Completed')
    return { working, state: 'running', doing: `job ${job} scores the plan's data`, again: soon }
  return {
    working: { ...working, phase: 'switching' },
    state: 'running',
    doing: 'becomes the default',
    happened: `Batch deployment ${deployment} scores the plan's data (job ${job}).`,
    again: 0,
  }
}

async function switchTo(context: DeliveryContext, working: BatchWorking): Promise<Progress> {
  await makeDefault(context, working.deployment)
  const { former, deployment } = working
  return {
    working: { ...working, phase: 'over' },
    state: 'succeeded',
    doing: `${deployment} scores in bulk`,
    happened:
      former === null || former === deployment
        ? `${deployment} is the default of ${context.plan.batch}.`
        : `${deployment} is the default of ${context.plan.batch} in place of ${former}, which stays.`,
  }
}

/** One write of the endpoint. */
export async function makeDefault(
  context: Pick<DeliveryContext, 'platform' | 'actor' | 'workspaceId' | 'plan'>,
  deployment: string,
): Promise<void> {
  const { platform, actor } = context
  await platform.resources.patch(actor, endpointId(context), {
    properties: { defaults: { deploymentName: deployment } },
  })
}

export async function hasBatchDeployment(
  context: Pick<DeliveryContext, 'platform' | 'workspaceId' | 'plan'>,
  deployment: string,
): Promise<boolean> {
  const found = await context.platform.resources.find(childId(endpointId(context), 'deployments', deployment))
  return found !== undefined && !found.deleting
}

const failed = (working: BatchWorking, why: string): Progress => ({
  working: { ...working, phase: 'over' },
  state: 'failed',
  doing: why,
  happened: why,
})

const deploymentsOf = (context: DeliveryContext) =>
  context.platform.resources.list({
    type: 'workspaces/batchEndpoints/deployments',
    parent: endpointId(context),
    top: 1000,
  })

function modelOf({ properties }: Resource): string | undefined {
  const id = (properties['model'] as { assetId?: unknown } | null | undefined)?.assetId
  return typeof id === 'string' ? keyOf(id) : undefined
}

/** What a record says of the batch endpoint. */
export const batchIn = ({ working }: Pick<DeliveryRecord, 'working'>): BatchWorking | undefined =>
  working?.['batch'] as BatchWorking | undefined
