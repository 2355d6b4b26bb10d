import { latestPassed, passedLabel } from '../data/passed.ts'
import { parseReference } from '../data/locations.ts'
import { registryNamed } from '../data/own-workspace.ts'
import { childId, isInRegistry, keyOf, parseArmId, scopeId, typeIn } from '../kernel/resources/arm-id.ts'
import { errors, UserError } from '../kernel/errors.ts'
import { nearest } from '../kernel/nearest.ts'
import type { Platform } from '../kernel/platform.ts'
import type { Resource } from '../kernel/resources/resource.ts'
import { aliasesOf } from '../registry/aliases.ts'

/** A reference to a versioned thing of a workspace, read but not yet looked up. */
export type AssetReference =
  | { readonly kind: 'id'; readonly id: string }
  | { readonly kind: 'name'; readonly name: string; readonly version?: string; readonly label?: string }

/**
 * Reads `azureml:{name}:{version}`, `azureml:{name}@{label}`, `azureml:{arm id}`, a bare ARM id or a bare name. An ARM
 * id that ends in `/labels/{label}` is the label. Undefined for what is none of these.
 */
export function parseAssetReference(reference: string): AssetReference | undefined {
  const bare = reference.replace(/^azureml:(?!\/\/)/i, '')
  if (bare.startsWith('/')) return { kind: 'id', id: bare }
  const match = /^([\w.-]+)(?::([\w.-]+)|@([\w.-]+))?$/.exec(bare)
  if (!match) return undefined
  const [, name = '', version, label] = match
  if (version !== undefined) return { kind: 'name', name, version }
  return label === undefined ? { kind: 'name', name } : { kind: 'name', name, label }
}

/** What the reference is of, for messages and to find it. */
export interface Sought {
  readonly platform: Platform
  /** Id of the workspace that the referring resource lies in. */
  readonly workspace: string
  /** e.g. `components`. */
  readonly collection: string
  /** e.g. `component`, for messages. */
  readonly noun: string
  /** The referring field, e.g. `properties.jobs.train.componentId`. */
  readonly target: string
}

/**
 * The version that a reference means now: `@latest` and a bare name mean the one made last. Throws a validation error (400, not 404: the request is at fault) that names the nearest name or version.
 */
export async function findVersion(reference: string, from: Sought): Promise<Resource> {
  const { platform, collection, noun, target } = from
  const shared = sharedReference(reference)
  const sought = shared === undefined ? from : await inItsRegistry(shared, from)
  const { workspace } = sought
  const parsed =
    shared === undefined ? parseAssetReference(reference) : ({ ...shared, kind: 'name' } as const)
  if (parsed === undefined)
    throw errors.validation(
      `'${reference}' is no reference to a ${noun}; expected azureml:NAME:VERSION, azureml:NAME@latest or a resource id.`,
      { target },
    )
  let container: string
  let version: string | undefined
  if (parsed.kind === 'id') {
    const labelled = /^(.*)\/labels\/([^/]+)$/i.exec(parsed.id)
    const id = labelled?.[1] ?? parsed.id
    requireSameScope(id, sought)
    const { type, names } = parseArmId(id)
    const expected = typeIn(workspace, labelled ? collection : `${collection}/versions`)
    if (type.toLowerCase() !== expected.toLowerCase())
      throw errors.validation(`'${reference}' is of type ${type}, and a ${noun} is expected here.`, {
        target,
      })
    container = childId(workspace, collection, names[1] ?? '')
    version = labelled === null ? names[2] : await versionOfLabel(container, labelled[2] ?? '', sought)
  } else {
    container = childId(workspace, collection, parsed.name)
    version = parsed.version
    if (parsed.label !== undefined) version = await versionOfLabel(container, parsed.label, sought)
  }
  const found =
    version === undefined
      ? (
          await platform.resources.list({
            type: typeIn(workspace, `${collection}/versions`),
            parent: container,
            top: 1,
          })
        )[0]
      : await platform.resources.find(childId(container, 'versions', version))
  if (found !== undefined) return found
  throw await missing(container, version, sought)
}

