import { parseReference } from '../../data/locations.ts'
import { childId, keyOf } from '../../kernel/resources/arm-id.ts'
import { errors } from '../../kernel/errors.ts'
import type { Json } from '../../kernel/resources/resource.ts'
import { anonymousComponent } from '../../training/components/anonymous.ts'
import { findVersion } from '../../training/references.ts'
import { bringCode, type Bringing } from './code.ts'
import { environmentNamed, environmentWith } from './environment.ts'

/** Fields of jobs, steps and components that refer to something of the workspace, and how each is brought along. */
const referring: Readonly<Record<string, 'code' | 'environment' | 'component' | 'compute'>> = {
  code: 'code',
  codeId: 'code',
  environment: 'environment',
  environmentId: 'environment',
  component: 'component',
  componentId: 'component',
  compute: 'compute',
  computeId: 'compute',
  default_compute: 'compute',
  defaultCompute: 'compute',
}

/** Of a job, what says what it does; the rest is of that one run. */
const kept = [
  'jobType',
  'command',
  'codeId',
  'environmentId',
  'environmentVariables',
  'componentId',
  'computeId',
  'distribution',
  'inputs',
  'jobs',
  'limits',
  'outputs',
  'resources',
  'settings',
]

/**
 * The properties of a job of workspace `from` as a job of another: with its code, environments and components brought
 * along, on a compute of the same name where there is one, and registering nothing of what it puts out. In its own
 * workspace nothing has to be brought. Throws a validation error for what cannot be.
 */
export async function bringJob(bringing: Bringing, from: string, properties: Json): Promise<Json> {
  const own = Object.fromEntries(
    kept.flatMap((name) => (properties[name] == null ? [] : [[name, properties[name]]])),
  )
  const { outputs } = own as { readonly outputs?: Readonly<Record<string, Json | null>> }
  const unnamed = Object.fromEntries(
    Object.entries(outputs ?? {}).map(([name, output]) => [name, withoutAsset(output)]),
  )
  const whole =
    keyOf(from) === keyOf(bringing.workspaceId) ? own : ((await brought(bringing, from, own)) as Json)
  return { ...whole, ...(outputs === undefined ? {} : { outputs: unnamed }) }
}

function withoutAsset(output: Json | null): Json {
  const { assetName: _, assetVersion: __, asset_name: ___, uri: ____, ...rest } = output ?? {}
  return rest
}

async function brought(bringing: Bringing, from: string, value: unknown): Promise<unknown> {
  if (Array.isArray(value)) return Promise.all(value.map((item) => brought(bringing, from, item)))
  if (typeof value !== 'object' || value === null) return value
  const entries: [string, unknown][] = []
  for (const [key, inner] of Object.entries(value)) {
    const kind = referring[key]
    // Inputs and outputs are values of the user's, whatever they are called.
    if (key === 'inputs' || key === 'outputs') entries.push([key, inner])
    else if (kind === undefined || typeof inner !== 'string' || inner.includes('${{'))
      entries.push([key, await brought(bringing, from, inner)])
    else {
      const there = await referredTo(bringing, from, kind, inner)
      if (there !== undefined) entries.push([key, there])
    }
  }
  return Object.fromEntries(entries)
}

async function referredTo(
  bringing: Bringing,
  from: string,
  kind: 'code' | 'environment' | 'component' | 'compute',
  reference: string,
): Promise<string | undefined> {
  const { platform, workspaceId } = bringing
  if (kind === 'code') return bringCode(bringing, from, reference)
  if (kind === 'environment')
    return environmentWith(platform, workspaceId, await environmentNamed(platform, from, reference), [])
  if (kind === 'compute') {
    const name =
      reference
        .replace(/^azureml:/i, '')
        .split('/')
        .at(-1) ?? ''
    const there = await platform.resources.find(childId(workspaceId, 'computes', name))
    return there?.id
  }
  const at = { platform, workspace: from, target: 'job' }
  const component = await findVersion(reference, { ...at, collection: 'components', noun: 'component' })
  const spec = (await brought(bringing, from, component.properties['componentSpec'])) as Json
  return anonymousComponent(platform, workspaceId, spec)
}

/**
 * The inputs of a job as a job of the workspace has them today: data assets by their latest version there, whichever it
 * was that the job read. Throws a validation error that names an asset which the workspace does not have.
 */
export async function inputsToday(
  { platform, workspaceId }: Bringing,
  inputs: Readonly<Record<string, Json | null>>,
  overrides: Readonly<Record<string, string | number | boolean>>,
): Promise<Json> {
  const known = Object.keys(inputs)
  const stray = Object.keys(overrides).find((name) => !known.includes(name))
  if (stray !== undefined)
    throw errors.validation(`The job has no input '${stray}'; it has ${known.join(', ') || 'none'}.`, {
      target: `inputs.${stray}`,
    })
  const found: Record<string, Json | null> = {}
  for (const [name, input] of Object.entries(inputs)) {
    const override = overrides[name]
    const uri = input?.['uri'] ?? input?.['path']
    if (override !== undefined)
      found[name] =
        typeof uri === 'string' ? { ...input, uri: String(override) } : { ...input, value: String(override) }
    else if (uri === '')
      throw errors.validation(
        `Input '${name}' of the training has nothing to read: inputs: { ${name}: azureml:NAME@latest }`,
        { target: `inputs.${name}` },
      )
    else if (typeof uri === 'string')
      found[name] = { ...input, uri: await today(platform, workspaceId, name, uri) }
    else found[name] = input
  }
  return found
}

async function today(
  platform: Bringing['platform'],
  workspaceId: string,
  input: string,
  uri: string,
): Promise<string> {
  const asset = dataAssetIn(uri)
  if (asset === undefined) return uri
  const container = childId(workspaceId, 'data', asset)
  const [latest] = await platform.resources.list({
    type: 'workspaces/data/versions',
    parent: container,
    top: 1,
  })
  if (latest !== undefined) return latest.id
  throw errors.validation(
    `The workspace has no data asset '${asset}', which input '${input}' of the training reads. Register it there, or say what to read: inputs: { ${input}: azureml:NAME@latest }`,
    { target: `inputs.${input}` },
  )
}

/** Name of the data asset of some workspace that a reference is to; undefined for anything else, as for a registry's. */
function dataAssetIn(uri: string): string | undefined {
  try {
    const reference = parseReference(uri)
    if (reference.kind !== 'asset' || reference.registry !== undefined) return undefined
    return (reference.type ?? 'data') === 'data' ? reference.name : undefined
  } catch {
    return undefined
  }
}
