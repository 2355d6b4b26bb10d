import { z } from 'zod'
import { below, complain, type Mistake, type Place } from '../../../kernel/grammar/place.ts'
import { readBy } from '../../../kernel/grammar/schema.ts'
import { nearest } from '../../../kernel/nearest.ts'
import type { PlannedAction } from '../../rules/rule.ts'
import type { ActionKind } from '../action.ts'
import { actions } from '../actions.ts'
import { duration, milliseconds } from '../words.ts'

/** How often something may be done by itself: beyond that a person approves. */
export interface Budget {
  readonly perMs: number
  readonly atMost: number
}

/** An action of a rule, understood. */
export interface ReadAction {
  readonly kind: ActionKind<never>
  readonly parameters: never
  readonly afterwards: string | undefined
  /** As the action itself says it. */
  readonly coolDownMs: number | undefined
  readonly budget: Budget | undefined
}

const budget = z.strictObject({ per: duration, at_most: z.int().min(0) })

/**
 * Reads what a rule says of its action at `actions[i]`. `then`, `cool_down` and `budget` may stand among its parameters.
 * Complains of what is wrong, with its place and the nearest right thing, and is undefined then.
 */
export function readAction(root: Place, planned: PlannedAction, i: number): ReadAction | undefined {
  const place = below(root, 'actions', i)
  const kind = actions.find(({ name }) => name === planned.kind)
  if (kind === undefined) {
    const names = actions.map(({ name }) => name)
    const near = nearest(planned.kind, names)
    return complain(below(place, planned.kind), `: there is no action '${planned.kind}'`, {
      part: 'key',
      hint: near === undefined ? `there are ${names.join(', ')}` : `did you mean ${near}?`,
    })
  }
  const at = below(place, kind.name)
  const { then, cool_down: coolDown, budget: spent, ...own } = planned.parameters
  const before = root.mistakes.length
  const parameters = readBy(at, own, kind.parameters, kind.name) as never
  const cool = coolDown == null ? undefined : readBy(below(at, 'cool_down'), coolDown, duration, 'cool_down')
  const limit = spent == null ? undefined : readBy(below(at, 'budget'), spent, budget, 'budget')
  const afterwards = planned.afterwards ?? (typeof then === 'string' ? then : undefined)
  const known = kind.afterwards ?? []
  if (then != null && typeof then !== 'string') complain(below(at, 'then'), ' is to be a word')
  if (afterwards !== undefined && !known.includes(afterwards)) {
    const near = nearest(afterwards, known)
    complain(below(at, 'then'), `: '${afterwards}' is nothing that can be done after ${kind.name}`, {
      hint:
        near === undefined
          ? known.length === 0
            ? 'nothing can'
            : `such as ${known.join(', ')}`
          : `did you mean ${near}?`,
    })
  }
  if (root.mistakes.length > before) return undefined
  return {
    kind,
    parameters,
    afterwards,
    coolDownMs: cool === undefined ? undefined : milliseconds(cool),
    budget: limit && { perMs: milliseconds(limit.per), atMost: limit.at_most },
  }
}

/** All actions of a rule; those that cannot be read are undefined, and told in `mistakes`. */
export function readActions(planned: readonly PlannedAction[]): {
  readonly read: readonly (ReadAction | undefined)[]
  readonly mistakes: readonly Mistake[]
} {
  const place: Place = { path: [], mistakes: [] }
  return { read: planned.map((action, i) => readAction(place, action, i)), mistakes: place.mistakes }
}
