import { errors } from '../../kernel/errors.ts'
import type { Json } from '../../kernel/resources/resource.ts'
import { readImport, type ImportNode } from '../imports/import-node.ts'
import { suggestion } from '../components/spec.ts'
import type { DataType } from '../components/spec.ts'
import { parseBinding, parseTemplate, references } from '../expressions.ts'
import type { Reference, Template } from '../expressions.ts'
import { field, inputModes, outputModes, readJobInput, readJobOutput, readMode } from '../jobs/io.ts'
import type { InputMode, JobInput, JobOutput, OutputMode } from '../jobs/io.ts'
import { isJson, json, present, scalar, strings, text } from '../wire.ts'

/** A step of a pipeline as clients send it (snake_case), read. */
export interface PipelineNode {
  readonly name: string
  readonly type: 'command' | 'pipeline' | 'data_transfer'
  readonly displayName?: string
  /** Id of the component, or the component itself where it stands inline. */
  readonly component: string | Json
  readonly computeId?: string
  readonly inputs: Readonly<Record<string, NodeInput>>
  readonly outputs: Readonly<Record<string, NodeOutput>>
  readonly environmentVariables: Readonly<Record<string, string>>
  readonly resources?: Json
  readonly limits?: Json
  readonly distribution?: Json
  /** What a step of type `data_transfer` imports. */
  readonly imports?: ImportNode
}

export type NodeInput =
  /** Takes the value or data of the pipeline's input, or of another step's output or input. */
  | { readonly from: Reference; readonly mode?: InputMode }
  /** Text around literal inputs of the pipeline: `${{parent.inputs.prefix}}-model`. */
  | { readonly template: Template }
  | JobInput

export interface NodeOutput {
  /** Output of the pipeline that this one becomes. */
  readonly to?: string
  /** How it is to be kept, where the step says so. */
  readonly mode?: OutputMode
  readonly uri?: string
  readonly assetName?: string
  readonly assetVersion?: string
}

/** Kinds of step that Azure ML has and Twinloop does not run. */
const otherTypes = ['parallel', 'sweep', 'automl', 'spark', 'if_else', 'parallel_for', 'do_while']

/** What a step may be called, as Azure ML has it. */
const stepName = /^[A-Za-z_][A-Za-z0-9_.-]{0,254}$/

/** Reads the `jobs` of a pipeline. Throws a UserError with the field that is wrong. */
export function readNodes(jobs: unknown, target = 'properties.jobs'): readonly PipelineNode[] {
  if (!isJson(jobs) || Object.keys(jobs).length === 0)
    throw errors.validation('A pipeline needs at least one step.', { target })
  return Object.entries(jobs).map(([name, node]) => readNode(name, node, `${target}.${name}`))
}

function readNode(name: string, value: unknown, target: string): PipelineNode {
  if (!stepName.test(name))
    throw errors.validation(
      `A step may not be called '${name}': letters, digits, _ . and -, and a letter or _ first.`,
      {
        target,
      },
    )
  if (!isJson(value)) throw errors.validation(`Step '${name}' must be an object.`, { target })
  const type = (text(value['type']) ?? 'command').toLowerCase()
  if (otherTypes.includes(type))
    throw errors.notImplemented(
      `Step '${name}' is of type '${type}', which Twinloop does not run yet; command and pipeline steps are, and imports of data.`,
      { target: `${target}.type` },
    )
  if (type !== 'command' && type !== 'pipeline' && type !== 'data_transfer')
    throw errors.validation(
      `Step '${name}' has no type '${type}'.${suggestion(type, ['command', 'pipeline', 'data_transfer', ...otherTypes])}`,
      {
        target: `${target}.type`,
      },
    )
  const component = field(value, 'componentId') ?? text(value['component']) ?? json(value['component'])
  const imports = type === 'data_transfer' ? readImport(name, value, target) : undefined
  if (component === undefined && imports === undefined)
    throw errors.validation(`Step '${name}' names no component.`, { target: `${target}.componentId` })
  return {
    name,
    type,
    component: component ?? '',
    ...present('imports', imports),
    inputs: readAll(value['inputs'], `${target}.inputs`, readNodeInput),
    outputs: readAll(value['outputs'], `${target}.outputs`, readNodeOutput),
    environmentVariables: strings(value['environment_variables'] ?? value['environmentVariables']),
    ...present('displayName', field(value, 'displayName')),
    ...present('computeId', field(value, 'computeId') ?? text(value['compute'])),
    ...present('resources', json(value['resources'])),
    ...present('limits', json(value['limits'])),
    ...present('distribution', json(value['distribution'])),
  }
}

function readAll<T>(
  values: unknown,
  target: string,
  read: (value: unknown, target: string) => T | undefined,
): Readonly<Record<string, T>> {
  return Object.fromEntries(
    Object.entries(json(values) ?? {}).flatMap(([name, value]) => {
      const one = read(value, `${target}.${name}`)
      return one === undefined ? [] : [[name, one]]
    }),
  )
}

function readNodeInput(value: unknown, target: string): NodeInput | undefined {
  const object = json(value)
  const written = object ? (object['value'] ?? object['uri'] ?? object['path']) : value
  const from = parseBinding(written, target)
  const mode = object ? readMode(object['mode'], inputModes, `${target}.mode`) : undefined
  if (from) return { from, ...present('mode', mode) }
  const input = readJobInput(value, target)
  if (input === undefined || !('literal' in input)) return input
  const template = parseTemplate(input.literal, target)
  return references(template).length === 0 ? input : { template }
}

function readNodeOutput(value: unknown, target: string): NodeOutput {
  const object = json(value)
  const written = object ? (object['value'] ?? object['uri'] ?? object['path']) : value
  const to = parseBinding(written, target)
  if (to !== undefined && to.kind !== 'parent-output')
    throw errors.validation(
      `An output is bound to one of the pipeline's, as in \${{parent.outputs.NAME}}, not to '${String(written)}'.`,
      { target },
    )
  if (to === undefined && scalar(value) !== undefined)
    throw errors.validation(
      `'${String(value)}' is no output: bind it as \${{parent.outputs.NAME}} or give it a path.`,
      { target },
    )
  const mode = readMode(object?.['mode'], outputModes, `${target}.mode`)
  const asset = readJobOutput(
    { ...object, jobOutputType: 'uri_folder', job_output_type: 'uri_folder' },
    target,
  )
  return {
    ...present('to', to?.name),
    ...present('mode', mode),
    ...present('uri', to === undefined ? (asset.uri ?? text(object?.['path'])) : undefined),
    ...present('assetName', asset.assetName),
    ...present('assetVersion', asset.assetVersion),
  }
}

/** An output of a child job: as its component declares it, the step says, and the pipeline's output wants it kept. */
export function boundOutput(
  declared: { readonly type: DataType; readonly mode?: string; readonly path?: string },
  node: NodeOutput | undefined,
  pipelineOutput: JobOutput | undefined,
): JobOutput {
  const mode = node?.mode ?? readMode(declared.mode, outputModes, 'mode') ?? 'rw_mount'
  const uri = node?.uri ?? pipelineOutput?.uri ?? declared.path
  const assetName = node?.assetName ?? pipelineOutput?.assetName
  const assetVersion = node?.assetName === undefined ? pipelineOutput?.assetVersion : node.assetVersion
  return {
    type: declared.type,
    mode,
    ...present('uri', uri),
    ...present('assetName', assetName),
    ...present('assetVersion', assetVersion),
  }
}
