import { createHash } from 'node:crypto'
import { mkdir, readdir, stat } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { containerOf } from '../data/containers.ts'
import { requireContracts } from '../data/contracts/enforce.ts'
import { datastoreUri, parseReference } from '../data/locations.ts'
import type { Reference, WorkspaceNames } from '../data/locations.ts'
import { homeOf } from '../data/own-workspace.ts'
import { resolve } from '../data/resolve.ts'
import type { Location } from '../data/resolve.ts'
import { etagsAt, fetchTo, kindAt } from '../data/transfer.ts'
import { parseArmId } from '../kernel/resources/arm-id.ts'
import { errors, UserError } from '../kernel/errors.ts'
import type { Platform } from '../kernel/platform.ts'
import { locate } from '../registry/locate.ts'
import { undeclared } from './expressions.ts'
import { asJob } from './jobs/job.ts'
import type { Job } from './jobs/job.ts'
import { findVersion } from './references.ts'

/** Which request refers to data, and where in it. */
export interface Referring {
  readonly platform: Platform
  /** Id or key of the workspace that the referring resource lies in. */
  readonly workspace: string
  readonly target: string
}

/**
 * What a reference means now, so that it means the same later: an asset's label becomes its version, a job's output
 * the place where it is. Throws a validation error if there is no such thing, or if it is another workspace's.
 */
export async function pinInput(
  input: { readonly type: string; readonly uri: string },
  at: Referring,
): Promise<string> {
  return blamed(at, async () => {
    const reference = parseReference(input.uri)
    switch (reference.kind) {
      case 'asset': {
        const collection = reference.type ?? (input.type.endsWith('_model') ? 'models' : 'data')
        const noun = collection === 'models' ? 'model' : 'data asset'
        const home = await homeOf(at.platform, await at.platform.resources.get(at.workspace), reference)
        const { name, version, label } = reference
        const which = version === undefined ? `labels/${label ?? 'latest'}` : `versions/${version}`
        const spelling = `${home.id}/${collection}/${name}/${which}`
        const found = await findVersion(spelling, { ...at, collection, noun })
        if (collection === 'data') await requireContracts(at.platform, found)
        return found.id
      }
      case 'jobOutput':
        return followJobOutput(reference, at)
      case 'run':
      case 'loggedModel':
        return (await locate(at.platform, at.workspace, input.uri)).uri
      default:
        await resolve(at.platform, at.workspace, reference)
        return input.uri
    }
  })
}

/** Where the data behind a pinned reference is. Throws a validation error if it cannot be reached from here. */
export const locateInput = (uri: string, at: Referring): Promise<Location> =>
  blamed(at, async () => (await resolve(at.platform, at.workspace, uri)).location)

/** What goes wrong with a reference is a mistake of the request that has it, at the field where it stands. */
export async function blamed<T>({ target }: Pick<Referring, 'target'>, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof UserError) || error.target !== undefined) throw error
    throw errors.validation(error.message, { target, cause: error })
  }
}

async function followJobOutput(
  reference: Extract<Reference, { kind: 'jobOutput' }>,
  at: Referring,
): Promise<string> {
  const job = asJob(await at.platform.resources.get(`${at.workspace}/jobs/${reference.job}`))
  const isRun = reference.output === 'artifacts' || reference.output === 'default'
  const uri = job.status.outputs?.[reference.output]?.uri ?? (isRun ? runUri(job) : undefined)
  if (uri !== undefined) return reference.path === '' ? uri : `${uri.replace(/\/$/, '')}/${reference.path}`
  const declared = Object.keys(job.properties.outputs ?? {})
  throw errors.validation(
    declared.includes(reference.output)
      ? `Job '${job.name}' is ${job.status.status} and has not made its output '${reference.output}'.`
      : `In job '${job.name}' ${undeclared('output', reference.output, declared)}`,
  )
}

/** URI of the folder in which everything of a run is kept. */
export const runUri = (job: Pick<Job, 'name'>): string =>
  datastoreUri('workspaceartifactstore', `ExperimentRun/dcid.${job.name}`)

/** Name of the container in which everything of the workspace's runs is kept. */
export async function artifactsContainer(platform: Platform, workspace: string): Promise<string> {
  return containerOf(await platform.resources.get(workspace), 'artifacts')
}

/** The names in the id of a workspace, or of anything in it, for references in their long form. */
export function workspaceNames(id: string): WorkspaceNames {
  const { subscription = '', resourceGroup = '', names } = parseArmId(id)
  return { subscription, resourceGroup, workspace: names[0] ?? '' }
}

/** Folders of jobs' outputs, which may be empty: a step that wrote nothing is no mistake of the next one. */
const ofJobs = /^azureml\/[^/]+\/[^/]+$/

/** Makes data readable at a path: the file's, or the folder's. Throws a UserError if nothing is there. */
export async function checkOut(
  platform: Platform,
  location: Location,
  folder: string,
  signal?: AbortSignal,
): Promise<string> {
  await mkdir(folder, { recursive: true })
  if (
    (location.kind === 'blob' || location.kind === 'store') &&
    ofJobs.test(location.path) &&
    (await kindAt(platform, location)) === undefined
  )
    return folder
  return (await fetchTo(platform, location, folder, signal)).path
}

/**
 * A digest of the content behind a location; of a local folder, of its files' sizes and times; of a store elsewhere, of
 * its files' etags. Undefined where content cannot be told without fetching it.
 */
export async function contentDigest(platform: Platform, location: Location): Promise<string | undefined> {
  if (location.kind === 'url') return undefined
  const digest = createHash('sha256')
  if (location.kind === 'store') {
    for (const line of await etagsAt(platform, location)) digest.update(line)
    return digest.digest('hex')
  }
  if (location.kind === 'local') {
    for (const line of await listLocal(location.path)) digest.update(line)
    return digest.digest('hex')
  }
  const file = location.path === '' ? undefined : await platform.artifacts.head(location)
  if (file !== undefined) return digest.update(`\0${file.digest}\n`).digest('hex')
  const prefix = location.path === '' ? '' : `${location.path}/`
  for (let after: string | undefined; ;) {
    const page = await platform.artifacts.list(
      location.container,
      prefix,
      after === undefined ? {} : { after },
    )
    for (const blob of page.blobs) digest.update(`${blob.path.slice(prefix.length)}\0${blob.digest}\n`)
    if (page.next === undefined) return digest.digest('hex')
    after = page.next
  }
}

async function listLocal(path: string): Promise<readonly string[]> {
  const root = await stat(path).catch(() => undefined)
  if (root === undefined) return []
  if (!root.isDirectory()) return [`\0${root.size}\0${root.mtimeMs}\n`]
  const lines: string[] = []
  for (const entry of await readdir(path, { recursive: true, withFileTypes: true })) {
    if (entry.isDirectory()) continue
    const file = join(entry.parentPath, entry.name)
    const { size, mtimeMs } = await stat(file)
    lines.push(`${relative(path, file)}\0${size}\0${mtimeMs}\n`)
  }
  return lines.sort()
}