/** The reference, if it is to an asset of a registry. */
function sharedReference(reference: string) {
  if (!/\bregistries\//i.test(reference)) return undefined
  const parsed = parseReference(reference)
  return parsed.kind === 'asset' && parsed.registry !== undefined ? parsed : undefined
}

/** The same search, in the registry that the reference names. Throws a validation error naming the nearest. */
async function inItsRegistry(
  { registry = '', type }: NonNullable<ReturnType<typeof sharedReference>>,
  sought: Sought,
): Promise<Sought> {
  const { platform, collection, target } = sought
  if (type !== collection)
    throw errors.validation(`This is a reference to ${type}; one to ${collection} is expected.`, { target })
  const found = await registryNamed(platform, registry).catch((error: unknown) => {
    if (!(error instanceof UserError)) throw error
    throw errors.validation(error.message, { target, cause: error })
  })
  return { ...sought, workspace: found.id }
}

/** The version that a model's alias means; undefined for `latest`, which is always the one made last. */
async function versionOfLabel(container: string, label: string, sought: Sought): Promise<string | undefined> {
  if (label.toLowerCase() === 'latest') return undefined
  const passed =
    sought.collection === 'data' && label.toLowerCase() === passedLabel
      ? await latestPassed(sought.platform, container)
      : undefined
  if (passed !== undefined) return passed.name
  const found = await sought.platform.resources.find(container)
  const aliases = found === undefined ? {} : aliasesOf(found)
  const version = aliases[label]
  if (found === undefined || version !== undefined) return version
  const known = ['latest', ...Object.keys(aliases)]
  if (sought.collection === 'data' && label.toLowerCase() === passedLabel)
    throw errors.validation(`The ${sought.noun} '${found.name}' has no version that keeps its contracts.`, {
      target: sought.target,
    })
  throw errors.validation(
    `The ${sought.noun} '${found.name}' has no label '${label}'; it has ${known.join(', ')}.`,
    {
      target: sought.target,
    },
  )
}

async function missing(container: string, version: string | undefined, sought: Sought): Promise<Error> {
  const { platform, workspace, collection, noun, target } = sought
  const name = parseArmId(container).names.at(-1) ?? ''
  const say = (message: string) => errors.validation(message, { target })
  if (version !== undefined) {
    const versions = await platform.resources.list({
      type: typeIn(workspace, `${collection}/versions`),
      parent: container,
      top: 5,
    })
    if (versions.length > 0)
      return say(
        `The ${noun} '${name}' has no version '${version}'; it has ${versions.map((v) => v.name).join(', ')}.`,
      )
  }
  const known = await platform.resources.list({
    type: typeIn(workspace, collection),
    parent: workspace,
    view: 'all',
  })
  const near = nearest(
    name,
    known.map((r) => r.name),
  )
  return say(
    `There is no ${noun} '${name}' in ${isInRegistry(workspace) ? `registry '${parseArmId(workspace).names[0]}'` : 'this workspace'}.${near === undefined ? '' : ` Did you mean '${near}'?`}`,
  )
}

/** Refuses an id of another workspace: what a job uses must be in its own, where its owner's rights were checked. */
export function requireSameScope(
  id: string,
  { workspace, noun, target }: Pick<Sought, 'workspace' | 'noun' | 'target'>,
): void {
  const scope = scopeId(id)
  if (scope !== undefined && keyOf(scope) === keyOf(workspace)) return
  throw errors.validation(
    `The ${noun} '${id}' is ${scope === undefined ? 'no resource of a workspace' : `of another workspace, ${scope}`}; it must be in ${workspace}.`,
    { target },
  )
}

/** Names by which a job asks for this machine rather than for a compute that was declared. */
const thisMachine = new Set(['', 'local', 'serverless'])

/**
 * Key of the compute that a reference means, or `local` for this machine (nothing, `local` and `serverless`). Throws a
 * validation error naming the nearest compute.
 */
export async function findCompute(
  reference: string | null | undefined,
  sought: Omit<Sought, 'collection' | 'noun'>,
): Promise<string> {
  const bare = (reference ?? '').replace(/^azureml:/i, '')
  const name = bare.startsWith('/') ? (bare.split('/').at(-1) ?? '') : bare
  if (thisMachine.has(name.toLowerCase())) return 'local'
  const { platform, workspace, target } = sought
  const id = bare.startsWith('/') ? bare : childId(workspace, 'computes', name)
  requireSameScope(id, { workspace, noun: 'compute', target })
  const found = await platform.resources.find(id)
  if (found?.type === 'workspaces/computes') return found.key
  const known = (await platform.resources.list({ type: 'workspaces/computes', parent: workspace })).map(
    (r) => r.name,
  )
  const near = nearest(name, [...known, 'local', 'serverless'])
  throw errors.validation(
    `There is no compute '${name}' in this workspace.${near === undefined ? ` There are: ${[...known, 'serverless'].join(', ')}.` : ` Did you mean '${near}'?`}`,
    { target },
  )
}
