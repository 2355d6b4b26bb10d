import type { Actor } from '../../kernel/access/access.ts'
import { errors } from '../../kernel/errors.ts'
import type { Platform } from '../../kernel/platform.ts'
import { scopeId } from '../../kernel/resources/arm-id.ts'
import type { Json, Prepared, ResourceDefinition, Writing } from '../../kernel/resources/resource.ts'
import { ruleBudgets } from '../actions/planning/budgets.ts'
import { deleteAlertState } from '../../store/alert-rows.ts'
import { presentRule } from './present.ts'
import { checkReferences } from './references.ts'
import { ruleSchema } from './schema.ts'
import { ruleIn, type RuleStatus } from './stored.ts'
import { testRule } from './trial/trial.ts'

/** When somebody, or something, is to be told: a condition on what is measured or monitored, and what to do when it holds. */
export const alertRules: ResourceDefinition = {
  type: 'alertRules',
  provider: 'Twinloop',
  summary: 'A condition on what is measured or monitored, and what to do while it holds.',
  schema: ruleSchema,
  reconciledDelete: true,
  filters: { severity: 'properties.severity' },
  prepare: ({ id, body, actor }: Writing, platform) => prepare(platform, id, body.properties, actor),
  alsoOnDelete: async ({ key }, db) => void (await deleteAlertState(db, key)),
  present: presentRule,
  actions: { test: testRule, budgets: ruleBudgets },
}

async function prepare(platform: Platform, id: string, properties: Json, actor: Actor): Promise<Prepared> {
  const workspace = scopeId(id)
  if (workspace === undefined || !/\/workspaces\/[^/]+\/providers\/twinloop\/alertRules\/[^/]+$/i.test(id))
    throw errors.badRequest(`An alert rule belongs to a workspace; '${id}' is not in one.`)
  const { warnings } = await checkReferences(platform, workspace, ruleIn(properties), actor)
  const { id: principal, name, kind, confinedTo } = actor
  const status: RuleStatus = { owner: { id: principal, name, kind, confinedTo }, warnings }
  return { status }
}
