import type { Json } from '../../kernel/resources/resource.ts'
import { isData } from '../components/spec.ts'
import type { ComponentInput } from '../components/spec.ts'
import { render } from '../expressions.ts'
import type { Reference } from '../expressions.ts'
import { inputBody, inputModes, outputBody, readMode } from '../jobs/io.ts'
import type { JobInput, JobOutput } from '../jobs/io.ts'
import type { JobResult } from '../jobs/job.ts'
import { boundOutput } from './nodes.ts'
import type { NodeInput } from './nodes.ts'
import type { PlannedStep } from './plan.ts'
import type { PipelineSettings } from './settings.ts'

/** What the steps of a pipeline can take: the pipeline's own inputs, and the results of the steps that completed. */
export interface Bindings {
  readonly inputs: Readonly<Record<string, JobInput>>
  readonly outputs: Readonly<Record<string, JobOutput>>
  readonly steps: ReadonlyMap<string, PlannedStep>
  /** Results of a completed step; its run's folder under `artifacts`, for a component that declares no such output. */
  result(step: string, output: string): JobResult | undefined
}

/**
 * The inputs of a step's job, with every binding replaced by what it leads to. An optional input whose source has no
 * value is left out.
 */
export function bindInputs(step: PlannedStep, bindings: Bindings): Readonly<Record<string, JobInput>> {
  return Object.fromEntries(
    Object.entries(step.component.inputs).flatMap(([name, declared]) => {
      const value = bindInput(step, name, declared, bindings)
      return value === undefined ? [] : [[name, value]]
    }),
  )
}

function bindInput(
  step: PlannedStep,
  name: string,
  declared: ComponentInput,
  bindings: Bindings,
): JobInput | undefined {
  const given = step.node.inputs[name]
  const value = given === undefined ? undefined : resolve(given, bindings)
  if (value === undefined) return declared.default === undefined ? undefined : { literal: declared.default }
  if ('literal' in value || !isData(declared.type)) return value
  const own = given !== undefined && 'from' in given ? given.mode : undefined
  const mode = own ?? readMode(declared.mode, inputModes, `${step.name}.${name}`) ?? value.mode
  return { type: declared.type, uri: value.uri, mode }
}

function resolve(input: NodeInput, bindings: Bindings): JobInput | undefined {
  if ('literal' in input || 'uri' in input) return input
  if ('from' in input) return follow(input.from, bindings)
  return {
    literal: render(input.template, (reference) => {
      const value = follow(reference, bindings)
      return value !== undefined && 'literal' in value ? value.literal : undefined
    }),
  }
}

function follow(reference: Reference, bindings: Bindings): JobInput | undefined {
  switch (reference.kind) {
    case 'parent-input':
      return bindings.inputs[reference.name]
    case 'step-output': {
      const result = bindings.result(reference.step, reference.name)
      return result === undefined ? undefined : { type: result.type, uri: result.uri, mode: 'ro_mount' }
    }
    case 'step-input': {
      const step = bindings.steps.get(reference.step)
      const declared = step?.component.inputs[reference.name]
      return step === undefined || declared === undefined
        ? undefined
        : bindInput(step, reference.name, declared, bindings)
    }
    default:
      return undefined
  }
}

/** Where the step and the settings say that it runs; a compute may be an input of the pipeline. */
export function bindCompute(
  step: PlannedStep,
  bindings: Bindings,
  settings: PipelineSettings,
): string | undefined {
  const own = step.node.computeId
  if (own === undefined) return settings.defaultCompute
  const match = /^\s*\$\{\{\s*parent\.inputs\.([\w.-]+)\s*\}\}\s*$/.exec(own)
  const input = match ? bindings.inputs[match[1] ?? ''] : undefined
  return match ? (input !== undefined && 'literal' in input ? input.literal : settings.defaultCompute) : own
}

export interface StepJobParts {
  readonly pipeline: string
  readonly experimentName: string
  readonly bindings: Bindings
  readonly settings: PipelineSettings
}

/** The job that a step becomes, as it is put. */
export function stepJob(step: PlannedStep, parts: StepJobParts): Json {
  const { node, component } = step
  const { bindings, settings } = parts
  const inputs = bindInputs(step, bindings)
  const outputs = Object.entries(component.outputs).map(([name, declared]) => {
    const to = node.outputs[name]?.to
    return [
      name,
      outputBody(
        boundOutput(declared, node.outputs[name], to === undefined ? undefined : bindings.outputs[to]),
      ),
    ]
  })
  const compute = bindCompute(step, bindings, settings)
  const common: Json = {
    displayName: node.displayName ?? component.displayName ?? step.name,
    experimentName: parts.experimentName,
    parentJobName: parts.pipeline,
    stepName: step.name,
    inputs: Object.fromEntries(Object.entries(inputs).map(([name, input]) => [name, inputBody(input)])),
    outputs: Object.fromEntries(outputs),
    forceRerun: settings.forceRerun,
    ...(typeof node.component === 'string' ? { componentId: node.component } : {}),
    ...(compute === undefined ? {} : { computeId: compute }),
  }
  if (component.type === 'pipeline')
    return {
      ...common,
      jobType: 'Pipeline',
      jobs: component.jobs,
      settings: {
        ...component.settings,
        continue_on_step_failure: settings.continueOnStepFailure,
        force_rerun: settings.forceRerun,
        ...(compute === undefined ? {} : { default_compute: compute }),
        ...(settings.defaultDatastore === undefined ? {} : { default_datastore: settings.defaultDatastore }),
      },
    }
  if (node.imports !== undefined) return { ...common, jobType: 'DataTransfer', source: node.imports.source }
  return {
    ...common,
    jobType: 'Command',
    command: component.command,
    environmentId: component.environment,
    isDeterministic: component.isDeterministic,
    environmentVariables: { ...component.environmentVariables, ...node.environmentVariables },
    ...(component.code === undefined ? {} : { codeId: component.code }),
    ...(settings.defaultDatastore === undefined ? {} : { defaultDatastore: settings.defaultDatastore }),
    ...definedOnly({
      resources: node.resources ?? component.resources,
      limits: node.limits ?? component.limits,
      distribution: node.distribution ?? component.distribution,
    }),
  }
}

const definedOnly = (values: Json): Json =>
  Object.fromEntries(Object.entries(values).filter(([, v]) => v !== undefined))
