import type { Actor } from '../../kernel/access/access.ts'
import { errors, UserError, type Problem } from '../../kernel/errors.ts'
import { nearest } from '../../kernel/nearest.ts'
import type { Platform } from '../../kernel/platform.ts'
import { spelled } from '../../kernel/grammar/place.ts'
import { checkApproval } from '../approval/check.ts'
import type { Gate, PlanContext } from '../gates/gate.ts'
import { gates } from '../gates/gates.ts'
import type { PlannedGate, ReleasePlan, Stage } from './plan.ts'
import { workspaceNamed } from './workspaces.ts'

/**
 * What cannot be seen from a plan's words alone: workspaces, roles and registries that there are not, and what each gate
 * looks up. Throws validation with every problem, each with its place in the plan and the nearest right thing.
 */
export async function checkPlan(
  platform: Platform,
  workspaceId: string,
  plan: ReleasePlan,
  actor: Actor,
): Promise<void> {
  const problems = [
    ...(await registryProblems(platform, plan, actor)),
    ...(
      await Promise.all(
        plan.stages.map((stage, i) => stageProblems(platform, workspaceId, plan, stage, i, actor)),
      )
    ).flat(),
  ]
  const [first] = problems
  if (first === undefined) return
  const more = problems.length === 1 ? '' : ` (and ${problems.length - 1} more)`
  throw errors.validation(`The plan is not valid: ${first.message}${more}`, {
    details: problems,
    ...(first.target === undefined ? {} : { target: first.target }),
  })
}

const problem = (path: readonly (string | number)[], message: string): Problem => ({
  target: ['properties', ...path].join('.'),
  message: `${spelled(path)}: ${message}`,
})

async function registryProblems(
  platform: Platform,
  { registry }: ReleasePlan,
  actor: Actor,
): Promise<readonly Problem[]> {
  if (registry === undefined) return []
  const all = await platform.resources.list({ type: 'registries', view: 'all' })
  const found = all.find(({ name }) => name.toLowerCase() === registry.toLowerCase())
  if (found === undefined)
    return [
      problem(
        ['registry'],
        `there is no registry '${registry}'${hint(
          registry,
          all.map(({ name }) => name),
        )}`,
      ),
    ]
  const may = await platform.access.can(
    actor,
    'Microsoft.MachineLearningServices/registries/assets/write',
    found.id,
  )
  return may ? [] : [problem(['registry'], `${actor.name} may not publish in registry '${found.name}'`)]
}

async function stageProblems(
  platform: Platform,
  own: string,
  plan: ReleasePlan,
  stage: Stage,
  index: number,
  actor: Actor,
): Promise<readonly Problem[]> {
  const roles = await approvalProblems(platform, own, stage, index, actor)
  let workspaceId: string
  try {
    workspaceId = (await workspaceNamed(platform, own, stage.workspace)).id
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    return [...roles, problem(['stages', index, 'workspace'], error.message.replace(/^There/, 'there'))]
  }
  // A release acts under the rights of who wrote its plan: nobody gets by a plan what he may not do himself.
  const may = await platform.access.can(
    actor,
    'Microsoft.MachineLearningServices/workspaces/jobs/write',
    `${workspaceId}/jobs/gate`,
  )
  if (!may)
    return [
      ...roles,
      problem(
        ['stages', index, ...(stage.workspace === undefined ? [] : ['workspace'])],
        `${actor.name} may not run jobs in workspace '${workspaceId.split('/').at(-1)}', and a release acts under the rights of who writes its plan`,
      ),
    ]
  const context: PlanContext = { platform, workspaceId, model: plan.model, actor }
  const found = await Promise.all(
    stage.gates.map((gate, i) => gateProblems(gate, ['stages', index, 'gates', i], context)),
  )
  return [...roles, ...found.flat()]
}

async function approvalProblems(
  platform: Platform,
  own: string,
  { approval }: Stage,
  index: number,
  actor: Actor,
): Promise<readonly Problem[]> {
  if (approval === undefined) return []
  const mistakes = await checkApproval(approval, { platform, workspaceId: own, actor })
  return mistakes.map(({ path, message }) => problem(['stages', index, 'approval', ...path], message))
}

const hint = (word: string, known: readonly string[]) => {
  const near = nearest(word, known)
  return near === undefined ? '' : `; did you mean '${near}'?`
}

async function gateProblems(
  planned: PlannedGate,
  path: readonly (string | number)[],
  context: PlanContext,
): Promise<readonly Problem[]> {
  const gate = gateOf(planned)
  const mistakes = (await gate.check?.(planned.parameters, context)) ?? []
  return mistakes.map((mistake) => problem([...path, planned.gate, ...mistake.path], mistake.message))
}

/** The kind of a planned gate. Throws for one that this server no longer has. */
export function gateOf({ gate }: Pick<PlannedGate, 'gate'>): Gate {
  const found = gates.find(({ name }) => name === gate)
  if (found === undefined) throw errors.notFound(`This server has no gate '${gate}'.`)
  return found
}
