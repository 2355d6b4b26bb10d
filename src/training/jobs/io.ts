import { errors } from '../../kernel/errors.ts'
import type { Json } from '../../kernel/resources/resource.ts'
import { dataTypes, isData, suggestion } from '../components/spec.ts'
import type { DataType } from '../components/spec.ts'
import { isJson, json, present, scalar, text } from '../wire.ts'

/** How data reaches a process, or leaves it: Azure ML's YAML names. */
export const inputModes = [
  'ro_mount',
  'download',
  'direct',
  'eval_mount',
  'eval_download',
  'rw_mount',
] as const
export const outputModes = ['rw_mount', 'upload', 'direct'] as const
export type InputMode = (typeof inputModes)[number]
export type OutputMode = (typeof outputModes)[number]

export type JobInput =
  | { readonly literal: string }
  | { readonly type: DataType; readonly uri: string; readonly mode: InputMode }

export interface JobOutput {
  readonly type: DataType
  readonly mode: OutputMode
  /** Where it is to be kept; the default is `azureml/{job}/{output}/` in the default datastore. */
  readonly uri?: string
  /** Asset to be made of it when the job completes. */
  readonly assetName?: string
  readonly assetVersion?: string
}

/** The names that REST has for modes, in lower case, beside YAML's own. */
const modeNames: Readonly<Record<string, InputMode>> = {
  readonlymount: 'ro_mount',
  mount: 'ro_mount',
  readwritemount: 'rw_mount',
  evalmount: 'eval_mount',
  evaldownload: 'eval_download',
}

/** A mode as YAML has it; throws a UserError for one that there is not. Undefined stays undefined. */
export function readMode<M extends string>(
  value: unknown,
  modes: readonly M[],
  target: string,
): M | undefined {
  const given = text(value)
  if (given === undefined) return undefined
  const word = given.toLowerCase()
  const mode = modes.find((m) => m === (modeNames[word] ?? word))
  if (mode === undefined)
    throw errors.validation(
      `'${given}' is no mode; modes are ${modes.join(', ')}.${suggestion(given, modes)}`,
      { target },
    )
  return mode
}

/** Reads `{ jobInputType, value | uri, mode }`, in camelCase or snake_case. A plain value is a literal. */
export function readJobInput(value: unknown, target: string): JobInput | undefined {
  if (value === null || value === undefined) return undefined
  const plain = scalar(value)
  if (plain !== undefined) return { literal: plain }
  if (!isJson(value))
    throw errors.validation('An input is a value or an object with jobInputType.', { target })
  const given = field(value, 'jobInputType') ?? (field(value, 'uri') === undefined ? 'literal' : 'uri_folder')
  const type = canonicalType(given)
  if (type === 'literal') {
    const literal = scalar(value['value'])
    if (literal === undefined)
      throw errors.validation('A literal input needs a value: text, a number, true or false.', {
        target: `${target}.value`,
      })
    return { literal }
  }
  if (!isData(type))
    throw errors.validation(
      `'${given}' is no type of input; types are literal, ${dataTypes.join(', ')}.${suggestion(given, [...dataTypes, 'literal'])}`,
      { target: `${target}.jobInputType` },
    )
  const uri = field(value, 'uri')
  if (uri === undefined)
    throw errors.validation(`An input of type ${type} needs a uri.`, { target: `${target}.uri` })
  return { type, uri, mode: readMode(value['mode'], inputModes, `${target}.mode`) ?? 'ro_mount' }
}

/** Reads `{ jobOutputType, uri, mode, assetName }`, in camelCase or snake_case; null is a folder. */
export function readJobOutput(value: unknown, target: string, declared?: DataType): JobOutput {
  const output = json(value) ?? {}
  const given = field(output, 'jobOutputType') ?? declared ?? 'uri_folder'
  const type = canonicalType(given)
  if (!isData(type))
    throw errors.validation(
      `'${given}' is no type of output; types are ${dataTypes.join(', ')}.${suggestion(given, dataTypes)}`,
      { target: `${target}.jobOutputType` },
    )
  return {
    type,
    mode: readMode(output['mode'], outputModes, `${target}.mode`) ?? 'rw_mount',
    ...present('uri', field(output, 'uri')),
    ...present('assetName', field(output, 'assetName') ?? field(output, 'name')),
    ...present('assetVersion', field(output, 'assetVersion') ?? field(output, 'version')),
  }
}

/** The inputs of a job. Throws a UserError naming the field. */
export const readInputs = (inputs: unknown): Readonly<Record<string, JobInput>> =>
  Object.fromEntries(
    Object.entries(json(inputs) ?? {}).flatMap(([name, value]) => {
      const input = readJobInput(value, `properties.inputs.${name}`)
      return input === undefined ? [] : [[name, input]]
    }),
  )

/** The outputs of a job, without `default`, which is the platform's. Throws a UserError naming the field. */
export const readOutputs = (outputs: unknown): Readonly<Record<string, JobOutput>> =>
  Object.fromEntries(
    Object.entries(json(outputs) ?? {})
      .filter(([name]) => name !== 'default')
      .map(([name, value]) => [name, readJobOutput(value, `properties.outputs.${name}`)]),
  )

/** An input as REST has it. */
export const inputBody = (input: JobInput): Json =>
  'literal' in input
    ? { jobInputType: 'literal', value: input.literal }
    : { jobInputType: input.type, uri: input.uri, mode: restMode(input.mode) }

/** An output as REST has it. */
export const outputBody = (output: JobOutput): Json => ({
  jobOutputType: output.type,
  mode: restMode(output.mode),
  ...present('uri', output.uri),
  ...present('assetName', output.assetName),
  ...present('assetVersion', output.assetVersion),
})

/** A mode as REST spells it: `ro_mount` is `ReadOnlyMount`. */
export function restMode(mode: InputMode | OutputMode): string {
  const names = {
    ro_mount: 'ReadOnlyMount',
    rw_mount: 'ReadWriteMount',
    download: 'Download',
    upload: 'Upload',
    direct: 'Direct',
    eval_mount: 'EvalMount',
    eval_download: 'EvalDownload',
  } as const
  return names[mode]
}

/** A property under its camelCase name, or under the same name in snake_case. */
export function field(value: Json, name: string): string | undefined {
  return text(value[name]) ?? text(value[name.replaceAll(/[A-Z]/g, '_$&').toLowerCase()])
}

/** `UriFolder`, `URI_FOLDER` and `uri_folder` are one type, as older versions of the API spell them. */
function canonicalType(given: string): string {
  const bare = given.toLowerCase().replaceAll(/[_-]/g, '')
  return ['literal', ...dataTypes].find((t) => t.replaceAll('_', '') === bare) ?? given
}
