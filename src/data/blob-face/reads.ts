import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import type { Platform } from '../../kernel/platform.ts'
import { ownerOfContainer } from '../containers.ts'
import { account, type Address } from './address.ts'
import { authorize } from './authorize.ts'
import { blobErrors } from './blob-error.ts'
import { blobsOf } from './blobs.ts'
import { blobHeaders, isNotModified, rangeOf } from './headers.ts'
import { listXml } from './listing.ts'
import { escapeXml } from './xml.ts'

const xml = { 'content-type': 'application/xml' }

/** GET and HEAD of a blob: whole, in part (206), or not at all (304). The bytes are streamed. */
export async function readBlob(platform: Platform, address: Address, request: Request): Promise<Response> {
  await authorize(platform, address, request.headers, ['r'])
  const blobs = await blobsOf(platform, address.container)
  const blob = await blobs.head(address)
  if (blob === undefined) throw blobErrors.BlobNotFound('The specified blob does not exist.')
  if (isNotModified(request.headers, blob))
    return new Response(null, { status: 304, headers: { etag: `"${blob.etag}"` } })
  if (request.method === 'HEAD') return new Response(null, { headers: blobHeaders(blob) })
  const range = rangeOf(request.headers, blob.size)
  const bytes = await blobs.read(blob, range)
  const headers = blobHeaders(blob, range)
  const status = range === undefined ? 200 : 206
  const size = Number(headers['content-length'])
  const digested = range !== undefined && wantsMd5(request.headers) && size <= largestDigested
  if (!digested && size > smallEnough)
    return new Response(Readable.toWeb(bytes) as ReadableStream, { status, headers })
  const part = await buffer(bytes)
  if (digested) headers['content-md5'] = createHash('md5').update(part).digest('base64')
  return new Response(part, { status, headers })
}

const wantsMd5 = (headers: Headers) => headers.get('x-ms-range-get-content-md5')?.toLowerCase() === 'true'

/** Azure digests ranges up to this size, on request. */
const largestDigested = 4 * 1024 * 1024

/** Bytes up to which making a stream costs more than holding them. */
const smallEnough = 64 * 1024

/** `comp=blocklist`: the blocks that are staged; those of a committed blob are not kept apart. */
export async function readBlockList(
  platform: Platform,
  address: Address,
  request: Request,
): Promise<Response> {
  await authorize(platform, address, request.headers, ['r'])
  const wanted = address.query.get('blocklisttype')?.toLowerCase() ?? 'committed'
  const blobs = await blobsOf(platform, address.container)
  const staged = wanted === 'committed' ? [] : await blobs.stagedBlocks(address)
  if (staged.length === 0 && (await blobs.head(address)) === undefined)
    throw blobErrors.BlobNotFound('The specified blob does not exist.')
  const blocks = staged.map(
    ({ id, size }) => `<Block><Name>${escapeXml(id)}</Name><Size>${size}</Size></Block>`,
  )
  return new Response(
    `<?xml version="1.0" encoding="utf-8"?><BlockList><CommittedBlocks /><UncommittedBlocks>${blocks.join('')}</UncommittedBlocks></BlockList>`,
    { headers: xml },
  )
}

/** GET and HEAD with `restype=container`: its properties, or with `comp=list` what is in it. */
export async function readContainer(
  platform: Platform,
  address: Address,
  request: Request,
): Promise<Response> {
  const listing = address.query.get('comp')?.toLowerCase() === 'list'
  const folder = address.path === '' ? '' : `${address.path}/`
  await authorize(platform, address, request.headers, ['l'], folder + (address.query.get('prefix') ?? ''))
  if (listing) {
    const serviceUrl = `${new URL(request.url).origin}/${account}/`
    return new Response(await listXml(await blobsOf(platform, address.container), address, serviceUrl), {
      headers: xml,
    })
  }
  const workspace = await ownerOfContainer(platform, address.container)
  if (workspace === undefined) throw blobErrors.ContainerNotFound('The specified container does not exist.')
  return new Response(null, {
    headers: {
      etag: `"0x${workspace.createdAt.getTime().toString(16).toUpperCase()}"`,
      'last-modified': workspace.createdAt.toUTCString(),
      'x-ms-lease-status': 'unlocked',
      'x-ms-lease-state': 'available',
      'x-ms-has-immutability-policy': 'false',
      'x-ms-has-legal-hold': 'false',
    },
  })
}

/** `restype=account&comp=properties`: what kind of storage this is. Clients ask to know that it is no data lake. */
export const readAccount = (): Response =>
  new Response(null, {
    headers: {
      'x-ms-sku-name': 'Standard_LRS',
      'x-ms-account-kind': 'StorageV2',
      'x-ms-is-hns-enabled': 'false',
    },
  })
