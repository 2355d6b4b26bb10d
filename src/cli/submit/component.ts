import type { Client, Json } from '../client/client.ts'
import {
  anonymous,
  anonymousVersion,
  commandSpec,
  componentBody,
  inlineSpec,
  pipelineSpec,
} from '../bodies/component.ts'
import { nodeBody } from '../bodies/node.ts'
import type { CommandComponent, PipelineComponent, Step } from '../yaml/shapes/job.ts'
import type { Graph, GraphStep, LocalComponent } from '../yaml/graph.ts'
import type { Assembler } from './assemble.ts'

/** Everything of a local component uploaded and its `componentSpec` made. */
export async function componentSpec(assembler: Assembler, component: LocalComponent): Promise<Json> {
  const { value, place, graph } = component
  if (graph !== undefined) return pipelineSpec(value as PipelineComponent, await nodes(assembler, graph))
  const command = value as CommandComponent
  return commandSpec(command, {
    codeId: await assembler.code(command.code, place.source, command.additional_includes),
    environmentId: await assembler.environment(command.environment, place.source),
  })
}

/** A pipeline's nodes by name, each step's component registered. */
export async function nodes(assembler: Assembler, graph: Graph): Promise<Json> {
  const entries: [string, Json][] = []
  for (const step of graph.steps.values()) {
    const componentId = await stepComponent(assembler, graph, step)
    const pathOf = await assembler.paths(step.value.inputs, step.place.source)
    entries.push([
      step.name,
      nodeBody(step, { componentId, computeId: assembler.compute(step.value.compute), pathOf }),
    ])
  }
  return Object.fromEntries(entries)
}

/** Azure's own components for steps that import data, by the type of the source. */
const importers = {
  database: 'azureml://registries/azureml/components/import_data_database/versions/0.0.1',
  file_system: 'azureml://registries/azureml/components/import_data_file_system/versions/0.0.1',
} as const

async function stepComponent(assembler: Assembler, graph: Graph, step: GraphStep): Promise<string> {
  const { component, value, place } = step
  if (value.source !== undefined) return importers[value.source.type]
  if (typeof component === 'string') return assembler.resolved.id('components', component)
  if (component !== undefined)
    return registerComponent(assembler.client, await componentSpec(assembler, component))
  const inline = value as Step & { command: string; environment: Parameters<Assembler['environment']>[0] }
  const spec = inlineSpec(inline, graph.value, {
    codeId: await assembler.code(inline.code, place.source),
    environmentId: await assembler.environment(inline.environment, place.source),
  })
  return registerComponent(assembler.client, spec)
}

/** Registers a component without a name, under the hash of what it says. */
export async function registerComponent(client: Client, spec: Json): Promise<string> {
  const version = anonymousVersion(spec)
  const body = componentBody({ ...spec, name: anonymous, version }, { isAnonymous: true })
  return (await client.put<{ id: string }>(`/components/${anonymous}/versions/${version}`, body)).id
}
