import { basename } from 'node:path/posix'
import { Readable } from 'node:stream'
import { Hono, type Context } from 'hono'
import { BlobMissing, type BlobName } from '../../artifacts/artifacts.ts'
import { errors } from '../../kernel/errors.ts'
import type { Frame } from '../../kernel/rest/arm.ts'
import { listFiles } from '../artifact-files.ts'
import { proxiedPath, readDatastorePath, safePath } from '../artifact-paths.ts'
import { message, text, filled } from '../protocol/message.ts'
import { operations, route, type Call } from '../protocol/route.ts'
import { bases, mlflowApp, type Door } from '../protocol/serve.ts'
import { runId, theRun } from './fields.ts'
import { theModel } from './logged-models.ts'

/** Artifacts as runs and logged models list them. */
export const artifactRoutes = [
  route({
    method: 'GET',
    path: '/mlflow/artifacts/list',
    operation: operations.readRuns,
    input: message({ ...runId, path: text.optional(), page_token: text.optional() }),
    async handle(input, call) {
      const run = await theRun(call, input)
      const files = await listBelow(call, run.artifact_uri, input.path)
      return { root_uri: run.artifact_uri, files }
    },
  }),
  route({
    method: 'GET',
    path: '/mlflow/logged-models/:model_id/artifacts/directories',
    operation: operations.readRuns,
    input: message({ model_id: text, artifact_directory_path: text.optional() }),
    async handle(input, call) {
      const model = await theModel(call, input.model_id)
      const files = await listBelow(call, model.artifact_uri, input.artifact_directory_path)
      return { root_uri: model.artifact_uri, files }
    },
  }),
]

async function listBelow(call: Call, root: string, path = '') {
  const folder = rootPath(root)
  const relative = safePath(path)
  const entries = await listFiles(call.platform.artifacts, call.container, join(folder, relative))
  return filled(
    entries.map((entry) => ({
      path: join(relative, entry.name),
      is_dir: entry.isFolder,
      ...(entry.isFolder ? {} : { file_size: entry.size }),
    })),
  )
}

/** Path of a root in the workspace's container. Throws for a root that is reached without this server. */
function rootPath(uri: string): string {
  const path = proxiedPath(uri)
  if (path === undefined)
    throw errors.badRequest(`The artifacts are at ${uri}, which is not behind this server: read them there.`)
  return path
}

const join = (folder: string, name: string) => [folder, name].filter((part) => part !== '').join('/')

/** Bytes of single artifacts: the download routes of the user interface, and the artifact proxy of the client. */
export function artifactByteRoutes(door: Door): Hono<Frame> {
  const app = mlflowApp(door.platform)
  for (const base of bases) {
    app.get(`${base}/get-artifact`, async (context) => {
      const call = await door.open(context, operations.readRuns)
      const run = await theRun(call, {
        run_id: context.req.query('run_id'),
        run_uuid: context.req.query('run_uuid'),
      })
      return download(context, call, join(rootPath(run.artifact_uri), askedPath(context, 'path')))
    })
    for (const prefix of ['/api/2.0', '/ajax-api/2.0']) {
      app.get(`${base}${prefix}/mlflow/logged-models/:model_id/artifacts/files`, async (context) => {
        const call = await door.open(context, operations.readRuns)
        const model = await theModel(call, context.req.param('model_id'))
        return download(
          context,
          call,
          join(rootPath(model.artifact_uri), askedPath(context, 'artifact_file_path')),
        )
      })
      proxyRoutes(app, door, `${base}${prefix}/mlflow-artifacts`)
    }
  }
  return app
}

function proxyRoutes(app: Hono<Frame>, door: Door, at: string) {
  app.get(`${at}/artifacts`, async (context) => {
    const call = await door.open(context, operations.readRuns)
    const folder = safePath(context.req.query('path') ?? '')
    const { container, path } = readable(call, folder)
    const entries = await listFiles(call.platform.artifacts, container, path)
    return context.json({
      files: filled(
        entries.map((e) => ({
          path: e.name,
          is_dir: e.isFolder,
          ...(e.isFolder ? {} : { file_size: e.size }),
        })),
      ),
    })
  })
  app.get(`${at}/artifacts/:path{.+}`, async (context) => {
    const call = await door.open(context, operations.readRuns)
    return send(call, safePath(context.req.param('path')))
  })
  app.put(`${at}/artifacts/:path{.+}`, async (context) => {
    const call = await door.open(context, operations.writeRuns)
    const path = nonEmpty(safePath(context.req.param('path')))
    const type = context.req.header('content-type')
    await call.platform.artifacts.put(
      { container: call.container, path },
      context.req.raw.body ?? new Uint8Array(),
      type === undefined ? {} : { contentType: type },
    )
    return context.json({})
  })
  app.delete(`${at}/artifacts/:path{.+}`, async (context) => {
    const call = await door.open(context, operations.deleteRuns)
    await removeBelow(call, nonEmpty(safePath(context.req.param('path'))))
    return context.json({})
  })
  const unsupported = () => {
    throw errors.notImplemented('Multipart upload is not supported for the current artifact repository')
  }
  for (const step of ['create', 'complete', 'abort']) app.post(`${at}/mpu/${step}/:path{.+}`, unsupported)
  app.get(`${at}/presigned/:path{.+}`, () => {
    throw errors.notImplemented('Presigned downloads are not supported for the current artifact repository')
  })
}

/** Removes the blob of this path and all below it. Throws RESOURCE_DOES_NOT_EXIST if there is nothing. */
async function removeBelow({ platform, container }: Call, path: string) {
  let removed = await platform.artifacts.remove({ container, path })
  for (;;) {
    const { blobs } = await platform.artifacts.list(container, `${path}/`, { limit: 1000 })
    if (blobs.length === 0) break
    for (const blob of blobs) removed = (await platform.artifacts.remove(blob)) || removed
  }
  if (!removed) throw errors.notFound(`There is no artifact '${path}'.`, { target: 'path' })
}

async function download(context: Context<Frame>, call: Call, path: string): Promise<Response> {
  const response = await send(call, path)
  response.headers.set(
    'Content-Disposition',
    `attachment; filename*=UTF-8''${encodeURIComponent(basename(path))}`,
  )
  response.headers.set('X-Content-Type-Options', 'nosniff')
  return response
}

/** What a proxied path means for readers: also what was uploaded to the workspace. */
function readable(call: Call, path: string): BlobName {
  const { which, path: inContainer } = readDatastorePath(path)
  return { container: which === 'artifacts' ? call.container : call.blobstore, path: inContainer }
}

async function send(call: Call, path: string): Promise<Response> {
  const { platform } = call
  const name = readable(call, nonEmpty(path))
  const missing = () => errors.notFound(`There is no artifact '${path}'.`, { target: 'path' })
  const info = await platform.artifacts.head(name)
  if (info === undefined) throw missing()
  const bytes = await platform.artifacts.read(name).catch((error: unknown) => {
    throw error instanceof BlobMissing ? missing() : error
  })
  return new Response(Readable.toWeb(bytes) as ReadableStream<Uint8Array>, {
    headers: {
      'Content-Type': info.contentType === '' ? 'application/octet-stream' : info.contentType,
      'Content-Length': String(info.size),
      ETag: info.etag,
    },
  })
}

function askedPath(context: Context<Frame>, parameter: string): string {
  return nonEmpty(safePath(context.req.query(parameter) ?? ''))
}

function nonEmpty(path: string): string {
  if (path === '') throw errors.badRequest('Invalid path: it is empty.', { target: 'path' })
  return path
}
