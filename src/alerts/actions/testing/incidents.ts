import assert from 'node:assert/strict'
import type { Resource } from '../../../kernel/resources/resource.ts'
import type { TestApp } from '../../../testing/app.ts'
import type { PlannedAction } from '../../rules/rule.ts'
import type { ActionKind } from '../action.ts'
import { actions } from '../actions.ts'
import { planActions, type FiringAlert, type FiringRule } from '../planning/plan.ts'

/** Alerts that fire at the word of a test, and what is done about them. */
export function incidentLab(server: () => TestApp) {
  let number = 0
  const rule = (planned: readonly PlannedAction[], more: Partial<FiringRule> = {}): FiringRule => ({
    id: `${server().workspace}/providers/Twinloop/alertRules/slow`,
    name: 'slow',
    severity: 'page',
    annotations: {},
    owner: { id: 'administrator', name: 'administrator', kind: 'User' },
    actions: planned,
    coolDownMs: 0,
    ...more,
  })
  const alert = (more: Partial<FiringAlert> = {}): FiringAlert => ({
    labels: { endpoint: 'flights' },
    value: 0.61,
    summary: 'roc_auc 0.61 < 0.68',
    firedAt: new Date(),
    ...more,
  })
  const lab = {
    rule,
    alert,
    idOf: (n: number) => `${server().workspace}/providers/Twinloop/incidents/${n}`,
    /** Opens an incident of an alert, and plans what its rule says; answers its id. */
    async fire(by: FiringRule, of: FiringAlert = alert(), status: object = {}): Promise<string> {
      const { platform } = server().app
      const id = lab.idOf(++number)
      const firedAt = of.firedAt.toISOString()
      const properties = {
        rule: by.name,
        ruleId: by.id,
        labels: of.labels,
        firing: `${number} ${firedAt}`,
        firedAt,
      }
      const state = {
        state: 'Firing',
        severity: by.severity,
        annotations: by.annotations,
        value: of.value,
        summary: of.summary,
        timeline: [],
        ...status,
      }
      const { resource } = await platform.resources.put(
        platform.identity('alerts'),
        id,
        { properties },
        { along: { status: state } },
      )
      await planActions(platform, await platform.resources.get(resource.id), by, of)
      return id
    },
    async resolve(id: string) {
      const { platform } = server().app
      await platform.resources.setStatus(id, {
        state: 'Resolved',
        resolvedAt: platform.clock().toISOString(),
      })
    },
    /** Waits until an action is in one of these states; answers its status. */
    async settled(id: string, ...states: readonly string[]) {
      const wanted = states.length === 0 ? ['Done', 'Refused', 'Skipped', 'Failed'] : states
      return (await server().until(id, ({ state }) => wanted.includes(String(state)))) as Record<
        string,
        unknown
      > & { readonly state: string; readonly reason: string; readonly made?: readonly string[] }
    },
    async timeline(id: string): Promise<readonly string[]> {
      const incident: Resource = await server().app.platform.resources.get(id)
      return (incident.status['timeline'] as readonly { readonly what: string }[]).map(({ what }) => what)
    },
    async post(path: string, body: object = {}) {
      const answer = await server().send('POST', path, body)
      assert.ok(answer.status < 300, JSON.stringify(answer.body))
      return answer.body
    },
  }
  return lab
}

/** Adds a kind of action for the length of a test file. */
export function addAction(kind: ActionKind<never>): void {
  ;(actions as ActionKind<never>[]).push(kind)
}
