import type { Mistake } from '../../../kernel/grammar/place.ts'
import { spelled } from '../../../kernel/grammar/place.ts'
import type { PlannedAction } from '../../rules/rule.ts'
import type { CheckContext } from '../action.ts'
import { readActions } from './read.ts'

/**
 * Every mistake in the actions of a rule, with its path from the rule's root (`['actions', 0, 'notify', 'emial']`): in the
 * words, and in what they name that is not there or that the writer may not use.
 */
export async function checkActions({
  actions,
  ...context
}: CheckContext & { readonly actions: readonly PlannedAction[] }): Promise<readonly Mistake[]> {
  const { read, mistakes } = readActions(actions)
  const found: Mistake[] = [...mistakes]
  for (const [i, action] of read.entries()) {
    if (action?.kind.check === undefined) continue
    for (const { path, message } of await action.kind.check(action.parameters, context)) {
      const whole = ['actions', i, action.kind.name, ...path]
      found.push({ path: whole, part: 'value', message: `${spelled(whole)}: ${message}` })
    }
  }
  return found
}
