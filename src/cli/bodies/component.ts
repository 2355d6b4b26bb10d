import { createHash } from 'node:crypto'
import type { Json } from '../client/client.ts'
import { clean } from '../present/present.ts'
import { guidOf } from '../upload/upload.ts'
import { bindingOf } from '../yaml/expressions.ts'
import type { CommandComponent, PipelineComponent, PipelineJob, Step } from '../yaml/shapes/job.ts'
import type { DeclaredInput, Input, Output } from '../yaml/shapes/values.ts'
import { distributionFields } from './job.ts'
import { mapEntries } from './values.ts'

/** Name under which components without a name of their own are kept, by the hash of what they say. */
export const anonymous = 'azureml_anonymous'

export interface SpecParts {
  /** Id of the code, or undefined. */
  readonly codeId: string | undefined
  /** Id or reference of the environment. */
  readonly environmentId: string
}

/** The `componentSpec` of a command component: its own YAML with references as ids. */
export function commandSpec(component: CommandComponent, parts: SpecParts): Json {
  const { $schema, additional_includes: _, ...spec } = component
  return clean({
    ...spec,
    type: 'command',
    code: reference(parts.codeId),
    environment: reference(parts.environmentId),
    ...portsSpec(component),
    is_deterministic: component.is_deterministic ?? true,
    $schema,
    _source: 'YAML.COMPONENT',
  })
}

/** The `componentSpec` of a step that is a command of its own, its inputs declared by what they are given. */
export function inlineSpec(
  step: Step & { readonly command: string },
  pipeline: Pick<PipelineJob | PipelineComponent, 'inputs' | 'outputs'>,
  parts: SpecParts,
): Json {
  const declaredOutputs = mapEntries(step.outputs, (output) =>
    inlineOutputSpec(output, pipeline.outputs ?? {}),
  )
  const declaredInputs = mapEntries(step.inputs, (input) => inlineInputSpec(input, pipeline.inputs ?? {}))
  return clean({
    type: 'command',
    command: step.command,
    code: reference(parts.codeId),
    environment: reference(parts.environmentId),
    description: step.description,
    tags: step.tags,
    inputs: Object.keys(declaredInputs).length === 0 ? undefined : declaredInputs,
    outputs: Object.keys(declaredOutputs).length === 0 ? undefined : declaredOutputs,
    resources: step.resources,
    distribution:
      step.distribution === undefined
        ? undefined
        : { ...distributionFields(step.distribution), type: step.distribution.type },
    is_deterministic: true,
    _source: 'YAML.JOB',
  })
}

/** The `componentSpec` of a pipeline component, its steps as nodes. */
export function pipelineSpec(component: PipelineComponent, jobs: Json): Json {
  return clean({
    ...component,
    type: 'pipeline',
    ...portsSpec(component),
    is_deterministic: component.is_deterministic,
    jobs,
    _source: 'YAML.COMPONENT',
  })
}

/** The body of `PUT …/components/{name}/versions/{version}`. */
export function componentBody(spec: Json, options: { readonly isAnonymous: boolean }): Json {
  const { description, tags, properties } = spec
  return {
    properties: clean({
      componentSpec: spec,
      description,
      isAnonymous: options.isAnonymous,
      isArchived: false,
      properties: properties ?? {},
      tags: tags ?? {},
    }),
  }
}

/** The version of an anonymous component: a GUID of what it says, so that the same is kept once. */
export function anonymousVersion(spec: Json): string {
  const { name, version, id, _source, ...said } = spec
  return guidOf(createHash('sha256').update(stable(said)).digest('hex'))
}

function declaredInputSpec(input: DeclaredInput | null): Json | undefined {
  if (input === null) return undefined
  const { min, max, ...rest } = input
  // As Azure's SDK sends them: numbers as text, so that none loses digits.
  const text = (bound: number | undefined) =>
    bound === undefined
      ? undefined
      : input.type === 'number' && Number.isInteger(bound)
        ? bound.toFixed(1)
        : String(bound)
  return clean({
    ...rest,
    type: rest.type === 'path' ? 'uri_folder' : rest.type,
    min: text(min),
    max: text(max),
  })
}

function inlineInputSpec(
  input: Input | null,
  pipelineInputs: Readonly<Record<string, unknown>>,
): Json | undefined {
  if (input === null) return undefined
  const given = typeof input === 'string' ? input : (input.path ?? input.value ?? input.default ?? '')
  const binding = bindingOf(given)
  const mode = typeof input === 'string' ? undefined : input.mode
  const said = typeof input === 'string' ? undefined : input.type
  if (said !== undefined && said !== 'path') return clean({ type: said, mode })
  if (binding?.names[1] === 'inputs')
    return clean({ type: typeOfInput(pipelineInputs[binding.names.slice(2).join('.')]), mode })
  if (binding !== undefined || typeof input !== 'string') return clean({ type: 'uri_folder', mode })
  return { type: typeOfText(input), default: input }
}

/** An output that is bound to one of the pipeline's has its type and mode. */
function inlineOutputSpec(output: Output | null, pipelineOutputs: Readonly<Record<string, unknown>>): Json {
  const binding = typeof output === 'string' ? bindingOf(output) : undefined
  const bound = binding?.names[1] === 'outputs' ? pipelineOutputs[binding.names.slice(2).join('.')] : output
  const { type, mode } = (typeof bound === 'object' && bound !== null ? bound : {}) as {
    readonly type?: string
    readonly mode?: string
  }
  return clean({ type: type === undefined || type === 'path' ? 'uri_folder' : type, mode })
}

/** What a component declares of its inputs and outputs; nothing for none. */
function portsSpec({ inputs, outputs }: Pick<CommandComponent, 'inputs' | 'outputs'>): Json {
  return {
    inputs: inputs === undefined ? undefined : mapEntries(inputs, declaredInputSpec),
    outputs:
      outputs === undefined ? undefined : mapEntries(outputs, (o) => (o === null ? undefined : clean(o))),
  }
}

/** The type that a pipeline's input has for the steps that take it. */
function typeOfInput(input: unknown): string {
  if (typeof input === 'string') return typeOfText(input)
  const {
    type,
    path,
    value,
    default: preset,
  } = (input ?? {}) as { type?: string; path?: string; value?: string; default?: string }
  if (type !== undefined && type !== 'path') return type
  return path === undefined && (value ?? preset) !== undefined
    ? typeOfText(value ?? preset ?? '')
    : 'uri_folder'
}

/** The type of a literal, by how it is written. */
export function typeOfText(text: string): string {
  if (/^(True|False)$/.test(text)) return 'boolean'
  if (/^[-+]?\d+$/.test(text)) return 'integer'
  if (/^[-+]?(\d+\.\d*|\.\d+|\d+)(e[-+]?\d+)?$/i.test(text)) return 'number'
  return 'string'
}

const reference = (id: string | undefined) => (id?.startsWith('/') === true ? `azureml:${id}` : id)

/** JSON with sorted keys. */
function stable(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(stable).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  const entries = Object.entries(value).filter(([, v]) => v !== undefined)
  return `{${entries
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([k, v]) => `${JSON.stringify(k)}:${stable(v)}`)
    .join(',')}}`
}
