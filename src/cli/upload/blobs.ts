import { reach } from '../client/client.ts'
import type { Connection } from '../client/client.ts'
import { Failure } from '../failure.ts'
import type { Upload, UploadFile } from './upload.ts'

/** What one PUT may carry; larger files go in blocks of this size. */
const blockBytes = 64 * 1024 * 1024
const atOnce = 8
const headers = { 'x-ms-version': '2025-07-05' }

/** A place to upload to: the URL of a container (or a folder in it) with its SAS. */
export interface Destination {
  readonly url: string
  /** Query with the signature, no question mark. */
  readonly sas: string
}

/**
 * Uploads every file below `prefix`, unless an earlier upload of the same has been completed; marks it completed, so
 * that the next one finds it. Speaks Azure Blob's protocol, as Azure's SDK does.
 */
export async function uploadAll(
  connection: Connection,
  to: Destination,
  prefix: string,
  upload: Upload,
): Promise<void> {
  const [first] = upload.files
  if (first === undefined) return
  const target = (file: UploadFile) => blobUrl(to, `${prefix}/${file.name}`)
  const mark = await send(connection, 'HEAD', target(first))
  if (mark.ok && mark.headers.get('x-ms-meta-upload_status') === 'completed') return
  const waiting = [...upload.files]
  const work = async () => {
    for (let file = waiting.shift(); file !== undefined; file = waiting.shift())
      await put(connection, target(file), file)
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, waiting.length) }, work))
  const done = await send(
    connection,
    'PUT',
    target(first),
    { comp: 'metadata' },
    { headers: { 'x-ms-meta-upload_status': 'completed' } },
  )
  if (!done.ok) await refuse(done, first.path)
}

async function put(connection: Connection, url: URL, file: UploadFile): Promise<void> {
  const blob = await file.open()
  if (blob.size <= blockBytes) {
    const answer = await send(
      connection,
      'PUT',
      url,
      {},
      { body: blob, headers: { 'x-ms-blob-type': 'BlockBlob' } },
    )
    if (!answer.ok) await refuse(answer, file.path)
    return
  }
  const ids: string[] = []
  for (let start = 0; start < blob.size; start += blockBytes) {
    const id = btoa(String(ids.length).padStart(8, '0'))
    const body = blob.slice(start, start + blockBytes)
    const answer = await send(connection, 'PUT', url, { comp: 'block', blockid: id }, { body })
    if (!answer.ok) await refuse(answer, file.path)
    ids.push(id)
  }
  const list = `<?xml version="1.0" encoding="utf-8"?><BlockList>${ids.map((id) => `<Latest>${id}</Latest>`).join('')}</BlockList>`
  const answer = await send(connection, 'PUT', url, { comp: 'blocklist' }, { body: list })
  if (!answer.ok) await refuse(answer, file.path)
}

/** Names of the blobs below a prefix (without it), whatever there is. */
export async function listBlobs(
  connection: Connection,
  from: Destination,
  prefix: string,
): Promise<readonly string[]> {
  const names: string[] = []
  let marker = ''
  do {
    const url = blobUrl(from, '')
    const query = { restype: 'container', comp: 'list', prefix, ...(marker === '' ? {} : { marker }) }
    const answer = await send(connection, 'GET', url, query)
    if (!answer.ok) await refuse(answer, prefix)
    const xml = await answer.text()
    names.push(...[...xml.matchAll(/<Name>(.*?)<\/Name>/gs)].map((m) => unescapeXml(m[1] ?? '')))
    marker = unescapeXml(/<NextMarker>(.*?)<\/NextMarker>/s.exec(xml)?.[1] ?? '')
  } while (marker !== '')
  return names
}

/** A blob's bytes, as a stream. */
export async function readBlob(
  connection: Connection,
  from: Destination,
  name: string,
): Promise<ReadableStream<Uint8Array>> {
  const answer = await send(connection, 'GET', blobUrl(from, name))
  if (!answer.ok || answer.body === null) return refuse(answer, name)
  return answer.body as ReadableStream<Uint8Array>
}

/** The URL with the address by which this client knows the server, if it is the server's own. */
export function asReached(connection: Connection, url: string, own: boolean): string {
  if (!own) return url
  const moved = new URL(url)
  const base = new URL(connection.url)
  moved.protocol = base.protocol
  moved.host = base.host
  return moved.toString().replace(/\/$/, '')
}

function blobUrl({ url, sas }: Destination, name: string): URL {
  const path = name.split('/').map(encodeURIComponent).join('/')
  return new URL(`${url}${path === '' ? '' : `/${path}`}?${sas}`)
}

async function send(
  connection: Connection,
  method: string,
  to: URL,
  query: Readonly<Record<string, string>> = {},
  init: { readonly body?: Blob | string; readonly headers?: Readonly<Record<string, string>> } = {},
): Promise<Response> {
  const url = new URL(to)
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value)
  connection.trace?.(`${method} ${url.origin}${url.pathname}`)
  return reach(connection, () =>
    fetch(url, { method, signal: connection.signal, ...init, headers: { ...headers, ...init.headers } }),
  )
}

async function refuse(answer: Response, what: string): Promise<never> {
  const said = await answer.text()
  const reason =
    /<Message>(.*?)<\/Message>/s.exec(said)?.[1]?.split('\n')[0] ??
    answer.headers.get('x-ms-error-code') ??
    said.slice(0, 200)
  throw new Failure(`the store refused ${what}: ${answer.status} ${unescapeXml(reason)}`)
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }
const unescapeXml = (text: string) =>
  text.replaceAll(/&(amp|lt|gt|quot|apos);/g, (_, name: string) => entities[name] ?? '')
