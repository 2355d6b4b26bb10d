import type { Json } from '../client/client.ts'
import { clean } from '../present/present.ts'
import type { Data, Datastore, Model } from '../yaml/shapes/assets.ts'
import type { InlineEnvironment } from '../yaml/shapes/values.ts'
import { camelKeys, pascal } from './values.ts'

/** The body of `PUT …/environments/{name}/versions/{version}`. */
export function environmentBody(
  given: InlineEnvironment,
  parts: {
    readonly condaFile: string | undefined
    readonly contextUri: string | undefined
    readonly isAnonymous?: boolean
  },
): Json {
  const { build, inference_config: inference } = given
  return {
    properties: clean({
      image: given.image,
      condaFile: parts.condaFile,
      build:
        build === undefined
          ? undefined
          : clean({ contextUri: parts.contextUri, dockerfilePath: build.dockerfile_path ?? 'Dockerfile' }),
      osType: given.os_type === undefined ? 'Linux' : pascal(given.os_type),
      inferenceConfig: inference === undefined ? undefined : camelKeys(inference),
      description: given.description,
      isAnonymous: parts.isAnonymous ?? false,
      isArchived: false,
      properties: given.properties ?? {},
      tags: given.tags ?? {},
    }),
  }
}

/** The body of `PUT …/data/{name}/versions/{version}`; `uri` is where the data is by now. */
export function dataBody(data: Data, uri: string): Json {
  return {
    properties: clean({
      dataType: data.type ?? 'uri_folder',
      dataUri: uri,
      description: data.description,
      isAnonymous: false,
      isArchived: false,
      properties: data.properties ?? {},
      tags: data.tags ?? {},
    }),
  }
}

/** The body of `PUT …/models/{name}/versions/{version}`. */
export function modelBody(
  model: Pick<Model, 'type' | 'flavors' | 'description' | 'stage' | 'properties' | 'tags'>,
  uri: string,
): Json {
  return {
    properties: clean({
      modelType: model.type ?? 'custom_model',
      modelUri: uri,
      flavors: model.flavors === undefined ? undefined : flavorsBody(model.flavors),
      description: model.description,
      stage: model.stage,
      isAnonymous: false,
      isArchived: false,
      properties: model.properties ?? {},
      tags: model.tags ?? {},
    }),
  }
}

const flavorsBody = (flavors: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(Object.entries(flavors).map(([name, data]) => [name, { data: data ?? {} }]))

/** The body of `PUT …/datastores/{name}`. */
export function datastoreBody(store: Datastore): Json {
  const { type, credentials } = store
  const kinds = {
    azure_blob: 'AzureBlob',
    azure_file: 'AzureFile',
    azure_data_lake_gen1: 'AzureDataLakeGen1',
    azure_data_lake_gen2: 'AzureDataLakeGen2',
    local_folder: 'LocalFolder',
    s3: 'S3',
  } as const
  return {
    properties: clean({
      datastoreType: kinds[type],
      accountName: store.account_name,
      containerName: store.container_name,
      fileShareName: store.file_share_name,
      filesystem: store.filesystem,
      storeName: store.store_name,
      endpoint: store.endpoint,
      protocol: store.protocol,
      path: store.path,
      bucket: store.bucket,
      region: store.region,
      connection: store.connection,
      credentials: credentialsBody(credentials),
      description: store.description,
      tags: store.tags ?? {},
      properties: store.properties ?? {},
    }),
  }
}

function credentialsBody(given: Datastore['credentials']): Json {
  if (given?.account_key !== undefined)
    return { credentialsType: 'AccountKey', secrets: { secretsType: 'AccountKey', key: given.account_key } }
  if (given?.sas_token !== undefined)
    return { credentialsType: 'Sas', secrets: { secretsType: 'Sas', sasToken: given.sas_token } }
  if (given?.access_key_id !== undefined)
    return {
      credentialsType: 'AccessKey',
      accessKeyId: given.access_key_id,
      secrets: { secretsType: 'AccessKey', secretAccessKey: given.secret_access_key },
    }
  if (given?.client_secret !== undefined)
    return clean({
      credentialsType: 'ServicePrincipal',
      tenantId: given.tenant_id,
      clientId: given.client_id,
      authorityUrl: given.authority_url,
      resourceUrl: given.resource_url,
      secrets: { secretsType: 'ServicePrincipal', clientSecret: given.client_secret },
    })
  return { credentialsType: 'None' }
}
