import { randomUUID } from 'node:crypto'
import { basename } from 'node:path'
import { z } from 'zod'
import { resolve as follow } from '../../data/resolve.ts'
import { childId } from '../../kernel/resources/arm-id.ts'
import type { Actor } from '../../kernel/access/access.ts'
import { errors } from '../../kernel/errors.ts'
import { nearest } from '../../kernel/nearest.ts'
import type { Platform } from '../../kernel/platform.ts'
import type { Action, Json, Resource } from '../../kernel/resources/resource.ts'
import { parseOrThrow } from '../../kernel/resources/schema.ts'
import { batchJob, queryOf, type BatchJobParts } from './batch-job.ts'
import type { BatchDeploymentStatus } from './batch-deployments.ts'
import { anonymousComponent } from '../../training/components/anonymous.ts'
import { findComponent } from '../../training/components/find.ts'
import { jobs } from '../../training/jobs/jobs.ts'
import { planQuery } from './query/plan.ts'
import { programsKey } from '../deployments/native/cache.ts'
import { pipelineOf, readInvocation, type BatchDeployment, type Invocation } from './settings.ts'

type Deployment = Resource<BatchDeployment> & { readonly status: BatchDeploymentStatus }

/**
 * `POST {endpoint}/invoke { properties: { inputData, outputData, deployment, … } }`: scores data; answers with the job
 * that does it. The same as a POST to the endpoint's scoringUri, for whoever speaks to the resource itself.
 */
export const invoke: Action = {
  input: z.looseObject({ properties: z.looseObject({}) }),
  async run({ platform, actor, resource, input }) {
    return { body: await startBatchJob(platform, actor, resource, readInvocation(input)) }
  },
}

/** `POST {endpoint}/checkInvocation`, asked the same: 204 if it could be invoked so, and the error if not. Makes nothing. */
export const checkInvocation: Action = {
  operation: 'invoke/action',
  asks: true,
  input: z.looseObject({ properties: z.looseObject({}) }),
  async run({ platform, actor, resource, input }) {
    const { id, name, scope, properties } = await jobOf(platform, actor, resource, readInvocation(input))
    const body = { properties: parseOrThrow(jobs.schema, properties, 'The job', 'properties') }
    await jobs.prepare?.({ id, name, scope, before: undefined, actor, body }, platform)
    return undefined
  },
}

/** Submits the job of an invocation in the caller's name, and answers with it as Azure's clients read it. */
export async function startBatchJob(
  platform: Platform,
  actor: Actor,
  endpoint: Resource,
  invocation: Invocation,
): Promise<Json> {
  const { id, properties } = await jobOf(platform, actor, endpoint, invocation)
  const given = { ...properties, ...(await registered(platform, endpoint.scope, properties)) }
  // A name that was used before is refused rather than answered with the earlier job.
  const { resource } = await platform.resources.put(actor, id, { properties: given }, { ifNoneMatch: '*' })
  return presentBatchJob(resource)
}

/** The job's steps, each by the id of its component, as Azure's clients expect them. */
async function registered(platform: Platform, workspace: string, { jobs: steps }: Json): Promise<Json> {
  if (steps === undefined) return {}
  const jobs: Record<string, Json> = {}
  for (const [name, { component, ...step }] of Object.entries(steps as Readonly<Record<string, Json>>))
    jobs[name] = { ...step, componentId: await anonymousComponent(platform, workspace, component as Json) }
  return { jobs }
}

/** The job that an invocation becomes. Reads what it refers to; writes nothing. */
async function jobOf(platform: Platform, actor: Actor, endpoint: Resource, invocation: Invocation) {
  const deployment = await chosen(platform, endpoint, invocation.deployment)
  const workspace = await platform.resources.get(endpoint.scope)
  const name = invocation.name ?? `batchjob-${randomUUID()}`
  const parts = await partsOf(platform, endpoint, deployment, name)
  const sql = pipelineOf(deployment.properties) === undefined ? queryOf(invocation) : undefined
  const query =
    sql === undefined ? undefined : await planQuery({ platform, actor, workspaceId: workspace.id }, sql)
  const properties = batchJob({ ...parts, ...(query === undefined ? {} : { query }) }, invocation)
  return { id: childId(workspace.id, 'jobs', name), name, scope: endpoint.scope, properties }
}

