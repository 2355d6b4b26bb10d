import { createHash, randomUUID } from 'node:crypto'
import { BlobMissing, type BlobInfo } from '../../artifacts/artifacts.ts'
import type { Platform } from '../../kernel/platform.ts'
import { parseAddress, type Address } from './address.ts'
import { authorize } from './authorize.ts'
import { blobErrors } from './blob-error.ts'
import { blobsOf } from './blobs.ts'
import { metadataOf, putOptions } from './headers.ts'
import { unescapeXml } from './xml.ts'

/** 50,000 blocks, Azure's limit, with the longest ids and their tags. */
const longestBlockList = 8 * 1024 * 1024
const longestBlockId = 64

/** PUT of a whole block blob, streamed. */
export async function putBlob(platform: Platform, address: Address, request: Request): Promise<Response> {
  const type = request.headers.get('x-ms-blob-type') ?? 'BlockBlob'
  if (type !== 'BlockBlob')
    throw blobErrors.InvalidHeaderValue(`x-ms-blob-type is ${type}; here are only block blobs (BlockBlob).`)
  await authorizeWrite(platform, address, request)
  const blobs = await blobsOf(platform, address.container)
  const blob = await blobs.put(address, bodyOf(request), putOptions(request.headers, 'content-md5'))
  return made(blob, blob.md5)
}

/** PUT `comp=block`: stages one part of a large blob. */
export async function putBlock(platform: Platform, address: Address, request: Request): Promise<Response> {
  await authorizeWrite(platform, address, request)
  const id = address.query.get('blockid') ?? ''
  const bytes = Buffer.from(id, 'base64')
  if (bytes.length === 0 || bytes.length > longestBlockId || bytes.toString('base64') !== id)
    throw blobErrors.InvalidBlockId(
      `'${id}' is not a block id: expected base64 of 1 to ${longestBlockId} bytes.`,
    )
  if (request.headers.has('x-ms-copy-source'))
    throw blobErrors.NotImplemented(
      'Blocks from a URL are not possible here: copy the whole blob, or send the bytes.',
    )
  const md5 = request.headers.get('content-md5')
  const blobs = await blobsOf(platform, address.container)
  await blobs.stageBlock(address, id, bodyOf(request), md5 === null ? {} : { md5 })
  return new Response(null, { status: 201, headers: { 'x-ms-request-server-encrypted': 'false' } })
}

/** PUT `comp=blocklist`: makes the blob of its staged blocks. */
export async function putBlockList(
  platform: Platform,
  address: Address,
  request: Request,
): Promise<Response> {
  await authorizeWrite(platform, address, request)
  const { ids, md5 } = await readBlockList(request)
  const options = putOptions(request.headers, 'x-ms-blob-content-md5')
  try {
    const blobs = await blobsOf(platform, address.container)
    const blob = await blobs.commitBlocks(address, ids, options)
    // Of the list that was sent, not of the blob: clients compare it with their own.
    return made(blob, md5)
  } catch (error) {
    if (error instanceof BlobMissing) throw blobErrors.InvalidBlockList(error.message)
    throw error
  }
}

/** PUT `comp=metadata`: replaces the blob's metadata. */
export async function putMetadata(platform: Platform, address: Address, request: Request): Promise<Response> {
  await authorize(platform, address, request.headers, ['w'])
  const blobs = await blobsOf(platform, address.container)
  const blob = await blobs.setMetadata(address, metadataOf(request.headers))
  return new Response(null, { headers: changeHeaders(blob) })
}

