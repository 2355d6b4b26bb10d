import { z } from 'zod'
import { childId } from '../kernel/resources/arm-id.ts'
import { errors } from '../kernel/errors.ts'
import type { Platform } from '../kernel/platform.ts'
import type { Json, Resource, ResourceDefinition } from '../kernel/resources/resource.ts'
import { secretName } from '../kernel/resources/secret-properties.ts'
import { oneOf, textMap } from '../kernel/resources/schema.ts'
import { categoryOf, groupOf } from './connection-categories.ts'

/**
 * What each way to authenticate needs in `credentials`: what is kept in the open, and what encrypted. `optional` ones
 * may be left out. An account key travels as `sas`, as Azure's SDK sends it.
 */
const credentialsOf = {
  None: { open: [], secret: [] },
  AAD: { open: [], secret: [] },
  ManagedIdentity: { open: [], secret: [], optional: ['clientId', 'resourceId'] },
  UsernamePassword: { open: ['username'], secret: ['password'] },
  AccessKey: { open: ['accessKeyId'], secret: ['secretAccessKey'] },
  AccountKey: { open: [], secret: ['sas'] },
  SAS: { open: [], secret: ['sas'] },
  PAT: { open: [], secret: ['pat'] },
  ApiKey: { open: [], secret: ['key'] },
  ServicePrincipal: { open: ['clientId', 'tenantId'], secret: ['clientSecret'] },
  CustomKeys: { open: [], secret: ['keys'] },
} as const satisfies Record<
  string,
  { open: readonly string[]; secret: readonly string[]; optional?: readonly string[] }
>
type AuthType = keyof typeof credentialsOf
const authTypes = Object.keys(credentialsOf) as AuthType[]
const secrets = [...new Set(Object.values(credentialsOf).flatMap((c): readonly string[] => c.secret))]

const schema = z.looseObject({
  category: z.string().min(1).transform(categoryOf),
  authType: oneOf(authTypes, { basic: 'UsernamePassword' }).default('None'),
  target: z.string().nullish(),
  credentials: z.looseObject({}).nullish(),
  metadata: textMap.nullish(),
  isSharedToAll: z.boolean().nullish(),
})
type Properties = z.infer<typeof schema>

/** How to reach something outside of the workspace, such as a database or a bucket: its address and credentials. */
export const connections: ResourceDefinition<Properties> = {
  type: 'workspaces/connections',
  summary: 'How to reach databases, buckets and feeds: an address with credentials.',
  schema,
  name: /^[a-zA-Z0-9][a-zA-Z0-9_-]{1,63}$/,
  secret: secrets.map((name) => `credentials.${name}`),
  createdStatus: 200,
  filters: { category: 'properties.category', target: 'properties.target' },
  async prepare({ body, before, name }) {
    const { properties } = body
    const credentials: Record<string, unknown> = { ...properties.credentials }
    // A map of keys is sealed as one text.
    if (typeof credentials['keys'] === 'object' && credentials['keys'] !== null)
      credentials['keys'] = JSON.stringify(credentials['keys'])
    checkCredentials(name, { ...properties, credentials }, before)
    if (!properties.target && properties.authType !== 'CustomKeys')
      throw errors.validation(`A connection to ${properties.category} needs its target.`, {
        target: 'properties.target',
      })
    return { properties: { ...properties, credentials } }
  },
  present: ({ properties }) => ({
    group: groupOf(properties.category),
    isSharedToAll: properties.isSharedToAll ?? true,
    ...(Object.keys(properties.credentials ?? {}).length === 0 ? { credentials: null } : {}),
  }),
  actions: {
    listSecrets: {
      async run({ platform, resource }) {
        const { credentials } = await openResource(platform, resource as Resource<Properties>)
        const { keys, ...rest } = credentials
        const opened = keys === undefined ? rest : { keys: JSON.parse(keys) as Json }
        return {
          body: {
            id: resource.id,
            name: resource.name,
            type: 'Microsoft.MachineLearningServices/workspaces/connections',
            properties: { ...resource.properties, credentials: opened },
          },
        }
      },
    },
  },
}

/** Throws unless the credentials are those of the way to authenticate, given now or kept from before. */
function checkCredentials(
  name: string,
  { authType, target, category, credentials }: Properties,
  before: Resource<Properties> | undefined,
): void {
  const { open, secret } = credentialsOf[authType]
  const given = (field: string) => {
    const value = credentials?.[field]
    return value !== undefined && value !== null && value !== ''
  }
  const missing = open.find((field) => !given(field)) ?? firstSecretMissing()
  if (missing !== undefined)
    throw errors.validation(
      `Connection '${name}' authenticates by ${authType}, which needs credentials.${missing}.`,
      { target: `properties.credentials.${missing}` },
    )

  /** Those kept from before are good for the same target only: whoever changes it must know them. */
  function firstSecretMissing(): string | undefined {
    const absent = secret.find((field) => !given(field))
    if (absent === undefined || before === undefined) return absent
    const { properties: was } = before
    if (was.authType === authType && was.target === target && was.category === category) return undefined
    if (was.authType !== authType) return absent
    throw errors.validation(
      `The credentials of connection '${name}' were given for ${was.target}; give them again for the new target.`,
      { target: `properties.credentials.${absent}` },
    )
  }
}

/** A connection with its credentials, for use inside the server only: never shown, never logged. */
export interface OpenConnection {
  readonly name: string
  /** Azure's category, e.g. `PostgreSql`, `AzureSqlDb`, `S3`, `Git`. */
  readonly category: string
  /** Address as the user gave it; '' if there is none. */
  readonly target: string
  readonly authType: AuthType
  /** By Azure's names: `username` and `password`; `accessKeyId` and `secretAccessKey`; `pat`; `sas`; … */
  readonly credentials: Readonly<Record<string, string>>
  readonly metadata: Readonly<Record<string, string>>
}

/**
 * The workspace's connection of this name, with its credentials opened. `scope` is the id or key of the workspace.
 * Throws notFound (naming the nearest). Whoever calls this on a user's behalf has checked that the user may use it.
 */
export async function openConnection(
  platform: Platform,
  scope: string,
  name: string,
): Promise<OpenConnection> {
  return openResource(platform, await platform.resources.get(childId(scope, 'connections', name)))
}

async function openResource(platform: Platform, resource: Resource<Properties>): Promise<OpenConnection> {
  const { category, target, authType, credentials, metadata } = resource.properties
  const { open, secret, ...rest } = credentialsOf[authType]
  const optional: readonly string[] = 'optional' in rest ? rest.optional : []
  const opened = await Promise.all(
    secret.map(
      async (field) =>
        [field, await platform.secrets.get(secretName(resource.key, `credentials.${field}`))] as const,
    ),
  )
  const shown = [...open, ...optional].map((field) => [field, credentials?.[field]] as const)
  return {
    name: resource.name,
    category,
    target: target ?? '',
    authType,
    credentials: Object.fromEntries(
      [...shown, ...opened].filter((pair): pair is [string, string] => typeof pair[1] === 'string'),
    ),
    metadata: metadata ?? {},
  }
}
