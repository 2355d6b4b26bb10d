import { Readable } from 'node:stream'
import type { Hono } from 'hono'
import { verifyPublishedFile } from '../../data/facts/integrity.ts'
import { resolve } from '../../data/resolve.ts'
import { childId } from '../../kernel/resources/arm-id.ts'
import { errors } from '../../kernel/errors.ts'
import type { Frame } from '../../kernel/rest/arm.ts'
import { listFiles } from '../../tracking/artifact-files.ts'
import { safePath } from '../../tracking/artifact-paths.ts'
import { filled } from '../../tracking/protocol/message.ts'
import { operations, type Call } from '../../tracking/protocol/route.ts'
import { mlflowApp, prefixes, registryBase, type Door } from '../../tracking/protocol/serve.ts'

const proxy = '/api/2.0/mlflow-artifacts/artifacts'

/**
 * Where MLflow's clients read files of a registry's container. It is a whole URL, because they ask their tracking server
 * for anything less, and the registry may be another's.
 */
export const artifactUrl = (call: Pick<Call, 'base'>, path: string): string =>
  `${call.base}${proxy}/${path.split('/').map(encodeURIComponent).join('/')}`

/** The artifact proxy of a registry: its models can be listed and read, and what is read is what was published. */
export function sharedArtifactRoutes(door: Door): Hono<Frame> {
  const app = mlflowApp(door.platform)
  for (const prefix of prefixes) {
    const at = `${registryBase}${prefix}/mlflow-artifacts/artifacts`
    app.get(at, async (context) => {
      const call = await door.open(context, operations.readModels)
      const folder = ofModel(safePath(context.req.query('path') ?? ''))
      const entries = await listFiles(call.platform.artifacts, call.container, folder)
      const files = entries.map(({ name, isFolder, size }) => ({
        path: name,
        is_dir: isFolder,
        ...(isFolder ? {} : { file_size: size }),
      }))
      return context.json({ files: filled(files) })
    })
    app.get(`${at}/:path{.+}`, async (context) => {
      const call = await door.open(context, operations.readModels)
      return send(call, ofModel(safePath(context.req.param('path'))))
    })
  }
  return app
}

/** `models/{name}/{version}/{hash}/…`: nothing else of a registry's container is MLflow's. */
function ofModel(path: string): string {
  if (/^models\/[^/]+\/[^/]+\/./.test(path)) return path
  throw errors.notFound(`There is no artifact '${path}'.`, { target: 'path' })
}

async function send({ platform, workspace, container }: Call, path: string): Promise<Response> {
  const [, name = '', version = ''] = path.split('/')
  const id = childId(workspace, 'models', name, 'versions', version)
  const { location } = await resolve(platform, workspace, id)
  if (location.kind !== 'blob' || !`${path}/`.startsWith(`${location.path}/`))
    throw errors.notFound(`There is no artifact '${path}'.`, { target: 'path' })
  const blob = await verifyPublishedFile(platform, location, path)
  const bytes = await platform.artifacts.read({ container, path })
  return new Response(Readable.toWeb(bytes) as ReadableStream<Uint8Array>, {
    headers: {
      'Content-Type': 'application/octet-stream',
      'Content-Length': String(blob.size),
      ETag: blob.etag,
    },
  })
}
