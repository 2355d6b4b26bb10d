import { errors } from '../../kernel/errors.ts'
import type { Problem } from '../../kernel/errors.ts'
import { checkLiteral, isData } from '../components/spec.ts'
import type { ComponentInput, ComponentSpec } from '../components/spec.ts'
import { references, spell, undeclared } from '../expressions.ts'
import type { Reference } from '../expressions.ts'
import type { JobInput, JobOutput } from '../jobs/io.ts'
import { findCycle } from './graph.ts'
import type { GraphStep } from './graph.ts'
import type { NodeInput, PipelineNode } from './nodes.ts'

/** A pipeline that was found to be right: every binding leads somewhere, and no step waits for itself. */
export interface PipelinePlan {
  readonly steps: readonly PlannedStep[]
}

export interface PlannedStep extends GraphStep {
  readonly node: PipelineNode
  readonly component: ComponentSpec
}

export interface PipelineIo {
  readonly inputs: Readonly<Record<string, JobInput>>
  readonly outputs: Readonly<Record<string, JobOutput>>
  /** Inputs that a pipeline component declares as optional: they may be bound without having a value. */
  readonly optionalInputs?: readonly string[]
}

/**
 * Checks a pipeline's steps against their components and against each other. Throws one UserError with every problem,
 * each with its field, the nearest right name, and cycles told step by step.
 */
export function planPipeline(
  nodes: readonly PipelineNode[],
  componentOf: (node: PipelineNode) => ComponentSpec,
  pipeline: PipelineIo,
  target = 'properties.jobs',
): PipelinePlan {
  const steps = nodes.map((node) => ({
    name: node.name,
    node,
    component: componentOf(node),
    needs: needsOf(node),
  }))
  const byName = new Map(steps.map((s) => [s.name, s]))
  const problems = steps.flatMap((step) => checkStep(step, byName, pipeline, `${target}.${step.name}`))
  const cycle = findCycle(steps)
  if (cycle)
    problems.push({
      target,
      message: `The steps wait for each other in a circle: ${cycle.join(' → ')}. One of these bindings must go.`,
    })
  problems.push(...checkOutputs(steps, pipeline, target))
  if (problems.length === 0) return { steps }
  throw errors.validation(problems.map((p) => p.message).join(' '), {
    details: problems,
    ...(problems[0]?.target === undefined ? {} : { target: problems[0].target }),
  })
}

/** The steps whose outputs a step takes, each once. A step-input binding asks for nothing that is not there at once. */
function needsOf(node: PipelineNode): readonly string[] {
  const found = Object.values(node.inputs).flatMap((input) => referencesOf(input))
  return [...new Set(found.flatMap((r) => (r.kind === 'step-output' ? [r.step] : [])))]
}

function referencesOf(input: NodeInput): readonly Reference[] {
  if ('from' in input) return [input.from]
  return 'template' in input ? references(input.template).map((r) => r.reference) : []
}

function checkStep(
  step: PlannedStep,
  steps: ReadonlyMap<string, PlannedStep>,
  pipeline: PipelineIo,
  target: string,
): readonly Problem[] {
  const { node, component } = step
  const problems: Problem[] = []
  if (node.type !== component.type)
    problems.push({
      target: `${target}.type`,
      message: `Step '${step.name}' is a ${node.type}, but its component is a ${component.type}.`,
    })
  for (const [name, input] of Object.entries(node.inputs)) {
    const at = `${target}.inputs.${name}`
    const declared = component.inputs[name]
    if (declared === undefined) {
      const message = undeclared('input', name, Object.keys(component.inputs))
      problems.push({ target: at, message: `Step '${step.name}': ${message}` })
      continue
    }
    const wrong = checkInput(name, input, declared, steps, pipeline)
    if (wrong !== undefined) problems.push({ target: at, message: `Step '${step.name}': ${wrong}` })
  }
  for (const [name, declared] of Object.entries(component.inputs))
    if (!declared.optional && declared.default === undefined && node.inputs[name] === undefined)
      problems.push({
        target: `${target}.inputs`,
        message: `Step '${step.name}' needs a value for its input '${name}'.`,
      })
  for (const [name, output] of Object.entries(node.outputs)) {
    const at = `${target}.outputs.${name}`
    if (component.outputs[name] === undefined)
      problems.push({
        target: at,
        message: `Step '${step.name}': ${undeclared('output', name, Object.keys(component.outputs))}`,
      })
    if (output.to !== undefined && pipeline.outputs[output.to] === undefined)
      problems.push({
        target: at,
        message: `Step '${step.name}': in the pipeline ${undeclared('output', output.to, Object.keys(pipeline.outputs))}`,
      })
  }
  return problems
}

