import type { Json } from '../client/client.ts'
import { frame, snakeKeys } from './present.ts'
import type { Body } from './present.ts'

/** A release plan as its YAML has it, with when its schedule is due next and what started a release last. */
export function presentReleasePlan(body: Body): Json {
  const { description, tags, model, registry, start, supersede, on_failed_gate, stages, nextRun, lastStart } =
    body.properties ?? {}
  return frame(body, {
    type: 'release_plan',
    description,
    tags,
    model,
    registry,
    start,
    supersede,
    on_failed_gate,
    stages,
    next_run: nextRun,
    last_start: snakeKeys(lastStart),
  })
}

/** A release: what gates say of their own (`details`, `parameters`) keeps its spelling. */
export function presentRelease(body: Body): Json {
  const { plan: _, owner: _owner, ...rest } = body.properties ?? {}
  return { ...frame(body, snakeKeys(rest) as Json), name: labelOf(body) }
}

/** `flight-delay/14`. */
export const labelOf = (body: Body): string => {
  const [, plan, number] = /\/releasePlans\/([^/]+)\/releases\/([^/]+)$/i.exec(body.id ?? '') ?? []
  return plan === undefined ? (body.name ?? '') : `${plan}/${number}`
}
