import { errors } from '../../kernel/errors.ts'
import type { Platform } from '../../kernel/platform.ts'
import { findComponent } from '../components/find.ts'
import { readComponentSpec } from '../components/spec.ts'
import type { ComponentSpec } from '../components/spec.ts'
import { importComponent } from '../imports/import-node.ts'
import type { JobProperties } from '../jobs/job.ts'
import { readInputs, readOutputs } from '../jobs/io.ts'
import { checkPrograms } from '../programs.ts'
import { readNodes } from './nodes.ts'
import type { PipelineNode } from './nodes.ts'
import { planPipeline } from './plan.ts'
import type { PipelineIo, PipelinePlan } from './plan.ts'

/** Pipelines within pipelines deeper than this are a mistake (a component that contains itself, for instance). */
const deepest = 8

export interface Loading {
  readonly platform: Platform
  readonly workspace: string
  readonly pipeline: string
  /** Whether what the steps run is looked for, too, down to the steps of pipelines within: once, at submission. */
  readonly thorough: boolean
}

/**
 * The plan of a pipeline job, with the components that its steps name read from the workspace. Throws a UserError as
 * `planPipeline` does.
 */
export async function loadPlan(properties: JobProperties, loading: Loading): Promise<PipelinePlan> {
  const whole = await wholePipeline(properties, loading)
  return load(whole.jobs, whole.io, loading, 'properties.jobs', [])
}

/** A pipeline job has steps of its own or names a pipeline component that has them. */
async function wholePipeline(properties: JobProperties, { platform, workspace }: Loading) {
  const own = { inputs: readInputs(properties.inputs), outputs: readOutputs(properties.outputs) }
  if (typeof properties.componentId !== 'string' || Object.keys(properties.jobs ?? {}).length > 0)
    return { jobs: properties.jobs, io: own }
  const target = 'properties.componentId'
  const { spec: component } = await findComponent(properties.componentId, { platform, workspace, target })
  if (component.type !== 'pipeline')
    throw errors.validation('A pipeline job may only name a component of type pipeline.', { target })
  return {
    jobs: component.jobs,
    io: { ...ioOf(component), outputs: { ...ioOf(component).outputs, ...own.outputs } },
  }
}

async function load(
  jobs: unknown,
  io: PipelineIo,
  loading: Loading,
  target: string,
  within: readonly string[],
): Promise<PipelinePlan> {
  const nodes = readNodes(jobs, target)
  const components = new Map<PipelineNode, ComponentSpec>()
  for (const node of nodes) {
    const at = `${target}.${node.name}`
    const component = await componentOf(node, { ...loading, target: `${at}.componentId` })
    components.set(node, component)
    if (!loading.thorough) continue
    if (component.type === 'command')
      await checkPrograms(
        { code: component.code, environment: component.environment },
        { ...loading, target: at },
      )
    else if (component.type === 'pipeline')
      await load(component.jobs, ioOf(component), loading, `${at}.jobs`, deeper(within, node, at))
  }
  return planPipeline(nodes, (node) => components.get(node)!, io, target)
}

function deeper(within: readonly string[], node: PipelineNode, target: string): readonly string[] {
  if (within.length < deepest) return [...within, node.name]
  throw errors.validation(
    `Pipelines lie within pipelines more than ${deepest} deep (${[...within, node.name].join(' → ')}): does a component contain itself?`,
    { target },
  )
}

/** The component of a step: named, or standing inline. */
export async function componentOf(
  node: PipelineNode,
  at: { readonly platform: Platform; readonly workspace: string; readonly target: string },
): Promise<ComponentSpec> {
  if (node.imports !== undefined) return importComponent(node.imports)
  return typeof node.component === 'string'
    ? (await findComponent(node.component, at)).spec
    : readComponentSpec(node.component, at.target)
}

/** A pipeline component's inputs and outputs, as its steps may bind them; data has no value before the job has. */
export function ioOf(component: ComponentSpec): PipelineIo {
  return {
    inputs: Object.fromEntries(
      Object.entries(component.inputs).map(([name, input]) => [
        name,
        input.type === 'string' ||
        input.type === 'number' ||
        input.type === 'integer' ||
        input.type === 'boolean'
          ? { literal: input.default ?? '' }
          : { type: input.type, uri: '', mode: 'ro_mount' as const },
      ]),
    ),
    outputs: Object.fromEntries(
      Object.entries(component.outputs).map(([name, { type }]) => [
        name,
        { type, mode: 'rw_mount' as const },
      ]),
    ),
  }
}
