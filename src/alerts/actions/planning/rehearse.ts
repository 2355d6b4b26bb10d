import { tellable } from '../../../kernel/errors.ts'
import type { Platform } from '../../../kernel/platform.ts'
import type { Actor } from '../../../kernel/access/access.ts'
import { readActions } from './read.ts'
import type { FiringAlert, FiringRule } from './plan.ts'

/** What an action of a rule would do, or what would keep it from that. */
export interface Rehearsal {
  readonly kind: string
  readonly would?: string
  readonly problem?: string
}

/** Says of each action of a rule what it would do if this alert fired now, and does nothing. */
export async function rehearseActions(
  platform: Platform,
  {
    workspaceId,
    actor,
    rule,
    alert,
    signal = new AbortController().signal,
  }: {
    readonly workspaceId: string
    readonly actor: Actor
    readonly rule: Omit<FiringRule, 'owner'>
    readonly alert: FiringAlert
    readonly signal?: AbortSignal
  },
): Promise<readonly Rehearsal[]> {
  const { read, mistakes } = readActions(rule.actions)
  const rehearsals: Rehearsal[] = []
  for (const [i, action] of read.entries()) {
    const kind = rule.actions[i]?.kind ?? ''
    if (action === undefined) {
      const mistake = mistakes.find(({ path }) => path[1] === i)
      rehearsals.push({ kind, problem: mistake?.message ?? 'It cannot be read.' })
      continue
    }
    try {
      const would = await action.kind.rehearse(action.parameters, {
        platform,
        signal,
        workspaceId,
        actor,
        rule,
        alert,
        incident: undefined,
        action: '',
        key: 'rehearsal',
        subject: '',
        state: {},
        afterwards: action.afterwards,
      })
      rehearsals.push({ kind, would })
    } catch (error) {
      const known = tellable(error)
      if (known === undefined) throw error
      rehearsals.push({ kind, problem: known.message })
    }
  }
  return rehearsals
}