/** PUT with `x-ms-copy-source`: a second name for a blob of ours. It is done when it is answered. */
export async function copyBlob(platform: Platform, address: Address, request: Request): Promise<Response> {
  await authorizeWrite(platform, address, request)
  const from = sourceOf(request)
  // The source's own SAS, or the credentials of the request itself.
  const credentials = from.query.has('sig') ? from : { ...from, query: address.query }
  await authorize(platform, credentials, request.headers, ['r'])
  const { ifNoneMatch, metadata } = putOptions(request.headers, 'x-ms-blob-content-md5')
  const condition = ifNoneMatch === undefined ? {} : { ifNoneMatch }
  const [source, target] = [
    await blobsOf(platform, from.container),
    await blobsOf(platform, address.container),
  ]
  // Only among our own blobs a copy moves no bytes.
  let blob =
    source === target
      ? await platform.artifacts.copy(from, address, condition)
      : await target.put(address, await source.read(from), condition)
  if (Object.keys(metadata ?? {}).length > 0) blob = await target.setMetadata(address, metadata ?? {})
  return new Response(null, {
    // `Put Blob From URL` makes a blob (201); both kinds of `Copy Blob` accept to (202), also the one that waits.
    status: request.headers.has('x-ms-blob-type') ? 201 : 202,
    headers: { ...changeHeaders(blob), 'x-ms-copy-id': randomUUID(), 'x-ms-copy-status': 'success' },
  })
}

/** DELETE of a blob. */
export async function deleteBlob(platform: Platform, address: Address, request: Request): Promise<Response> {
  await authorize(platform, address, request.headers, ['d'])
  const blobs = await blobsOf(platform, address.container)
  if (!(await blobs.remove(address))) throw blobErrors.BlobNotFound('The specified blob does not exist.')
  return new Response(null, { status: 202, headers: { 'x-ms-delete-type-permanent': 'true' } })
}

/** A token that may only create must not replace what is there. */
async function authorizeWrite(platform: Platform, address: Address, request: Request): Promise<void> {
  if (address.path === '') throw blobErrors.InvalidUri('The URL names a container and no blob.')
  const blobs = await blobsOf(platform, address.container)
  const exists = (await blobs.head(address)) !== undefined
  await authorize(platform, address, request.headers, exists ? ['w'] : ['w', 'c'])
}

function sourceOf(request: Request): Address {
  const source = request.headers.get('x-ms-copy-source') ?? ''
  const address = URL.canParse(source) ? parseAddress(source) : undefined
  if (address === undefined || address.path === '')
    throw blobErrors.CannotVerifyCopySource(
      'Only blobs of this server can be copied; x-ms-copy-source names none.',
    )
  return address
}

/** The body, which must be as long as it was announced: a connection may break off and look like an end. */
async function* bodyOf(request: Request): AsyncGenerator<Uint8Array> {
  const announced = request.headers.get('content-length')
  let size = 0
  try {
    for await (const chunk of (request.body ?? []) as AsyncIterable<Uint8Array>) {
      size += chunk.byteLength
      yield chunk
    }
  } catch {
    throw blobErrors.IncompleteBody(`The connection broke off after ${size} bytes.`)
  }
  if (announced !== null && size !== Number(announced))
    throw blobErrors.IncompleteBody(`The body ended after ${size} of ${announced} bytes.`)
}

async function readBlockList(
  request: Request,
): Promise<{ readonly ids: readonly string[]; readonly md5: string }> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of bodyOf(request)) {
    size += chunk.byteLength
    if (size > longestBlockList)
      throw blobErrors.RequestBodyTooLarge(`A block list has at most ${longestBlockList} bytes.`)
    chunks.push(chunk)
  }
  const body = Buffer.concat(chunks)
  const md5 = createHash('md5').update(body).digest('base64')
  const announced = request.headers.get('content-md5')
  if (announced !== null && announced !== md5)
    throw blobErrors.Md5Mismatch(`The block list has the MD5 ${md5}, not ${announced}.`)
  const text = body.toString()
  if (!/<BlockList\s*\/?>/.test(text)) throw blobErrors.InvalidXmlDocument('The body is not a BlockList.')
  if (/<Committed>/.test(text))
    throw blobErrors.InvalidBlockList('Blocks of a committed blob are not kept apart: send all blocks again.')
  const ids = Array.from(text.matchAll(/<(?:Latest|Uncommitted)>([^<]*)</g), ([, id = '']) =>
    unescapeXml(id.trim()),
  )
  return { ids, md5 }
}

const changeHeaders = (blob: BlobInfo) => ({
  etag: `"${blob.etag}"`,
  'last-modified': blob.modifiedAt.toUTCString(),
  'x-ms-request-server-encrypted': 'false',
})

const made = (blob: BlobInfo, md5: string) =>
  new Response(null, { status: 201, headers: { ...changeHeaders(blob), 'content-md5': md5 } })
