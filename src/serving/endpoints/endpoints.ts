import { lineage } from '../../data/lineage/lineage-action.ts'
import { errors } from '../../kernel/errors.ts'
import type { ResourceDefinition } from '../../kernel/resources/resource.ts'
import { sendLabels } from '../collection/labels/labels.ts'
import { endpointPath } from '../routing/table.ts'
import { describe, score } from './ask.ts'
import { failures } from './failures.ts'
import { checkKeys, listKeys, regenerateKeys } from './keys.ts'
import { type EndpointProperties, endpointSchema, checkStickyHeader } from './settings.ts'
import { accessToken } from './tokens.ts'
import { checkTraffic } from './traffic-rules.ts'

/** An address at which models are scored: who may, and how the requests are shared among its deployments. */
export const onlineEndpoints: ResourceDefinition<EndpointProperties> = {
  type: 'workspaces/onlineEndpoints',
  summary: 'An address at which deployed models answer requests.',
  schema: endpointSchema,
  tags: 'envelope',
  name: /^[a-zA-Z][-a-zA-Z0-9]{2,31}$/,
  immutable: ['authMode'],
  secret: ['keys.primaryKey', 'keys.secondaryKey'],
  longRunning: true,
  reconciledDelete: true,
  async prepare({ id, body, before }, platform) {
    const { keys, ...given } = body.properties
    checkKeys(keys)
    checkStickyHeader(given.properties)
    if (given.compute)
      throw errors.validation(
        `The endpoint asks for the Kubernetes compute '${given.compute}', and no Kubernetes is configured here. ` +
          'Leave compute out for a managed endpoint, which runs on this machine.',
        { target: 'properties.compute' },
      )
    // A pipeline that creates its endpoint again must not take the traffic away: only an explicit 0 does.
    const kept = <T extends object>(now: T | null | undefined, was: T | null | undefined) =>
      now && Object.keys(now).length > 0 ? now : (was ?? {})
    const traffic = kept(given.traffic, before?.properties.traffic)
    const mirrorTraffic = kept(given.mirrorTraffic, before?.properties.mirrorTraffic)
    const deployments = before
      ? await platform.resources.list({ type: 'workspaces/onlineEndpoints/deployments', parent: id })
      : []
    checkTraffic(
      { traffic, mirrorTraffic },
      deployments.filter((d) => !d.deleting).map((d) => d.name),
    )
    return {
      properties: {
        ...given,
        ...(keys ? { keys } : {}),
        traffic,
        mirrorTraffic,
        publicNetworkAccess: given.publicNetworkAccess ?? 'Enabled',
      },
      envelope: { location: platform.config.location, ...envelopeOf(body) },
      // Not Succeeded again before the gateway has taken the change up.
      status: { provisioningState: before ? 'Updating' : 'Creating' },
    }
  },
  present(resource, platform) {
    // What a rollout has the gateway count is between the two of them.
    const hidden = { watch: undefined }
    if (platform.urls.gateway === '') return hidden
    const base = `${platform.urls.gateway}/${endpointPath(resource.id, platform.config)}`
    return { ...hidden, scoringUri: `${base}/score`, swaggerUri: `${base}/swagger.json` }
  },
  actions: {
    describe,
    failures,
    labels: sendLabels,
    lineage,
    listKeys,
    regenerateKeys,
    score,
    token: accessToken,
  },
}

const envelopeOf = <T extends { readonly properties: unknown }>({ properties: _, ...envelope }: T) => envelope
