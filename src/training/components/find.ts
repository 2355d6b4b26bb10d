import type { Referring } from '../data.ts'
import { findVersion } from '../references.ts'
import { readComponentSpec, type ComponentSpec } from './spec.ts'

/** The component that a reference means now: its id and what it is. Throws a validation error naming the nearest. */
export async function findComponent(
  reference: string,
  at: Referring,
): Promise<{ readonly id: string; readonly spec: ComponentSpec }> {
  const found = await findVersion(reference, { ...at, collection: 'components', noun: 'component' })
  return { id: found.id, spec: readComponentSpec(found.properties['componentSpec'], at.target) }
}
