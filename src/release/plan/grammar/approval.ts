import { below, complain } from '../../../kernel/grammar/place.ts'
import type { Place } from '../../../kernel/grammar/place.ts'
import { count, duration, flag, listOf, text } from '../../../kernel/grammar/values.ts'
import type { ApprovalRule } from '../plan.ts'
import { fieldsOf, isWhole, optional } from '../../../kernel/grammar/fields.ts'

const known = ['roles', 'count', 'not_requester', 'within', 'notify', 'ci']
const weekMs = 7 * 86_400_000

const texts = (what: string) => listOf(text, { single: true, what })

/** `approval:` of a stage: `{ roles: [ML Engineer], count: 1, not_requester: true, within: 7d, notify: […] }`. */
export function readApproval(place: Place, value: unknown): ApprovalRule | undefined {
  if (value === undefined || value === null) return undefined
  const fields = fieldsOf(place, value, known, {
    what: 'an approval',
    example: '{ roles: [ML Engineer] }',
  })
  if (fields === undefined) return undefined
  if (fields['roles'] === undefined || fields['roles'] === null)
    return isWhole(fields, known)
      ? complain(place, ' does not say who may approve', { hint: 'roles: [ML Engineer]' })
      : undefined
  const roles = texts('names of roles')(below(place, 'roles'), fields['roles'])
  const people = optional(place, fields, 'count', count, 1)
  const notRequester = optional(place, fields, 'not_requester', flag, true)
  const withinMs = optional(place, fields, 'within', duration, weekMs)
  const notify = optional(place, fields, 'notify', texts('addresses and connections'), [])
  const ci = optional(place, fields, 'ci', flag, false)
  if (people === 0)
    return complain(below(place, 'count'), ': an approval needs somebody', { hint: 'leave approval out' })
  if (!roles || !people || notRequester === undefined || !withinMs || !notify || ci === undefined)
    return undefined
  return { roles, count: people, notRequester, withinMs, notify, ci }
}
