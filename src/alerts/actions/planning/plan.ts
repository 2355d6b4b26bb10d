import { createHash } from 'node:crypto'
import type { Actor } from '../../../kernel/access/access.ts'
import { kinds, UserError } from '../../../kernel/errors.ts'
import type { Platform } from '../../../kernel/platform.ts'
import { childId } from '../../../kernel/resources/arm-id.ts'
import type { Resource } from '../../../kernel/resources/resource.ts'
import { stableJson } from '../../../kernel/resources/row.ts'
import type { IncidentState } from '../../incidents/incident.ts'
import { fingerprintOf, type Labels } from '../../rules/machine.ts'
import type { PlannedAction } from '../../rules/rule.ts'
import { changeAction } from '../execution/change.ts'
import type { IncidentActionProperties } from '../incident-action.ts'
import { readActions, type ReadAction } from './read.ts'

/** What of a rule its actions need to know. */
export interface FiringRule {
  readonly id: string
  readonly name: string
  readonly severity: string
  readonly annotations: Labels
  /** Who wrote it: the actions have their rights. */
  readonly owner: Pick<Actor, 'id' | 'name' | 'kind'>
  readonly actions: readonly PlannedAction[]
  readonly coolDownMs: number
}

export interface FiringAlert {
  readonly labels: Labels
  readonly value: number
  readonly summary: string
  readonly firedAt: Date
}

/**
 * Has done what a rule says of a firing: for each action `{incident}/actions/{i}-{kind}`, once, however often it is
 * called. Called again after a silence has ended, what the silence kept back is done.
 */
export async function planActions(
  platform: Platform,
  incident: Resource,
  rule: FiringRule,
  alert: FiringAlert,
): Promise<void> {
  const { read } = readActions(rule.actions)
  const { silencedBy } = incident.status as unknown as IncidentState
  for (const [i, action] of read.entries()) {
    // A rule is checked when it is written; what a newer server does not know any more is told on the rule.
    if (action === undefined) continue
    const id = childId(incident.id, 'actions', `${i}-${action.kind.name}`)
    const made = await make(platform, id, propertiesOf(incident, rule, alert, { read: action, i }))
    if (!made && silencedBy === undefined) await revive(platform, id)
  }
}

/** Names an action of a rule by its kind and which of that kind it is: what its budget is of. */
export function slotOf({ id, actions }: Pick<FiringRule, 'id' | 'actions'>, i: number): string {
  const kind = actions[i]?.kind ?? ''
  const before = actions.slice(0, i).filter((other) => other.kind === kind).length
  return `${id.toLowerCase()} ${kind} ${before}`
}

/** How long an action is not done again for the same alert, in ms: as it says itself, its rule does, or its kind needs. */
export const coolDownOf = (
  { kind, parameters, coolDownMs }: ReadAction,
  rule: Pick<FiringRule, 'coolDownMs'>,
): number => coolDownMs ?? (rule.coolDownMs > 0 ? rule.coolDownMs : (kind.coolDownMs?.(parameters) ?? 0))

function propertiesOf(
  incident: Resource,
  rule: FiringRule,
  { firedAt, labels, value, summary }: FiringAlert,
  { read, i }: { readonly read: ReadAction; readonly i: number },
): IncidentActionProperties {
  const { kind, parameters, afterwards, budget } = read
  const slot = slotOf(rule, i)
  const { id, name, severity, annotations, owner } = rule
  return {
    kind: kind.name,
    parameters: parameters,
    afterwards: afterwards ?? null,
    phase: 'firing',
    key: keyFor(name, incident, i),
    slot,
    cause: `${slot} ${digest(fingerprintOf(labels))}`,
    subject: `${kind.name} ${digest(stableJson(kind.subject?.(parameters) ?? parameters))}`,
    coolDownMs: coolDownOf(read, rule),
    budget: budget ?? null,
    actor: { id: owner.id, name: owner.name, kind: owner.kind },
    rule: { id, name, severity, annotations },
    alert: { labels, value, summary, firedAt: firedAt.toISOString() },
  }
}

/** `flight-delay-is-getting-worse-17-0-3fa1c2`: readable, unique, and the same for every try. */
function keyFor(rule: string, { id, name, properties }: Resource, i: number): string {
  const unique = digest(`${id.toLowerCase()} ${String(properties['firing'])} ${i}`).slice(0, 6)
  return `${rule.replaceAll(/[^\w-]/g, '-').slice(0, 60)}-${name}-${i}-${unique}`
}

const digest = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 16)

/** False if it was there already. */
export async function make(
  platform: Platform,
  id: string,
  properties: IncidentActionProperties,
): Promise<boolean> {
  try {
    await platform.resources.put(platform.identity('alerts'), id, { properties }, { ifNoneMatch: '*' })
    return true
  } catch (error) {
    if (error instanceof UserError && error.kind === kinds.preconditionFailed) return false
    throw error
  }
}

const revive = (platform: Platform, id: string) =>
  changeAction(platform, id.toLowerCase(), ({ status }) =>
    status.skipped !== 'silenced'
      ? undefined
      : {
          state: {
            state: 'Waiting',
            skipped: null,
            endedAt: null,
            reason: 'The silence is over; it is about to begin.',
          },
          happened: { what: 'the silence is over' },
        },
  )
