import type { Actor } from '../../kernel/access/access.ts'
import { errors } from '../../kernel/errors.ts'
import { writtenIn } from '../../kernel/grammar/written.ts'
import { scopeId } from '../../kernel/resources/arm-id.ts'
import type { Platform } from '../../kernel/platform.ts'
import type { Json, Prepared, ResourceDefinition, Writing } from '../../kernel/resources/resource.ts'
import { parseOrThrow } from '../../kernel/resources/schema.ts'
import { stableJson } from '../../kernel/resources/row.ts'
import { rollbackPlan } from '../releases/actions/rollback.ts'
import { labelOf } from '../releases/state.ts'
import { openReleases } from '../releases/steps/others.ts'
import { start } from '../starts/start-action.ts'
import { nextDue } from '../starts/due.ts'
import { checkPlan } from './check.ts'
import { parsePlan } from './grammar/parse.ts'
import { planWords } from './grammar/words.ts'
import { planIn, type PlanStatus } from './stored.ts'

/** A plan as it is written; what it means is read from it anew wherever it is needed. */
const planSchema = writtenIn(planWords, (properties) => parsePlan(properties).mistakes).superRefine(
  (properties, context) => {
    for (const { path, message, hint } of parsePlan(properties).mistakes)
      context.addIssue({
        code: 'custom',
        path: [...path],
        message: hint === undefined ? message : `${message} (${hint})`,
      })
  },
)

/** How versions of a model come to production: stages with gates, approvals and deliveries. */
export const releasePlans: ResourceDefinition = {
  type: 'releasePlans',
  provider: 'Twinloop',
  summary: 'How versions of a model come to production: stages with gates, approvals and deliveries.',
  schema: planSchema,
  filters: { model: 'properties.model' },
  prepare,
  async beforeDelete(plan, platform) {
    const [open] = await openReleases(platform, plan.id)
    if (open !== undefined)
      throw errors.conflict(`Release ${labelOf(open)} is ${open.status.state}: cancel it first.`)
  },
  present: () => ({ owner: undefined, anchor: undefined }),
  actions: { start, rollback: rollbackPlan, check: { operation: 'read', runAhead: check } },
}

async function prepare({ id, before, body, actor }: Writing, platform: Platform): Promise<Prepared> {
  const workspace = scopeId(id)
  if (workspace === undefined || !/\/workspaces\/[^/]+\/providers\/twinloop\/releasePlans\/[^/]+$/i.test(id))
    throw errors.badRequest(`A release plan belongs to a workspace; '${id}' is not in one.`)
  const plan = planIn(body.properties)
  await checkPlan(platform, workspace, plan, actor)
  const was = before?.status as PlanStatus | undefined
  // One that cannot be read any more is repaired by being written anew.
  const old = before === undefined ? undefined : parsePlan(before.properties).plan
  const same = old !== undefined && stableJson(old.start) === stableJson(plan.start)
  const now = platform.clock()
  const anchor = same && was?.anchor !== undefined ? was.anchor : now.toISOString()
  const status: Json = {
    owner: { id: actor.id, name: actor.name, kind: actor.kind, confinedTo: actor.confinedTo },
    anchor,
    nextRun: same ? (was?.nextRun ?? null) : (nextDue(plan, anchor, now)?.toISOString() ?? null),
  }
  return { properties: { ...body.properties, model: plan.model }, status }
}

/** `POST {plan}/check` with a plan's properties: all that a PUT would refuse, and nothing is written. Answers with it as it is understood. */
async function check({
  platform,
  id,
  actor,
  input,
}: {
  readonly platform: Platform
  readonly id: string
  readonly actor: Actor
  readonly input: Json
}) {
  const properties = parseOrThrow(planSchema, input['properties'] ?? {}, 'The plan', 'properties')
  const plan = planIn(properties)
  await checkPlan(platform, scopeId(id) ?? '', plan, actor)
  return { body: plan }
}
