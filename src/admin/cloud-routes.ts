import { Hono, type Context } from 'hono'
import { keyOf } from '../kernel/resources/arm-id.ts'
import { authenticated } from '../kernel/http/frame.ts'
import type { Platform } from '../kernel/platform.ts'
import type { Resource } from '../kernel/resources/resource.ts'
import type { Frame } from '../kernel/rest/arm.ts'
import { cloudName, tenantId } from '../kernel/tls/trust.ts'

/** Domain that clients put behind an account's name; the address before it is what counts. */
const storageSuffix = 'storage.twinloop.local'

/**
 * What Azure's clients ask of a cloud before they ask for a resource: which endpoints it has (open to everybody), and
 * which tenants and subscriptions the caller sees.
 */
export function cloudRoutes(platform: Platform): Hono<Frame> {
  const app = new Hono<Frame>()
  app.get('/metadata/endpoints', (context) => {
    const cloud = describeCloud(context)
    // The older version is a list of clouds, the newer the one cloud that was asked.
    return context.json(context.req.query('api-version') === '2019-05-01' ? [cloud] : cloud)
  })
  app.get('/discovery', (context) => context.json({ api: new URL(context.req.url).origin }))

  app.get('/tenants', authenticated(platform), (context) =>
    context.json({ value: [{ id: `/tenants/${tenantId}`, tenantId, displayName: cloudName }] }),
  )
  app.get('/subscriptions', authenticated(platform), async (context) => {
    const all = await platform.resources.list({ type: 'subscriptions', view: 'all' })
    const seen = await Promise.all(all.map((subscription) => isSeen(context, platform, subscription)))
    return context.json({ value: all.filter((_, i) => seen[i]).map(asSubscription) })
  })
  app.get('/subscriptions/:subscription', authenticated(platform), async (context) => {
    const subscription = await platform.resources.get(`/subscriptions/${context.req.param('subscription')}`)
    if (!(await isSeen(context, platform, subscription)))
      await platform.access.require(
        context.var.actor,
        'Microsoft.Resources/subscriptions/read',
        subscription.id,
      )
    return context.json(asSubscription(subscription))
  })
  return app
}

/** The cloud that this server is, at the address by which the client reached it. */
function describeCloud(context: Context) {
  const { origin } = new URL(context.req.url)
  return {
    name: cloudName,
    // Clients cut the first two words off and put `ml.azure` before the rest: the audience of machine learning.
    portal: 'https://portal.azure.twinloop.local',
    resourceManager: origin,
    authentication: { loginEndpoint: origin, audiences: [origin], tenant: 'common', identityProvider: 'AAD' },
    graph: origin,
    graphAudience: origin,
    microsoftGraphResourceId: origin,
    media: origin,
    batch: origin,
    suffixes: {
      storage: storageSuffix,
      keyVaultDns: 'vault.twinloop.local',
      acrLoginServer: 'registry.twinloop.local',
      azureDataLakeStoreFileSystem: 'lake.twinloop.local',
    },
  }
}

/** A subscription in the flat shape that it has in Azure, unlike all other resources. */
const asSubscription = (subscription: Resource) => ({
  id: subscription.id,
  subscriptionId: subscription.name,
  tenantId,
  displayName: subscription.properties['displayName'] ?? cloudName,
  state: 'Enabled',
  authorizationSource: 'RoleBased',
  managedByTenants: [],
  subscriptionPolicies: { spendingLimit: 'Off' },
})

/** As in Azure: whoever has a role anywhere in a subscription sees that it is there. */
async function isSeen(context: Context<Frame>, platform: Platform, { key, id }: Resource): Promise<boolean> {
  const { actor } = context.var
  if (await platform.access.can(actor, 'Microsoft.Resources/subscriptions/read', id)) return true
  if (actor.confinedTo !== '') return actor.confinedTo.startsWith(`${key}/`)
  const assignments = await platform.resources.list({
    type: 'roleAssignments',
    view: 'all',
    where: { 'properties.principalId': actor.id },
  })
  return assignments.some((assignment) => keyOf(assignment.parent).startsWith(`${key}/`))
}
