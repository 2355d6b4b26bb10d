import type { Json } from '../client/client.ts'
import { clean } from '../present/present.ts'
import type { GraphStep } from '../yaml/graph.ts'
import { distributionFields, distributionType, identityType, servicesBody } from './job.ts'
import { inputBody, isoDuration, mapEntries, nodeOutputBody } from './values.ts'
import type { PathOf } from './values.ts'

/** A pipeline's node, in the snake_case in which azure-ai-ml sends it. */
export function nodeBody(
  step: GraphStep,
  parts: { readonly componentId: string; readonly computeId: string | undefined; readonly pathOf: PathOf },
): Json {
  const { value, component } = step
  const { resources, distribution, limits, identity } = value
  const isPipeline = typeof component === 'object' && component.graph !== undefined
  const inputs = mapEntries(value.inputs, (i) => inputBody(i, parts.pathOf, 'node'))
  const outputs = mapEntries(value.outputs, nodeOutputBody)
  return clean({
    name: step.name,
    type: value.type ?? (isPipeline ? 'pipeline' : 'command'),
    display_name: value.display_name,
    comment: value.comment,
    task: value.task,
    source: value.source,
    componentId: parts.componentId,
    computeId: parts.computeId,
    inputs: Object.keys(inputs).length === 0 ? undefined : inputs,
    outputs: Object.keys(outputs).length === 0 ? undefined : outputs,
    resources,
    distribution:
      distribution === undefined
        ? undefined
        : {
            ...distributionFields(distribution),
            distribution_type: distributionType(distribution.type),
          },
    limits:
      limits?.timeout === undefined
        ? undefined
        : { timeout: isoDuration(limits.timeout), job_limits_type: 'Command' },
    environment_variables: value.environment_variables,
    identity:
      identity === undefined
        ? undefined
        : { ...clean({ ...identity, type: undefined }), identity_type: identityType(identity.type) },
    queue_settings: value.queue_settings,
    services: value.services === undefined ? undefined : servicesBody(value.services, 'job_service_type'),
    tags: value.tags,
    properties: value.properties,
    _source: sourceOf(component),
  })
}

/** Where Azure's SDK says that a step's component comes from. */
function sourceOf(component: GraphStep['component']): string {
  if (component === undefined) return 'YAML.JOB'
  if (typeof component !== 'string') return 'YAML.COMPONENT'
  return component.startsWith('azureml://registries/') ? 'REMOTE.REGISTRY' : 'REMOTE.WORKSPACE.COMPONENT'
}
