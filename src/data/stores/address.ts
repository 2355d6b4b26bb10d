import type { Json, Resource } from '../../kernel/resources/resource.ts'

/** Which resource has the credentials of a store: its key, and which kind it is. Undefined: none are used. */
export type CredentialsOf = { readonly kind: 'datastore' | 'connection'; readonly key: string } | undefined

/** A container of Azure Blob Storage or a file system of a data lake: where it is, and who knows its credentials. */
export interface AzureAddress {
  readonly kind: 'azure'
  /** For messages: `datastore 'raw'`. */
  readonly name: string
  /** `https://acme.blob.core.windows.net`. */
  readonly serviceUrl: string
  readonly account: string
  readonly container: string
  readonly credentials: CredentialsOf
}

/** A bucket that is spoken to as S3. */
export interface S3Address {
  readonly kind: 's3'
  readonly name: string
  readonly bucket: string
  readonly endpoint?: string
  readonly region?: string
  readonly credentials: CredentialsOf
}

/** A store elsewhere, without anything that is secret. */
export type StoreAddress = AzureAddress | S3Address

/** Where a datastore's files are, if it is one of a kind that is reached from here; undefined otherwise. */
export function addressOfDatastore(datastore: Resource): StoreAddress | undefined {
  const properties = datastore.properties
  const text = (field: string) => textOf(properties, field)
  const name = `datastore '${datastore.name}'`
  const credentials: CredentialsOf = { kind: 'datastore', key: datastore.key }
  const type = text('datastoreType')
  if (type === 'AzureBlob' || type === 'AzureDataLakeGen2') {
    const account = text('accountName') ?? ''
    return {
      kind: 'azure',
      name,
      account,
      serviceUrl: serviceUrlOf(account, text('endpoint'), text('protocol')),
      container: text(type === 'AzureBlob' ? 'containerName' : 'filesystem') ?? '',
      credentials,
    }
  }
  if (type !== 'S3') return undefined
  const [endpoint, region] = [text('endpoint'), text('region')]
  return {
    kind: 's3',
    name,
    bucket: text('bucket') ?? '',
    ...(endpoint === undefined ? {} : { endpoint: withProtocol(endpoint, text('protocol')) }),
    ...(region === undefined ? {} : { region }),
    credentials,
  }
}

/** Where a connection to a bucket or a container leads; undefined for connections to anything else. */
export function addressOfConnection(connection: Resource): StoreAddress | undefined {
  const { category, target, metadata } = connection.properties as {
    category: string
    target?: string
    metadata?: Json
  }
  const name = `connection '${connection.name}'`
  const credentials: CredentialsOf = { kind: 'connection', key: connection.key }
  if (category === 'S3' || category === 'AmazonS3Compatible') {
    const { bucket, endpoint, region } = readS3Target(target ?? '', metadata ?? {})
    return bucket === '' ? undefined : { kind: 's3', name, bucket, ...endpoint, ...region, credentials }
  }
  if (category !== 'AzureBlob' && category !== 'ADLSGen2') return undefined
  const found = readAzureUrl(target ?? '')
  const container = found?.container || (textOf(metadata ?? {}, 'ContainerName') ?? '')
  if (found === undefined || container === '') return undefined
  return { kind: 'azure', name, ...found, container, credentials }
}

/**
 * `https://{account}.blob.{endpoint}`. An endpoint that is a whole URL is the service's own; one with a port or an
 * address instead of a name is of a server whose accounts are paths, as Azurite's are.
 */
function serviceUrlOf(account: string, endpoint = 'core.windows.net', protocol = 'https'): string {
  const scheme = /^(?:wasb|abfs)$|^http$/i.test(protocol) ? 'http' : 'https'
  if (/^https?:\/\//i.test(endpoint)) return endpoint.replace(/\/+$/, '')
  const host = endpoint.replace(/\/+$/, '')
  const pathStyle = /:\d+$|^\d+(?:\.\d+){3}|^localhost$/.test(host)
  return pathStyle ? `${scheme}://${host}/${account}` : `${scheme}://${account}.blob.${host}`
}

const withProtocol = (endpoint: string, protocol = 'https') =>
  (/^https?:\/\//i.test(endpoint) ? endpoint : `${protocol}://${endpoint}`).replace(/\/+$/, '')

/** A container and a path in it, as an address of Azure names them. */
export interface AzurePlace {
  readonly serviceUrl: string
  readonly account: string
  readonly container: string
  readonly path: string
}

/**
 * Reads `wasb[s]://{container}@{account}.blob.…/{path}`, `abfs[s]://{filesystem}@{account}.dfs.…/{path}` and
 * `https://{account}.{blob|dfs}.…/{container}/{path}`, of which only the last is percent-encoded. Undefined if the URL is
 * none of these.
 */
export function readAzureUrl(url: string): AzurePlace | undefined {
  const named = /^(wasbs?|abfss?):\/\/([^@/]+)@([^./]+)\.(?:blob|dfs)\.([^/?]+)\/?([^?]*)$/i.exec(url)
  if (named !== null) {
    const [, scheme = '', container = '', account = '', suffix = '', path = ''] = named
    const protocol = /s$/i.test(scheme) ? 'https' : 'http'
    return { serviceUrl: `${protocol}://${account}.blob.${suffix}`, account, container, path }
  }
  const plain = /^(https?):\/\/([^./:]+)\.(?:blob|dfs)\.([^/?]+)(?:\/([^/?]+)(?:\/([^?]*))?)?\/?$/i.exec(url)
  if (plain === null) return undefined
  const [, protocol = '', account = '', suffix = '', container = '', path = ''] = plain
  return {
    serviceUrl: `${protocol}://${account}.blob.${suffix}`,
    account,
    container: decoded(container),
    path: decoded(path),
  }
}

/** Without its percent-encoding; what is none stays as it is. */
export function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** `s3://bucket`, `bucket`, `https://bucket.s3.eu-central-1.amazonaws.com`, `http://minio:9000/bucket`. */
function readS3Target(target: string, metadata: Json) {
  const endpointSaid = textOf(metadata, 'endpoint')
  const regionSaid = textOf(metadata, 'region')
  const s3 = /^(?:s3[an]?:\/\/)?([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])\/?$/i.exec(target)
  const amazon =
    /^https?:\/\/([^/]+?)(?:\.s3)?(?:[.-]([a-z]{2}-[a-z]+-\d))?\.amazonaws\.com(?:\/([^/]+))?\/?$/i.exec(
      target,
    )
  const server = /^(https?:\/\/[^/]+)\/([^/]+)\/?$/i.exec(target)
  const [bucket, endpoint, region] =
    s3 !== null
      ? [s3[1], undefined, undefined]
      : amazon !== null
        ? [amazon[1] === 's3' ? amazon[3] : amazon[1], undefined, amazon[2]]
        : [server?.[2], server?.[1], undefined]
  return {
    bucket: bucket ?? '',
    endpoint: optional('endpoint', endpointSaid ?? endpoint),
    region: optional('region', regionSaid ?? region),
  }
}

const optional = (name: string, value: string | undefined) => (value === undefined ? {} : { [name]: value })

function textOf(values: Json, field: string): string | undefined {
  const value = values[field]
  return typeof value === 'string' && value !== '' ? value : undefined
}
