import type { BlobInfo } from '../../artifacts/artifacts.ts'
import type { Address } from './address.ts'
import { blobErrors } from './blob-error.ts'
import type { Blobs } from './blobs.ts'
import { escapeXml, nameXml } from './xml.ts'

/** Azure's page, and its largest. */
const largestPage = 5000

/**
 * `restype=container&comp=list`: prefix, delimiter, marker, maxresults, include=metadata. A folder of a container can
 * be listed as if it were one (`address.path`), since a pending upload is given a folder where Azure gives a container.
 */
export async function listXml(blobs: Blobs, address: Address, serviceUrl: string): Promise<string> {
  const { container, query } = address
  const base = address.path === '' ? '' : `${address.path.replace(/\/$/, '')}/`
  const [prefix, delimiter, marker] = ['prefix', 'delimiter', 'marker'].map(
    (name) => query.get(name) ?? '',
  ) as [string, string, string]
  const limit = pageSize(query.get('maxresults'))
  const page = await blobs.list(container, base + prefix, {
    limit,
    ...(delimiter === '' ? {} : { delimiter }),
    ...(marker === '' ? {} : { after: readMarker(marker) }),
  })
  const withMetadata = (query.get('include') ?? '').split(',').includes('metadata')
  const shown = (path: string) => nameXml(path.slice(base.length))
  return [
    '<?xml version="1.0" encoding="utf-8"?>',
    `<EnumerationResults ServiceEndpoint="${escapeXml(serviceUrl)}" ContainerName="${escapeXml(container)}">`,
    element('Prefix', prefix),
    element('Marker', marker),
    element('MaxResults', String(limit)),
    delimiter === '' ? '' : element('Delimiter', delimiter),
    '<Blobs>',
    ...page.blobs.map((blob) => blobXml(blob, shown(blob.path), withMetadata)),
    ...page.prefixes.map((p) => `<BlobPrefix>${shown(p)}</BlobPrefix>`),
    '</Blobs>',
    element('NextMarker', page.next === undefined ? '' : writeMarker(page.next)),
    '</EnumerationResults>',
  ].join('')
}

function pageSize(text: string | null): number {
  if (text === null || text === '') return largestPage
  const size = Number(text)
  if (!Number.isInteger(size) || size < 1)
    throw blobErrors.InvalidQueryParameterValue(
      `maxresults is '${text}'; expected a whole number of at least 1.`,
    )
  return Math.min(size, largestPage)
}

/** Markers are opaque to clients; ours is the last name, in a form that survives any URL. */
const writeMarker = (after: string) => Buffer.from(after).toString('base64url')
const readMarker = (marker: string) => Buffer.from(marker, 'base64url').toString()

const element = (name: string, text: string) =>
  text === '' ? `<${name} />` : `<${name}>${escapeXml(text)}</${name}>`

const blobXml = (blob: BlobInfo, name: string, withMetadata: boolean) =>
  `<Blob>${name}<Properties>${[
    element('Creation-Time', blob.modifiedAt.toUTCString()),
    element('Last-Modified', blob.modifiedAt.toUTCString()),
    element('Etag', blob.etag),
    element('Content-Length', String(blob.size)),
    element('Content-Type', blob.contentType),
    blob.md5 === '' ? '' : element('Content-MD5', blob.md5),
    '<BlobType>BlockBlob</BlobType><LeaseStatus>unlocked</LeaseStatus><LeaseState>available</LeaseState>',
    '<ServerEncrypted>false</ServerEncrypted>',
  ].join('')}</Properties>${
    withMetadata
      ? `<Metadata>${Object.entries(blob.metadata)
          .map(([key, value]) => element(key, value))
          .join('')}</Metadata>`
      : ''
  }</Blob>`
