import { errors } from '../errors.ts'

/** Namespace of Azure Machine Learning, whose resource model is ours. */
export const machineLearning = 'Microsoft.MachineLearningServices'

/** An Azure resource id, taken apart. */
export interface ArmId {
  readonly subscription: string | undefined
  readonly resourceGroup: string | undefined
  readonly provider: string
  /** e.g. `workspaces/models/versions`, in the spelling that was given. */
  readonly type: string
  /** One name for each segment of the type. */
  readonly names: readonly string[]
  /** Id of the resource that an extension resource hangs on, e.g. the workspace of a release plan; undefined else. */
  readonly extends: string | undefined
}

/**
 * Reads `/subscriptions/{s}[/resourceGroups/{g}][/providers/{ns}/{type}/{name}…]`, in any case, also with a second
 * `/providers/` part (an extension resource). A bare subscription or resource group has the provider
 * `Microsoft.Resources`. Throws badRequest for anything else.
 */
export function parseArmId(id: string): ArmId {
  const segments = id.split('/').slice(1)
  if (segments.at(-1) === '') segments.pop()
  const malformed = (why: string) => errors.badRequest(`'${id}' is not a resource id: ${why}.`)
  if (!id.startsWith('/') || segments.length < 2 || segments.some((s) => s === '' || s === '.' || s === '..'))
    throw malformed(
      'expected /subscriptions/{subscription}/resourceGroups/{group}/providers/{namespace}/{type}/{name}',
    )
  const is = (i: number, word: string) => segments[i]?.toLowerCase() === word
  let at = 0
  let subscription: string | undefined
  let resourceGroup: string | undefined
  if (is(at, 'subscriptions')) [subscription, at] = [segments[at + 1], at + 2]
  if (is(at, 'resourcegroups')) {
    if (segments[at + 1] === undefined) throw malformed('the resource group has no name')
    ;[resourceGroup, at] = [segments[at + 1], at + 2]
  }
  if (at === segments.length)
    return resourceGroup === undefined
      ? {
          subscription,
          resourceGroup,
          provider: 'Microsoft.Resources',
          type: 'subscriptions',
          names: [subscription ?? ''],
          extends: undefined,
        }
      : {
          subscription,
          resourceGroup,
          provider: 'Microsoft.Resources',
          type: 'resourceGroups',
          names: [resourceGroup],
          extends: undefined,
        }
  if (!is(at, 'providers')) throw malformed(`'${segments[at]}' stands where 'providers' is expected`)
  const last = segments.findLastIndex((s) => s.toLowerCase() === 'providers')
  const provider = segments[last + 1]
  const rest = segments.slice(last + 2)
  if (provider === undefined || rest.length === 0) throw malformed('it names no resource type')
  if (rest.length % 2 === 1) throw malformed(`'${rest.at(-1)}' has no name`)
  return {
    subscription,
    resourceGroup,
    provider,
    type: rest.filter((_, i) => i % 2 === 0).join('/'),
    names: rest.filter((_, i) => i % 2 === 1),
    extends: last === at ? undefined : `/${segments.slice(0, last).join('/')}`,
  }
}

/** By which a resource is found: its id in lower case, without a slash at the end. */
export const keyOf = (id: string): string => id.replace(/\/+$/, '').toLowerCase()

/** Id of the parent resource: one type and name less; for an extension or top-level resource, what it hangs on. */
export function parentId(id: string): string {
  const { names, provider } = parseArmId(id)
  const segments = id.split('/')
  return names.length > 1 || provider === 'Microsoft.Resources'
    ? segments.slice(0, -2).join('/')
    : segments.slice(0, -4).join('/')
}

/** Id of the workspace or registry that a resource lies in (itself, if it is one), or undefined above those. */
export function scopeId(id: string): string | undefined {
  return /^\/subscriptions\/[^/]+\/resourcegroups\/[^/]+\/providers\/microsoft\.machinelearningservices\/(?:workspaces|registries)\/[^/]+/i.exec(
    id,
  )?.[0]
}

/** True for the id of a registry or of anything in one. */
export const isInRegistry = (id: string): boolean =>
  /^\/subscriptions\/[^/]+\/resourcegroups\/[^/]+\/providers\/microsoft\.machinelearningservices\/registries\/[^/]/i.test(
    id,
  )

/** `typeIn(workspace, 'models/versions')`: the type that something has in a workspace, or in a registry. */
export const typeIn = (scope: string, type: string): string =>
  `${isInRegistry(scope) ? 'registries' : 'workspaces'}/${type}`

/** `childId(workspace, 'models', 'flight-delay', 'versions', '1')`. Names are kept as they are given. */
export const childId = (parent: string, ...segments: readonly string[]): string =>
  [parent, ...segments].join('/')

/** Id of a workspace. */
export const workspaceId = (subscription: string, resourceGroup: string, workspace: string): string =>
  `/subscriptions/${subscription}/resourceGroups/${resourceGroup}/providers/${machineLearning}/workspaces/${workspace}`

/** A resource as one says it: `version '3' of model 'taxi' of workspace 'dev'`. */
export function inWords(type: string, names: readonly string[]): string {
  return type
    .split('/')
    .map((segment, i) => `${singular(segment)} '${names[i] ?? ''}'`)
    .reverse()
    .join(' of ')
}

const singular = (segment: string) =>
  segment
    .replace(/ies$/, 'y')
    .replace(/s$/, '')
    .replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
