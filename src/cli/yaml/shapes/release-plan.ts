import { anything, choice, object, report } from '../shape.ts'
import type { Infer, Shape } from '../shape.ts'
import { header } from './values.ts'

const fields = object('a release plan', {
  ...header,
  type: choice('release_plan'),
  model: anything(),
  registry: anything(),
  start: anything(),
  supersede: anything(),
  on_failed_gate: anything(),
  stages: anything(),
})
export type ReleasePlanFile = Infer<typeof fields>

let parsePlan: typeof import('../../../release/plan/grammar/parse.ts').parsePlan | undefined

/** Fields as any file has them, and in them what the server's own grammar says of each, at its place in the file. */
export const releasePlan: Shape<ReleasePlanFile> = {
  says: fields.says,
  // Every gate brings its schema along: only files that are plans pay for that.
  async load() {
    parsePlan = (await import('../../../release/plan/grammar/parse.ts')).parsePlan
  },
  read(reading, node, path) {
    const before = reading.problems.length
    const value = fields.read(reading, node, path)
    if (value === undefined || reading.problems.slice(before).some((p) => p.severity === 'error'))
      return value
    for (const { path: at, part, message, hint } of parsePlan?.(value).mistakes ?? [])
      report(reading, [...path, ...at], message, { part, hint })
    return value
  },
}
