import { parseArmId } from '../../kernel/resources/arm-id.ts'
import { errors } from '../../kernel/errors.ts'
import type { Platform } from '../../kernel/platform.ts'
import type { Json, Prepared, ResourceDefinition, Writing } from '../../kernel/resources/resource.ts'
import {
  filesField,
  filesOf,
  hashOfContent,
  keepFiles,
  sharedTypeOf,
  withFiles,
  type Integrity,
} from './content.ts'

/** Actions on a workspace's asset that mean something for a registry's. */
const shared = new Set(['startPendingUpload', 'setAlias', 'deleteAlias', 'lineage'])

/**
 * The same kind of asset, in a registry: what is asked of it in a workspace, and besides that a version never changes.
 * Its files are kept under names that nobody can write to, and its hash is recorded and checked by whoever reads it.
 */
export function inRegistry<P extends Json>(definition: ResourceDefinition<P>): ResourceDefinition<P> {
  const type = definition.type.replace(/^workspaces\//, 'registries/')
  return {
    ...definition,
    type,
    permission: 'registries/assets',
    actions: Object.fromEntries(
      Object.entries(definition.actions ?? {}).filter(([name]) => shared.has(name)),
    ),
    ...(definition.container === true
      ? {}
      : {
          prepare: (writing: Writing<P>, platform: Platform) => prepare(definition, type, writing, platform),
        }),
  }
}

/** `inRegistry` of every definition that says so, beside itself. */
export const inEveryScope = (definition: ResourceDefinition): readonly ResourceDefinition[] =>
  definition.scopes?.includes('registry') === true ? [definition, inRegistry(definition)] : [definition]

async function prepare<P extends Json>(
  definition: ResourceDefinition<P>,
  fullType: string,
  writing: Writing<P>,
  platform: Platform,
): Promise<Prepared<P>> {
  const type = sharedTypeOf(fullType)
  const given = withoutFindings(writing.body.properties)
  const files = await kept(type, writing, platform)
  const properties = files === undefined ? given : withFiles(type, given, files.uri)
  const content = hashOfContent(type, properties)
  const integrity: Integrity = { ...files?.integrity, sha256: content ?? files?.integrity.sha256 ?? '' }
  const before = writing.before?.status['integrity'] as Integrity | undefined
  if (before !== undefined && before.sha256 !== integrity.sha256) throw otherContent(writing)
  const prepared = await definition.prepare?.({ ...writing, body: { ...writing.body, properties } }, platform)
  return {
    ...prepared,
    properties: prepared?.properties ?? properties,
    status: {
      provisioningState: 'Succeeded',
      ...prepared?.status,
      integrity,
      ...contextOf(type, files?.integrity),
    },
  }
}

/** What only the platform knows of a version: a client that sends it means nothing by it, or no good. */
function withoutFindings<P extends Json>(properties: P): P {
  const { publishedFrom, integrity, contextIntegrity, lineage, facts, origin, ...given } = properties
  return given as unknown as P
}

/** An environment's hash is that of what it says; what it is built of has one of its own. */
const contextOf = (type: string, files: Integrity | undefined): Json =>
  type === 'environments' && files !== undefined ? { contextIntegrity: files } : {}

/** The files of the version where they stay, with their hash; undefined for one without. */
async function kept<P extends Json>(
  type: ReturnType<typeof sharedTypeOf>,
  { id, scope, body, before }: Writing<P>,
  platform: Platform,
): Promise<{ readonly uri: string; readonly integrity: Integrity } | undefined> {
  const uri = filesOf(type, body.properties)
  if (uri === undefined) return undefined
  const now = before === undefined ? undefined : filesOf(type, before.properties)
  const known = (before?.status[type === 'environments' ? 'contextIntegrity' : 'integrity'] ?? undefined) as
    | Integrity
    | undefined
  if (now === uri && known !== undefined) return { uri, integrity: known }
  const registry = await platform.resources.get(scope)
  const [, name = '', version = ''] = parseArmId(id).names
  const target = filesField(type)
  const { uri: place, ...integrity } = await keepFiles(
    platform,
    registry,
    { type, name, version },
    uri,
    target,
  )
  // The same files again, from another upload, are where they were.
  return { uri: known?.sha256 === integrity.sha256 && now !== undefined ? now : place, integrity }
}

function otherContent({ id }: Pick<Writing, 'id'>): Error {
  const [registry = '', name = '', version = ''] = parseArmId(id).names
  return errors.conflict(
    `Version ${version} of '${name}' was published in registry '${registry}' with other content, which cannot change. Publish this as another version.`,
    { target: 'version' },
  )
}
