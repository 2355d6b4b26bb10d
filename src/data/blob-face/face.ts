import { Hono } from 'hono'
import type { Platform } from '../../kernel/platform.ts'
import type { Frame } from '../../kernel/rest/arm.ts'
import { parseAddress, type Address } from './address.ts'
import { asBlobError, blobErrors, errorXml, type BlobError } from './blob-error.ts'
import { readAccount, readBlob, readBlockList, readContainer } from './reads.ts'
import { copyBlob, deleteBlob, putBlob, putBlock, putBlockList, putMetadata } from './writes.ts'

/** The version that is answered to clients which name none. */
const ownVersion = '2021-12-02'

/**
 * Artifacts as Azure Blob Storage, for Azure's clients and for our own: block blobs of the workspaces' containers,
 * with shared access signatures or Bearer tokens. Bodies stream both ways. Whatever is not a blob's URL passes by.
 */
export function blobRoutes(platform: Platform): Hono<Frame> {
  const app = new Hono<Frame>()
  app.all('*', async (context, next) => {
    const request = context.req.raw
    const response = await answer(platform, request, context.var.requestId)
    if (response === undefined) return next()
    response.headers.set('x-ms-version', request.headers.get('x-ms-version') ?? ownVersion)
    const clientId = request.headers.get('x-ms-client-request-id')
    if (clientId !== null) response.headers.set('x-ms-client-request-id', clientId)
    return response
  })
  return app
}

/** The answer to a request for a blob or container; undefined if it is for neither. */
async function answer(
  platform: Platform,
  request: Request,
  requestId: string,
): Promise<Response | undefined> {
  try {
    const address = parseAddress(request.url)
    return address && (await serve(platform, address, request))
  } catch (error) {
    const known = asBlobError(error)
    if (known !== undefined) return refuse(known, request)
    platform.log.error('blob request failed', { requestId, url: request.url.split('?')[0], error })
    return refuse(blobErrors.InternalError('Something went wrong inside; the log tells more.'), request)
  }
}

function serve(platform: Platform, address: Address, request: Request): Promise<Response> | Response {
  const [comp, restype] = ['comp', 'restype'].map((name) => address.query.get(name)?.toLowerCase() ?? '')
  const reading = request.method === 'GET' || request.method === 'HEAD'
  if (restype === 'account' && reading) return readAccount()
  if (restype === 'container' && reading) return readContainer(platform, address, request)
  if (restype === 'container' && request.method === 'PUT')
    throw blobErrors.ContainerAlreadyExists('Containers come and go with their workspace.')
  if (address.path === '' || restype !== '') throw blobErrors.InvalidUri('The URL names no blob.')
  const verb =
    request.method === 'PUT' && comp === '' && request.headers.has('x-ms-copy-source') ? 'copy' : comp
  const handler = handlers[`${reading ? 'GET' : request.method} ${verb}`.trim()]
  if (handler === undefined)
    throw blobErrors.NotImplemented(
      `${request.method}${comp === '' ? '' : ` with comp=${comp}`} is not possible here.`,
    )
  return handler(platform, address, request)
}

type Handler = (platform: Platform, address: Address, request: Request) => Promise<Response>

/** What can be done to a blob, by method and `comp`. */
const handlers: Readonly<Record<string, Handler>> = {
  GET: readBlob,
  'GET blocklist': readBlockList,
  PUT: putBlob,
  'PUT block': putBlock,
  'PUT blocklist': putBlockList,
  'PUT metadata': putMetadata,
  'PUT copy': copyBlob,
  DELETE: deleteBlob,
}

function refuse(error: BlobError, request: Request): Response {
  const headers: Record<string, string> = { 'x-ms-error-code': error.code, 'content-type': 'application/xml' }
  if (error.status === 401) headers['www-authenticate'] = 'Bearer realm="twinloop"'
  return new Response(request.method === 'HEAD' ? null : errorXml(error), { status: error.status, headers })
}
