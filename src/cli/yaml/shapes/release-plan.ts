import { anything, choice, object } from '../shape.ts'
import type { Infer, Shape } from '../shape.ts'
import { spoken } from './spoken.ts'
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

export const releasePlan: Shape<ReleasePlanFile> = spoken(fields, 'releasePlan')
