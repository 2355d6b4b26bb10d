import { scopeId } from '../../../kernel/resources/arm-id.ts'
import type { Action, Json } from '../../../kernel/resources/resource.ts'
import { lasting } from '../../rules/evaluation/words.ts'
import { ruleIn } from '../../rules/stored.ts'
import { formerActions } from '../execution/former.ts'
import type { Former } from '../execution/may-start.ts'
import { coolDownOf, slotOf } from './plan.ts'
import { readActions, type Budget } from './read.ts'

/**
 * `POST {rule}/budgets`: of each of a rule's actions how long it cools down and how much of its budget is left, as they
 * will be counted when it fires next. Times are ISO.
 */
export const ruleBudgets: Action = {
  operation: 'read',
  async run({ platform, resource }) {
    const rule = ruleIn(resource.properties)
    const { read } = readActions(rule.actions)
    const former = await formerActions(platform, scopeId(resource.id) ?? '')
    const now = platform.clock().getTime()
    const value = read.map((action, i) => {
      const kind = rule.actions[i]?.kind ?? ''
      if (action === undefined) return { kind, problem: 'This server does not know such an action.' }
      const own = former.filter(
        ({ slot, counts }) => counts && slot === slotOf({ ...rule, id: resource.id }, i),
      )
      return {
        kind,
        ...(action.afterwards === undefined ? {} : { afterwards: action.afterwards }),
        ...leftOf(own, { coolDownMs: coolDownOf(action, rule), budget: action.budget, now }),
      }
    })
    return { body: { value } }
  },
}

/** What is left of an action's cool-down and budget, of those of it that count; pure. */
export function leftOf(
  own: readonly Former[],
  {
    coolDownMs,
    budget,
    now,
  }: { readonly coolDownMs: number; readonly budget: Budget | undefined; readonly now: number },
): Json {
  const starts = own.map(({ startedAt }) => startedAt).toSorted((a, b) => b - a)
  const [last] = starts
  const iso = (time: number) => new Date(time).toISOString()
  const spent = starts.filter((start) => budget !== undefined && now - start < budget.perMs)
  const oldest = spent[(budget?.atMost ?? 0) - 1]
  return {
    ...(last === undefined ? {} : { lastAt: iso(last) }),
    ...(coolDownMs === 0 ? {} : { coolDown: lasting(coolDownMs) }),
    ...(last === undefined || now - last >= coolDownMs ? {} : { coolsUntil: iso(last + coolDownMs) }),
    ...(budget === undefined
      ? {}
      : {
          budget: {
            per: lasting(budget.perMs),
            atMost: budget.atMost,
            left: Math.max(0, budget.atMost - spent.length),
            // One more is free when the oldest of those that fill it is past.
            ...(oldest === undefined ? {} : { freeAt: iso(oldest + budget.perMs) }),
          },
        }),
  }
}
