import { createHash } from 'node:crypto'
import { parseReference } from '../../../data/locations.ts'
import { findVersion } from '../../../data/resolve.ts'
import { errors, UserError } from '../../../kernel/errors.ts'
import { childId } from '../../../kernel/resources/arm-id.ts'
import type { Json, Resource } from '../../../kernel/resources/resource.ts'
import { stableJson } from '../../../kernel/resources/row.ts'
import type { ActionContext } from '../action.ts'
import { inputsGiven, inputsIn, isData, typeOf, typeWord, type Asking } from './definition.ts'
import { isWindow, type GivenInput, type WindowOf } from './parameters.ts'
import { windowAsset } from './window-asset.ts'

/** The inputs that a job is given, and what they are. */
export interface Resolved {
  /** As Azure's REST has them, all of the job's. */
  readonly inputs: Json
  /** Ids of data assets that were made for it. */
  readonly made: readonly string[]
  /** `training_data: 12,345 labelled rows of flights from … to …` */
  readonly inWords: readonly string[]
  /** Equal where the job would read the same again. */
  readonly fingerprint: string
}

/** Resolves what an action says of a job's inputs: windows are gathered and kept, labels become versions. */
export async function resolveInputs(
  context: ActionContext,
  definition: Json,
  given: Readonly<Record<string, GivenInput>>,
): Promise<Resolved> {
  const whole = inputsGiven(definition, given)
  const inputs: Record<string, Json | null | undefined> = { ...inputsIn(definition) }
  const read: Record<string, string> = {}
  const [made, inWords]: [string[], string[]] = [[], []]
  for (const [name, value] of Object.entries(whole)) {
    const input = inputs[name]
    if (!isWindow(value)) {
      inputs[name] = await inputWith(context, name, input, value)
      continue
    }
    const shape = typeOf(input) === 'urifile' ? 'uri_file' : 'uri_folder'
    const format = value.format ?? (await formatOf(context, input))
    const asset = await windowAsset(context, name, value, { shape, format })
    made.push(asset.id)
    inWords.push(`${name}: ${asset.inWords}`)
    read[name] = asset.digest
    inputs[name] = withUri(input, asset.id, shape)
  }
  for (const [name, input] of Object.entries(inputs)) read[name] ??= await identityOf(context, input)
  const fingerprint = createHash('sha256').update(stableJson(read)).digest('hex')
  return { inputs, made, inWords, fingerprint }
}

/** A value or a reference in the place of what the job says; of assets the version that is meant now. */
export async function inputWith(
  asking: Asking,
  name: string,
  input: Json | null | undefined,
  value: Exclude<GivenInput, WindowOf>,
): Promise<Json> {
  if (typeof value === 'object') {
    const version = await newest(asking, value.data, value.newest)
    const { dataType } = version.properties
    const type = typeof dataType === 'string' ? dataType : 'uri_folder'
    return withUri(input, version.id, isData(input) ? typeWord(input) : type)
  }
  if (!isData(input)) return { ...input, jobInputType: 'literal', value: String(value) }
  if (typeof value === 'string' && value !== '')
    return withUri(input, await pinned(asking, value), typeWord(input))
  throw errors.validation(`input '${name}' is data: expected a reference such as azureml:NAME@latest`, {
    target: `inputs.${name}`,
  })
}

function withUri(input: Json | null | undefined, uri: string, type: string): Json {
  const { value: _, path: __, ...rest } = input ?? {}
  return { ...rest, jobInputType: rest['jobInputType'] ?? rest['job_input_type'] ?? type, uri }
}

/** The n-th newest version of a data asset. */
async function newest({ platform, workspaceId }: Asking, data: string, n: number): Promise<Resource> {
  const parent = childId(workspaceId, 'data', data)
  await platform.resources.get(parent)
  const versions = await platform.resources.list({ type: 'workspaces/data/versions', parent, top: n })
  const found = versions[n - 1]
  if (found !== undefined) return found
  throw errors.notFound(
    `Data asset '${data}' has ${versions.length} versions, and newest: ${n} was asked for.`,
  )
}

/** The version that a label means now; anything else as it is. */
async function pinned({ platform, workspaceId }: Asking, reference: string): Promise<string> {
  const parsed = parseReference(reference)
  if (parsed.kind !== 'asset') return reference
  return (await findVersion(platform, await platform.resources.get(workspaceId), parsed, 'data')).id
}

/** What an input is, so that the same again can be seen. */
async function identityOf(asking: Asking, input: Json | null | undefined): Promise<string> {
  const uri = input?.['uri'] ?? input?.['path']
  if (typeof uri !== 'string') return stableJson(input?.['value'] ?? null)
  try {
    return await pinned(asking, uri)
  } catch (error) {
    if (error instanceof UserError) return uri
    throw error
  }
}

/** As the data is that the job reads otherwise: Parquet where its name says so, CSV where nothing does. */
async function formatOf(asking: Asking, input: Json | null | undefined): Promise<'csv' | 'parquet'> {
  const id = await identityOf(asking, input)
  const version = id.startsWith('/') ? await asking.platform.resources.find(id) : undefined
  const uri = version?.properties['dataUri']
  return /\.parquet\/?$/i.test(typeof uri === 'string' ? uri : id) ? 'parquet' : 'csv'
}
