import type { Json, Resource } from '../../../../kernel/resources/resource.ts'

type Scalable = Pick<Resource, 'type' | 'envelope' | 'properties'>

const isCompute = ({ type }: Pick<Resource, 'type'>) => type === 'workspaces/computes'

/** A deployment that scales itself has a most, and any other a fixed number. */
const scalesItself = ({ properties }: Pick<Resource, 'properties'>) =>
  (properties['scaleSettings'] as Json | undefined)?.['scaleType'] === 'TargetUtilization'

/** How many instances a deployment has (or may have, where it scales itself), or nodes a compute. */
export function capacityOf(target: Scalable): number {
  if (isCompute(target)) {
    const own = target.properties['properties'] as { readonly scaleSettings?: Json | null } | null | undefined
    return Number(own?.scaleSettings?.['maxNodeCount'] ?? 1)
  }
  if (scalesItself(target)) return Number((target.properties['scaleSettings'] as Json)['maxInstances'] ?? 1)
  return Number(target.envelope.sku?.['capacity'] ?? 1)
}

/** The patch that gives it another capacity. */
export function withCapacity(target: Scalable, capacity: number): Json {
  if (isCompute(target)) return { properties: { properties: { scaleSettings: { maxNodeCount: capacity } } } }
  if (scalesItself(target)) return { properties: { scaleSettings: { maxInstances: capacity } } }
  return { sku: { ...target.envelope.sku, capacity } }
}