function checkInput(
  name: string,
  input: NodeInput,
  declared: ComponentInput,
  steps: ReadonlyMap<string, PlannedStep>,
  pipeline: PipelineIo,
): string | undefined {
  if ('literal' in input) {
    if (isData(declared.type))
      return `input '${name}' is data (${declared.type}), not the value '${input.literal}'.`
    return checkLiteral(name, declared, input.literal)
  }
  if ('uri' in input)
    return isData(declared.type)
      ? undefined
      : `input '${name}' is a ${declared.type}, not data of type ${input.type}.`
  for (const reference of referencesOf(input)) {
    const wrong = checkReference(reference, steps, pipeline)
    if (wrong !== undefined) return `\${{${spell(reference)}}}: ${wrong}`
  }
  if ('template' in input)
    return isData(declared.type) ? `input '${name}' is data (${declared.type}), not text.` : undefined
  const source = sourceKind(input.from, steps, pipeline)
  if (source === undefined || (source === 'data') === isData(declared.type)) return undefined
  return source === 'data'
    ? `input '${name}' is a ${declared.type}, but \${{${spell(input.from)}}} is data.`
    : `input '${name}' is data (${declared.type}), but \${{${spell(input.from)}}} is a value.`
}

function checkReference(
  r: Reference,
  steps: ReadonlyMap<string, PlannedStep>,
  pipeline: PipelineIo,
): string | undefined {
  if (r.kind === 'parent-input') {
    const declared = [...Object.keys(pipeline.inputs), ...(pipeline.optionalInputs ?? [])]
    return declared.includes(r.name) ? undefined : `in the pipeline ${undeclared('input', r.name, declared)}`
  }
  if (r.kind === 'step-output' || r.kind === 'step-input') {
    const step = steps.get(r.step)
    if (step === undefined) return undeclared('step', r.step, [...steps.keys()])
    const side = r.kind === 'step-output' ? step.component.outputs : step.component.inputs
    const what = r.kind.slice(5)
    return r.name in side ? undefined : `in step '${r.step}' ${undeclared(what, r.name, Object.keys(side))}`
  }
  return 'an input of a step takes ${{parent.inputs.NAME}} or ${{parent.jobs.STEP.outputs.NAME}}.'
}

/** Whether a binding gives data or a value; undefined where it cannot be known (an optional input without a value). */
function sourceKind(
  r: Reference,
  steps: ReadonlyMap<string, PlannedStep>,
  pipeline: PipelineIo,
): 'data' | 'value' | undefined {
  if (r.kind === 'step-output') return 'data'
  if (r.kind === 'step-input') {
    const declared = steps.get(r.step)?.component.inputs[r.name]
    return declared === undefined ? undefined : isData(declared.type) ? 'data' : 'value'
  }
  const given = r.kind === 'parent-input' ? pipeline.inputs[r.name] : undefined
  return given === undefined ? undefined : 'uri' in given ? 'data' : 'value'
}

/** Each output of the pipeline is made by one step at most. */
function checkOutputs(
  steps: readonly PlannedStep[],
  pipeline: PipelineIo,
  target: string,
): readonly Problem[] {
  return Object.keys(pipeline.outputs).flatMap((name) => {
    const makers = steps
      .filter((s) => Object.values(s.node.outputs).some((o) => o.to === name))
      .map((s) => s.name)
    if (makers.length <= 1) return []
    return [
      {
        target,
        message: `The pipeline's output '${name}' is made by ${makers.length} steps: ${makers.join(', ')}.`,
      },
    ]
  })
}
