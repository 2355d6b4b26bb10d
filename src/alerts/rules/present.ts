import type { Platform } from '../../kernel/platform.ts'
import type { Json, Resource } from '../../kernel/resources/resource.ts'
import { findAlertState } from '../../store/alert-rows.ts'
import { alertLabels } from './evaluation/labels.ts'
import { atFirst, read, type RuleState } from './evaluation/state.ts'
import { inUnit, limitOf, subjectOf } from './evaluation/words.ts'
import type { Alert } from './machine.ts'
import { parseRule } from './grammar/parse.ts'
import type { AlertRule } from './rule.ts'

/** A rule's state in a word, the worst of its alerts'; `error` and `no_data` where nothing can be known. */
export function stateOf({ alerts, outcome }: RuleState, { enabled }: Pick<AlertRule, 'enabled'>): string {
  if (!enabled) return 'disabled'
  const states = new Set([...alerts.values()].map(({ state }) => state))
  if (states.has('firing')) return 'firing'
  if (outcome === 'error') return 'error'
  if (states.has('pending')) return 'pending'
  if (outcome === 'no_data') return 'no_data'
  return outcome === 'never' ? 'unknown' : 'inactive'
}

/** What a rule found last, and the alerts that it has. */
export async function presentRule(resource: Resource, platform: Platform): Promise<Json> {
  const { rule } = parseRule(resource.properties)
  if (rule === undefined)
    return { owner: undefined, evaluation: { state: 'error', error: 'The rule cannot be read.' } }
  const row = await findAlertState(platform.store.db, resource.key)
  const state = row === undefined ? atFirst : read(row.state)
  const at = (ms: number | undefined) =>
    ms === undefined || ms === 0 ? undefined : new Date(ms).toISOString()
  return {
    owner: undefined,
    evaluation: {
      state: stateOf(state, rule),
      severity: rule.severity,
      subject: subjectOf(rule.condition),
      limit: limitOf(rule.condition),
      at: at(row?.evaluated_at),
      ...(state.error === undefined || !rule.enabled ? {} : { error: state.error, since: at(state.since) }),
      alerts: [...state.alerts].map(([fingerprint, alert]) => ({
        ...presentAlert(alert),
        shown: inUnit(rule.condition, alert.value),
        labels: alertLabels(resource.name, rule, alert.labels),
        incident: state.incidents.get(fingerprint),
      })),
      values: state.values.map(({ labels, value }) => ({
        labels,
        value: numeric(value),
        shown: inUnit(rule.condition, value),
      })),
    },
  }
}

const presentAlert = ({ state, value, activeAt, firedAt, resolvedAt }: Alert): Json => ({
  state,
  value: numeric(value),
  activeAt: new Date(activeAt).toISOString(),
  ...(firedAt === undefined ? {} : { firedAt: new Date(firedAt).toISOString() }),
  ...(resolvedAt === undefined ? {} : { resolvedAt: new Date(resolvedAt).toISOString() }),
})

const numeric = (value: number): number | null => (Number.isFinite(value) ? value : null)
