import { childId } from '../../../kernel/resources/arm-id.ts'
import { errors } from '../../../kernel/errors.ts'
import type { Platform } from '../../../kernel/platform.ts'
import { connectionName } from '../databases/open-source.ts'
import { addressOfConnection } from '../../stores/address.ts'
import type { ImportProperties } from './import.ts'

/**
 * The reference to the files of an import: its path as it is or, with a connection to a bucket or container, the path in
 * there. A `/*` at the end, as Azure writes it, means the folder. Throws badRequest for a connection that has no files.
 */
export async function sourcePath(
  platform: Platform,
  scope: string,
  { path, connection }: ImportProperties['source'],
): Promise<string> {
  const folder = (path ?? '').replace(/\/\*{1,2}$/, '/')
  if (!connection || /^[a-z0-9+]+:/i.test(folder)) return folder
  const found = await platform.resources.get(childId(scope, 'connections', connectionName(connection)))
  const address = addressOfConnection(found)
  if (address === undefined)
    throw errors.badRequest(
      `Connection '${found.name}' (${String(found.properties['category'])}) leads to no files: expected one to S3, Azure Blob or Data Lake Gen2 with its bucket or container.`,
      { target: 'properties.source.connection' },
    )
  const inside = folder.replace(/^\/+/, '')
  return address.kind === 's3'
    ? `s3://${address.bucket}/${inside}`
    : `${address.serviceUrl}/${address.container}/${inside}`
}
