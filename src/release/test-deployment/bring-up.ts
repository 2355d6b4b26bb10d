import { randomBytes } from 'node:crypto'
import type { Actor } from '../../kernel/access/access.ts'
import type { Platform } from '../../kernel/platform.ts'
import { childId } from '../../kernel/resources/arm-id.ts'
import type { Json, Resource } from '../../kernel/resources/resource.ts'
import { endpointPath } from '../../serving/routing/table.ts'
import type { ReleasedModel } from '../gates/gate.ts'
import { testDeployment, type TestDeploymentSettings } from './settings.ts'

/** An endpoint of its own for models that are tried, without a place in any traffic. */
export interface TestEndpoint {
  readonly platform: Platform
  readonly actor: Actor
  readonly workspaceId: string
  /** As `testEndpointName` made it. */
  readonly name: string
  /** For people who meet it: `release flight-delay/14`. */
  readonly purpose: string
  readonly authMode: 'Key' | 'AADToken'
  /** The models, by the names of their deployments. */
  readonly models: Readonly<Record<string, ReleasedModel>>
  readonly settings: TestDeploymentSettings
  /** The deployment that the models' are made like, where one reigns. */
  readonly like: Resource | undefined
}

export type BringingUp =
  | { readonly state: 'coming'; readonly doing: string }
  /** `scoringUri` without the deployment, which the header `azureml-model-deployment` chooses. */
  | { readonly state: 'up'; readonly scoringUri: string }
  | { readonly state: 'failed'; readonly deployment: string; readonly reason: string }

/** A name that no endpoint has: kept before the endpoint is made, so that it can be found after a kill. */
export const testEndpointName = (): string => `release-test-${randomBytes(6).toString('hex')}`

/**
 * Takes a step towards an endpoint with a deployment of each model, and says how far it is; asked again, it goes on.
 * Nothing is waited for. A deployment that does not come up is told, not thrown.
 */
export async function bringUp(wanted: TestEndpoint): Promise<BringingUp> {
  const { platform, actor } = wanted
  const id = testEndpointId(wanted)
  const endpoint = await platform.resources.find(id)
  if (endpoint === undefined) {
    const properties = {
      authMode: wanted.authMode,
      publicNetworkAccess: 'Disabled',
      description: `Tries a model for ${wanted.purpose}; it is removed afterwards.`,
    }
    await platform.resources.put(actor, id, { properties, tags: { 'twinloop.purpose': wanted.purpose } })
    return { state: 'coming', doing: 'makes an endpoint to try it' }
  }
  if (endpoint.status['provisioningState'] !== 'Succeeded')
    return { state: 'coming', doing: 'makes an endpoint to try it' }
  const waiting: string[] = []
  for (const [name, model] of Object.entries(wanted.models)) {
    const at = childId(id, 'deployments', name)
    const deployment = await platform.resources.find(at)
    if (deployment === undefined)
      await platform.resources.put(actor, at, testDeployment(model.id, wanted.settings, wanted.like))
    const state = deployment?.status['provisioningState']
    if (state === 'Failed') return { state: 'failed', deployment: name, reason: reasonOf(deployment) }
    if (state !== 'Succeeded') waiting.push(`${model.name}:${model.version}`)
  }
  if (waiting.length > 0) return { state: 'coming', doing: `deploys ${waiting.join(' and ')} to try it` }
  const { gateway } = platform.urls
  if (gateway === '') return { state: 'coming', doing: 'waits for the scoring gateway' }
  return { state: 'up', scoringUri: `${gateway}/${endpointPath(endpoint.id, platform.config)}/score` }
}

/** Removes the endpoint and all its deployments; does nothing where there is none. */
export async function takeDown(
  of: Pick<TestEndpoint, 'platform' | 'actor' | 'workspaceId' | 'name'>,
): Promise<void> {
  await of.platform.resources.remove(of.actor, testEndpointId(of))
}

export const testEndpointId = ({ workspaceId, name }: Pick<TestEndpoint, 'workspaceId' | 'name'>): string =>
  childId(workspaceId, 'onlineEndpoints', name)

/** The deployment of an endpoint that serves this model; of several, the one with most of the traffic. */
export async function deploymentOf(
  platform: Platform,
  workspaceId: string,
  endpoint: string | undefined,
  model: ReleasedModel | undefined,
): Promise<Resource | undefined> {
  if (endpoint === undefined || model === undefined) return undefined
  const found = await platform.resources.find(childId(workspaceId, 'onlineEndpoints', endpoint))
  if (found === undefined) return undefined
  const traffic = (found.properties['traffic'] ?? {}) as Readonly<Record<string, number>>
  const deployments = await platform.resources.list({
    type: 'workspaces/onlineEndpoints/deployments',
    parent: found.id,
  })
  return deployments
    .filter(({ properties }) => String(properties['model']).toLowerCase() === model.id.toLowerCase())
    .toSorted((a, b) => (traffic[b.name] ?? 0) - (traffic[a.name] ?? 0))[0]
}

function reasonOf(deployment: Resource | undefined): string {
  const error = deployment?.status['error'] as Json | null | undefined
  const message = error?.['message']
  return typeof message === 'string' ? message : 'it says nothing'
}