/** A job of a batch endpoint as Azure's clients read it. */
export const presentBatchJob = ({ id, name, properties, status, createdAt, createdBy }: Resource): Json => ({
  id,
  name,
  type: 'Microsoft.MachineLearningServices/workspaces/batchEndpoints/jobs',
  properties: {
    name,
    status: status['status'],
    displayName: properties['displayName'],
    experimentName: properties['experimentName'],
    inputData: properties['inputs'],
    outputData: properties['outputs'],
    ...(properties['properties'] as Json),
    startTime: status['startTime'] ?? null,
    endTime: status['endTime'] ?? null,
  },
  systemData: { createdAt: createdAt.toISOString(), createdBy },
})

async function chosen(
  platform: Platform,
  endpoint: Resource,
  asked: string | null | undefined,
): Promise<Deployment> {
  const { deploymentName } = (endpoint.properties['defaults'] ?? {}) as { deploymentName?: string | null }
  const known = await platform.resources.list({
    type: 'workspaces/batchEndpoints/deployments',
    parent: endpoint.key,
    view: 'all',
  })
  const names = known.map((deployment) => deployment.name)
  const name = asked ?? deploymentName
  if (!name)
    throw errors.validation(
      names.length === 0
        ? `Endpoint '${endpoint.name}' has no deployment yet.`
        : `Endpoint '${endpoint.name}' has no default deployment: name one of ${names.join(', ')}, or make it the default.`,
      { target: 'properties.deployment' },
    )
  const found = known.find((deployment) => deployment.name.toLowerCase() === name.toLowerCase())
  if (found === undefined) {
    const near = nearest(name, names)
    throw errors.notFound(
      `Endpoint '${endpoint.name}' has no deployment '${name}'.${near === undefined ? '' : ` Did you mean '${near}'?`}`,
    )
  }
  return ready(found as unknown as Deployment)
}

function ready(deployment: Deployment): Deployment {
  const { provisioningState, error } = deployment.status
  if (provisioningState === 'Succeeded') return deployment
  throw errors.conflict(
    provisioningState === 'Failed'
      ? `Deployment '${deployment.name}' failed and cannot score: ${error?.message ?? 'no reason is known'}`
      : `Deployment '${deployment.name}' is not ready yet: it is ${provisioningState}. Wait until it is Succeeded.`,
  )
}

async function partsOf(
  platform: Platform,
  endpoint: Resource,
  { name: deployment, scope, properties, status }: Deployment,
  name: string,
): Promise<BatchJobParts> {
  const environmentId = properties.environmentId ?? status.environmentId ?? undefined
  const model = properties.model?.assetId
  const pipeline = pipelineOf(properties)
  return {
    endpoint: endpoint.name,
    deployment,
    name,
    properties,
    ...(environmentId === undefined ? {} : { environmentId }),
    ...(await runtimeOf(status)),
    ...(model === undefined ? {} : { model: await modelOf(platform, scope, model) }),
    ...(pipeline === undefined ? {} : { outputs: await outputsOf(platform, scope, pipeline) }),
  }
}

/** What scores. A model that another Twinloop proved is Python's to score until it is proven again. */
async function runtimeOf({ runtime, compiledUri, provenBy }: BatchDeploymentStatus) {
  if (!compiledUri) return runtime ? { runtime } : {}
  if (runtime && provenBy === (await programsKey())) return { runtime, compiledUri }
  return {
    runtime: 'python because another version of Twinloop proved the model: create the deployment again',
  }
}

async function outputsOf(platform: Platform, workspace: string, component: string) {
  const target = 'properties.deploymentConfiguration.componentId'
  const { spec } = await findComponent(component, { platform, workspace, target })
  return Object.fromEntries(Object.entries(spec.outputs).map(([name, { type }]) => [name, type]))
}

async function modelOf(platform: Platform, scope: string, id: string) {
  const { location, asset } = await follow(platform, scope, id, { assetType: 'models' })
  const said = asset?.properties['modelType']
  const type = typeof said === 'string' ? said : 'custom_model'
  const folder =
    location.kind === 'blob' && !location.path.startsWith('LoggedModels/') ? basename(location.path) : ''
  return { id, type, folder: folder === '' ? 'model' : folder }
}
