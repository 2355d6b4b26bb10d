import type { Actor } from '../../kernel/access/access.ts'
import { errors } from '../../kernel/errors.ts'
import type { Json } from '../../kernel/resources/resource.ts'
import { parseRule } from './grammar/parse.ts'
import type { AlertRule } from './rule.ts'

/** What the platform knows of a rule beside what it found, which changes with every look and is kept elsewhere. */
export interface RuleStatus extends Json {
  /** Who wrote it last: it looks, and its actions act, under these rights. */
  readonly owner: Actor
  /** What is doubtful about it and not wrong: a metric, for instance, that nobody has measured yet. */
  readonly warnings: readonly string[]
}

/** The rule that properties of a resource are. Throws validation for one that a newer grammar no longer takes. */
export function ruleIn(properties: Json): AlertRule {
  const { rule, mistakes } = parseRule(properties)
  if (rule !== undefined) return rule
  throw errors.validation(`This alert rule cannot be read: ${mistakes[0]?.message ?? 'it is empty'}.`)
}
