import { z } from 'zod'
import { errors } from '../../kernel/errors.ts'
import type { ActionContext, Json, ResourceDefinition, Writing } from '../../kernel/resources/resource.ts'
import type { Platform } from '../../kernel/platform.ts'
import { oneOf, textMap } from '../../kernel/resources/schema.ts'
import { account } from '../blob-face/address.ts'
import { issueSas } from '../blob-face/authorize.ts'
import { containerOf, ownDatastores } from '../containers.ts'
import { datastoreSecret, secretOf } from '../stores/open-store.ts'
import { checkAction } from './check.ts'
import { checkDatastore, credentialKinds, types } from './kinds.ts'

const schema = z.looseObject({
  datastoreType: oneOf(types),
  description: z.string().nullish(),
  tags: textMap.nullish(),
  properties: textMap.nullish(),
  credentials: z
    .looseObject({ credentialsType: oneOf(credentialKinds), secrets: z.looseObject({}).nullish() })
    .default({ credentialsType: 'None' }),
  /** Of an S3 datastore: the connection that has its keys, by name or reference. */
  connection: z
    .string()
    .transform((name) => name.replace(/^azureml:/i, '').replace(/^.*\//, ''))
    .nullish(),
})

/**
 * A place where data is: the workspace's own two containers, folders of this machine that the administrator has
 * opened, containers and file systems in Azure, and buckets.
 */
export const datastores: ResourceDefinition<z.infer<typeof schema>> = {
  type: 'workspaces/datastores',
  summary: 'Where data is: by what name, and with what credentials.',
  schema,
  name: /^[a-zA-Z0-9][a-zA-Z0-9_]{0,254}$/,
  immutable: ['datastoreType'],
  secret: Object.values(secretOf).map((name) => `credentials.secrets.${name}`),
  createdStatus: 201,
  filters: { isDefault: 'status.isDefault' },
  async prepare(writing, platform) {
    const { body, name } = writing
    const own = ownDatastores[name.toLowerCase()]
    if (own !== undefined)
      return { properties: await prepareOwn(writing, platform), status: { isDefault: own === 'blobstore' } }
    await checkDatastore(platform, writing.scope, body.properties, writing.before)
    return { status: { isDefault: false } }
  },
  async beforeDelete({ name, key }, _platform, { root }) {
    if (root === key && name.toLowerCase() in ownDatastores)
      throw errors.conflict(`'${name}' is the workspace's own datastore; it goes with the workspace.`)
  },
  present(resource, platform) {
    if (!(resource.name.toLowerCase() in ownDatastores)) return {}
    const { subscription, resourceGroup } = platform.config
    return {
      // Azure's clients put `.blob.{suffix}` behind the account: this way they ask this server, and need no DNS.
      accountName: `${platform.urls.https.replace(/^https?:\/\//, '')}/${account}`,
      endpoint: 'core.windows.net',
      protocol: 'https',
      subscriptionId: subscription,
      resourceGroup,
      credentials: { credentialsType: 'Sas' },
    }
  },
  actions: {
    check: checkAction,
    listSecrets: {
      input: z.looseObject({
        expirableSecret: z.boolean().nullish(),
        expireAfterHours: z.number().positive().nullish(),
      }),
      run: async (context) => ({ body: await secretsOf(context) }),
    },
  },
}

/** A workspace's own datastore stays what it is; only what is said about it may change. */
async function prepareOwn(writing: Writing<z.infer<typeof schema>>, platform: Platform) {
  const { name, scope, body } = writing
  const workspace = await platform.resources.get(scope)
  const containerName = containerOf(workspace, ownDatastores[name.toLowerCase()] ?? 'blobstore')
  const given = (body.properties as Json)['containerName']
  if (body.properties.datastoreType !== 'AzureBlob' || (given !== undefined && given !== containerName))
    throw errors.immutable(
      `'${name}' is the workspace's own datastore and always shows ${containerName}. Use another name.`,
      {
        target: 'properties.containerName',
      },
    )
  const { description, tags, properties } = body.properties
  return {
    datastoreType: 'AzureBlob' as const,
    containerName,
    ...(description === undefined ? {} : { description }),
    ...(tags === undefined ? {} : { tags }),
    ...(properties === undefined ? {} : { properties }),
    credentials: { credentialsType: 'Sas' as const },
  }
}

/** Hours that a SAS lives unless the client asks for less or more, and at most. */
const sasHours = { usual: 24, most: 7 * 24 }

async function secretsOf({ platform, resource, input }: ActionContext): Promise<Json> {
  if (resource.name.toLowerCase() in ownDatastores) {
    const hours = Math.min(Number(input['expireAfterHours'] ?? sasHours.usual), sasHours.most)
    const sasToken = await issueSas(platform, {
      container: String(resource.properties['containerName']),
      path: '',
      resource: 'c',
      permissions: ['r', 'a', 'c', 'w', 'd', 'l'],
      expiresOn: new Date(platform.clock().getTime() + hours * 3_600_000),
    })
    return { secretsType: 'Sas', sasToken }
  }
  const { credentialsType } = resource.properties['credentials'] as {
    credentialsType: keyof typeof secretOf | 'None'
  }
  if (credentialsType === 'None') throw errors.badRequest(`Datastore '${resource.name}' has no credentials.`)
  const field = secretOf[credentialsType]
  const secret = await datastoreSecret(platform, resource)
  if (secret === undefined)
    throw errors.badRequest(`Datastore '${resource.name}' was made without its ${field}.`)
  return { secretsType: credentialsType, [field]: secret }
}
