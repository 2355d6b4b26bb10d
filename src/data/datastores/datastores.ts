import { z } from 'zod'
import { errors } from '../../kernel/errors.ts'
import type {
  ActionContext,
  Json,
  Resource,
  ResourceDefinition,
  Writing,
} from '../../kernel/resources/resource.ts'
import type { Platform } from '../../kernel/platform.ts'
import { oneOf, textMap } from '../../kernel/resources/schema.ts'
import { account, blobUrl } from '../blob-face/address.ts'
import { issueSas } from '../blob-face/authorize.ts'
import { containerOf, containerOfDatastore, ownDatastores } from '../containers.ts'
import { datastoreSecret, secretOf } from '../stores/open-store.ts'
import { checkAction } from './check.ts'
import { checkDatastore, credentialKinds, ownTypes, types } from './kinds.ts'

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

type Properties = z.infer<typeof schema>

/**
 * A place where data is: the workspace's own two containers, folders of this machine that the administrator has
 * opened, containers and file systems in Azure, and buckets.
 */
export const datastores: ResourceDefinition<Properties> = {
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
    const properties = ofOwnKind(body.properties, writing.before)
    await checkDatastore(platform, writing.scope, properties, writing.before)
    return { properties, status: { isDefault: false } }
  },
  async beforeDelete({ name, key }, _platform, { root }) {
    if (root === key && name.toLowerCase() in ownDatastores)
      throw errors.conflict(`'${name}' is the workspace's own datastore; it goes with the workspace.`)
  },
  async present(resource, platform) {
    const container = await shownContainer(resource, platform)
    return container === undefined ? {} : { ...asBlobStore(platform, container), ...ownKind(resource) }
  },
  actions: {
    check: checkAction,
    listSecrets: {
      input: z.looseObject({
        expirableSecret: z.boolean().nullish(),
        expireAfterHours: z.number().positive().nullish(),
        /** `server`: a signature for this server's own Blob face, which goes to the store with the store's credentials. */
        through: z.enum(['server']).nullish(),
      }),
      run: async (context) => ({ body: await secretsOf(context) }),
    },
  },
}

/** A workspace's own datastore stays what it is; only what is said about it may change. */
async function prepareOwn(writing: Writing<Properties>, platform: Platform) {
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

/** The container of our Blob face that Azure's clients are shown; undefined for what they reach in Azure itself. */
async function shownContainer(resource: Resource, platform: Platform): Promise<string | undefined> {
  if (resource.name.toLowerCase() in ownDatastores) return String(resource.properties['containerName'])
  if (!ownTypes.includes(String(resource.properties['datastoreType']))) return undefined
  return containerOfDatastore(await platform.resources.get(resource.scope), resource.name)
}

/** A container of this server as a datastore in Azure, which is what Azure's clients know how to use. */
const asBlobStore = (platform: Platform, containerName: string): Json => ({
  datastoreType: 'AzureBlob',
  containerName,
  // Azure's clients put `.blob.{suffix}` behind the account: this way they ask this server, and need no DNS.
  accountName: `${platform.urls.https.replace(/^https?:\/\//, '')}/${account}`,
  endpoint: 'core.windows.net',
  protocol: 'https',
  subscriptionId: platform.config.subscription,
  resourceGroup: platform.config.resourceGroup,
  credentials: { credentialsType: 'Sas' },
})

/** Fields of a datastore of our own kinds, which are shown in `store`, beside the container that stands for it. */
const ownFields = ['path', 'bucket', 'region', 'endpoint', 'protocol', 'connection', 'credentials']

function ownKind({ properties }: Resource): Json {
  const type = String(properties['datastoreType'])
  if (!ownTypes.includes(type)) return {}
  const shown = ownFields.filter((field) => properties[field] !== undefined && properties[field] !== null)
  return { store: { type, ...Object.fromEntries(shown.map((field) => [field, properties[field]])) } }
}

/** What was shown as a container comes back as one: it stays what it is, with what `store` changes of it. */
function ofOwnKind(given: Properties, before: Resource | undefined): Properties {
  const { store, ...properties } = given as Properties & { store?: Json | null }
  const type = before?.properties['datastoreType']
  if (before === undefined || !ownTypes.includes(String(type)) || given.datastoreType !== 'AzureBlob')
    return properties
  const { description, tags, properties: own } = given
  const said = Object.entries({ description, tags, properties: own, ...store })
  const fields = said.filter(([field, value]) => field !== 'type' && value !== undefined)
  return { ...(before.properties as Properties), ...Object.fromEntries(fields) }
}

/** Hours that a SAS lives unless the client asks for less or more, and at most. */
const sasHours = { usual: 24, most: 7 * 24 }

async function secretsOf({ platform, resource, input }: ActionContext): Promise<Json> {
  const shown = await shownContainer(resource, platform)
  if (shown !== undefined || input['through'] === 'server') {
    const container =
      shown ?? containerOfDatastore(await platform.resources.get(resource.scope), resource.name)
    const hours = Math.min(Number(input['expireAfterHours'] ?? sasHours.usual), sasHours.most)
    const sasToken = await issueSas(platform, {
      container,
      path: '',
      resource: 'c',
      permissions: ['r', 'a', 'c', 'w', 'd', 'l'],
      expiresOn: new Date(platform.clock().getTime() + hours * 3_600_000),
    })
    return {
      secretsType: 'Sas',
      sasToken,
      containerUri: blobUrl(platform.urls.https, { container, path: '' }),
    }
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
