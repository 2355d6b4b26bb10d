import type { Json } from '../client/client.ts'
import { clean } from '../present/present.ts'
import type { ReleasePlanFile } from '../yaml/shapes/release-plan.ts'

/** The body of `PUT …/providers/Twinloop/releasePlans/{name}`: the plan as it stands in the file. */
export const releasePlanBody = (plan: ReleasePlanFile): Json => {
  const { $schema: _, type: _type, name: _name, ...properties } = plan
  return { properties: clean(properties) }
}
