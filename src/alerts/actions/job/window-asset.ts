import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { containerOf } from '../../../data/containers.ts'
import { datastoreUri } from '../../../data/locations.ts'
import { UserError } from '../../../kernel/errors.ts'
import { childId } from '../../../kernel/resources/arm-id.ts'
import type { Platform } from '../../../kernel/platform.ts'
import type { Json, Resource } from '../../../kernel/resources/resource.ts'
import type { ActionContext } from '../action.ts'
import type { WindowOf } from './parameters.ts'
import { endpointTarget } from '../targets.ts'
import { gather } from './window.ts'

/** A window of production data as a version of a data asset. */
export interface WindowAsset {
  readonly id: string
  /** Equal for equal content. */
  readonly digest: string
  readonly rows: number
  readonly inWords: string
}

const actionProperty = 'twinloop.action'

/**
 * Keeps what was collected in a window as a version of the data asset `{endpoint}-production`, made once for an action's
 * input however often it is asked for. `shape` is what the job wants of it: a file or a folder.
 */
export async function windowAsset(
  context: ActionContext,
  input: string,
  wanted: WindowOf,
  { shape, format }: { readonly shape: 'uri_file' | 'uri_folder'; readonly format: 'csv' | 'parquet' },
): Promise<WindowAsset> {
  const { platform, workspaceId, alert, key, signal } = context
  const { id: endpointId, name: endpoint } = await endpointTarget(context, wanted.of, alert.labels)
  const container = childId(workspaceId, 'data', `${endpoint}-production`)
  const mark = `${key}/${input}`
  const made = await madeBefore(platform, container, mark)
  if (made !== undefined) return made
  await platform.access.require(
    context.actor,
    'Microsoft.MachineLearningServices/workspaces/onlineEndpoints/deployments/read',
    endpointId,
  )
  const above = join(platform.config.home, 'analytics')
  await mkdir(above, { recursive: true })
  const folder = await mkdtemp(join(above, 'kept-'))
  try {
    const name = `data.${format}`
    const now = platform.clock()
    const gathered = await gather(platform, endpointId, wanted, {
      file: join(folder, name),
      format,
      now,
      signal,
    })
    const workspace = await platform.resources.get(workspaceId)
    const path = `azureml/production/${endpoint}/${key}/${input}`
    const { digest } = await platform.artifacts.storeFolder(folder, {
      container: containerOf(workspace, 'blobstore'),
      path,
    })
    const properties: Json = {
      dataType: shape,
      dataUri: datastoreUri('workspaceblobstore', shape === 'uri_file' ? `${path}/${name}` : `${path}/`),
      description: `What ${endpoint} was asked, and what turned out to be true: ${gathered.inWords}.`,
      properties: { [actionProperty]: mark, digest, rows: String(gathered.rows), inWords: gathered.inWords },
    }
    const id = await putNext(context, container, properties)
    return { id, digest, rows: gathered.rows, inWords: gathered.inWords }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function madeBefore(
  platform: Platform,
  container: string,
  mark: string,
): Promise<WindowAsset | undefined> {
  const versions = await versionsOf(platform, container)
  const found = versions.find(
    ({ properties }) => (properties['properties'] as Json | null)?.[actionProperty] === mark,
  )
  if (found === undefined) return undefined
  const said = found.properties['properties'] as Readonly<Record<string, string>>
  return {
    id: found.id,
    digest: said['digest'] ?? '',
    rows: Number(said['rows']),
    inWords: said['inWords'] ?? '',
  }
}

const versionsOf = (platform: Platform, parent: string): Promise<readonly Resource[]> =>
  platform.resources.list({ type: 'workspaces/data/versions', parent, view: 'all', top: 100_000 })

/** Makes the next version. */
async function putNext(
  { platform, actor }: ActionContext,
  container: string,
  properties: Json,
): Promise<string> {
  for (;;) {
    const numbers = (await versionsOf(platform, container)).map(({ name }) => Number(name))
    const next = Math.max(0, ...numbers.filter(Number.isInteger)) + 1
    try {
      const id = childId(container, 'versions', String(next))
      const written = await platform.resources.put(actor, id, { properties }, { ifNoneMatch: '*' })
      return written.resource.id
    } catch (error) {
      // Somebody took this number in the same moment; the next one is free.
      if (!(error instanceof UserError) || ![409, 412].includes(error.kind.status)) throw error
    }
  }
}
