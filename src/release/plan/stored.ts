import type { Actor } from '../../kernel/access/access.ts'
import { errors } from '../../kernel/errors.ts'
import type { Json } from '../../kernel/resources/resource.ts'
import { parsePlan } from './grammar/parse.ts'
import type { ReleasePlan } from './plan.ts'

/** What the platform knows of a plan. */
export interface PlanStatus extends Json {
  /** Who wrote it last: its releases act under these rights. */
  readonly owner: Actor
  /** From when the times of its schedule are counted, and since when it listens for aliases. */
  readonly anchor: string
  /** When its schedule is due next. */
  readonly nextRun?: string
  /** What became of the last time that something started a release. */
  readonly lastStart?: { readonly at: string; readonly by: string; readonly what: string }
}

/** The plan that properties of a resource are. Throws validation for one that a newer grammar no longer takes. */
export function planIn(properties: Json): ReleasePlan {
  const { plan, mistakes } = parsePlan(properties)
  if (plan !== undefined) return plan
  throw errors.validation(`This release plan cannot be read: ${mistakes[0]?.message ?? 'it is empty'}.`)
}
