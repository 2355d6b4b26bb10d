import { z } from 'zod'
import { kinds, UserError } from '../../../../kernel/errors.ts'
import { childId } from '../../../../kernel/resources/arm-id.ts'
import type { Json, Resource } from '../../../../kernel/resources/resource.ts'
import { changeHosts } from '../../../../release/ci/changes/changes.ts'
import { remoteOf } from '../../../../release/ci/reports/remote.ts'
import { asProposal, type Proposal } from '../../../proposals/proposals.ts'
import type { ActionContext, ActionKind, ActionMistake, ActionProgress } from '../../action.ts'
import { urlOf } from '../../links.ts'
import { repositoryFor } from '../../repository.ts'
import { planScale, mistakesInScale, scaleWords, oneWay, targetInWords } from '../scale/plan.ts'
import { withCapacity } from '../scale/capacity.ts'
import { withSetting } from './declared-file.ts'

const text = z.string().trim().min(1)
const parameters = z
  .strictObject({
    ...scaleWords,
    /** Why, for who decides. Default: what fired. */
    reason: text.optional(),
    /** A connected repository in which the declared file is to be changed as well, by a pull or merge request. */
    repository: text.optional(),
    /** The file that declares it, in the repository. */
    file: text.optional(),
    /** The setting in the file. Default: `max_instances` of a compute, `instance_count` of a deployment. */
    field: text.optional(),
  })
  .refine(oneWay.test, { error: oneWay.error, when: ({ issues }) => issues.length === 0 })
  .refine(({ repository, file }) => repository === undefined || file !== undefined, {
    error: 'repository: needs file, which declares it there',
    when: ({ issues }) => issues.length === 0,
  })
type Parameters = z.infer<typeof parameters>

/** Proposes a change to what is declared, as a difference that waits for a person: the loop back to setup. */
export const proposeChange: ActionKind<Parameters> = {
  name: 'propose_change',
  summary:
    'Proposes another size of a compute or a deployment, as a difference to approve, and a pull request.',
  parameters,
  async check(given, context) {
    const mistakes: ActionMistake[] = [...(await mistakesInScale(given, context))]
    if (given.file === undefined) return mistakes
    try {
      await repositoryFor(context, given.repository)
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      mistakes.push({ path: ['repository'], message: error.message })
    }
    return mistakes
  },
  async rehearse(given, context) {
    const { target, from, to } = await planScale(given, context)
    if (from === to) return `proposes nothing: ${targetInWords(target)} stay at ${from}`
    const where = given.file === undefined ? '' : `, and a change of ${given.file}`
    return `proposes to change ${targetInWords(target)} from ${from} to ${to}${where}`
  },
  async advance(given, context) {
    const id = childId(context.workspaceId, 'providers', 'Twinloop', 'changeProposals', context.key)
    const made = await context.platform.resources.find(id)
    const state = context.state as Partial<{ target: string; from: number; to: number }>
    if (made === undefined || state.to === undefined) return propose(given, context, id)
    const proposal = asProposal(made)
    const said = `proposed to change ${targetInWords(await context.platform.resources.get(proposal.properties.target))} from ${state.from} to ${state.to}: twinloop proposal show -n ${made.name}`
    if (given.file === undefined) return { done: said, made: [id] }
    const request = await askFor(given, context, proposal, state.to)
    if (request === undefined) return { done: `${said} (${given.file} says so already)`, made: [id] }
    await context.platform.resources.setStatus(id, { request })
    return { done: `${said}; ${request}`, made: [id, request] }
  },
}

async function propose(given: Parameters, context: ActionContext, id: string): Promise<ActionProgress> {
  const { platform, rule, alert, incident } = context
  const { target, from, to } = await planScale(given, context)
  const known = await platform.resources.find(id)
  if (known === undefined) {
    if (from === to)
      return { done: `${targetInWords(target)} stay at ${from}: ${given.min} to ${given.max} are allowed` }
    const properties = {
      target: target.id,
      patch: withCapacity(target, to),
      reason: given.reason ?? `${rule.name}: ${alert.summary}`,
      rule: rule.name,
      incident: incident ?? null,
    }
    try {
      await platform.resources.put(platform.identity('alerts'), id, { properties }, { ifNoneMatch: '*' })
    } catch (error) {
      if (!(error instanceof UserError) || error.kind !== kinds.preconditionFailed) throw error
    }
  }
  const state: Json = { target: target.id, from, to }
  return { doing: `proposes to change ${targetInWords(target)} from ${from} to ${to}`, state, again: 0 }
}

/** Asks for the change of the declared file; undefined where it is so already. */
async function askFor(
  given: Parameters,
  context: ActionContext,
  proposal: Proposal,
  to: number,
): Promise<string | undefined> {
  const { platform, signal, key, rule, alert } = context
  const repository = await repositoryFor(context, given.repository)
  const { kind, remote } = await remoteOf(platform, repository, signal)
  const file = given.file ?? ''
  const target: Resource = await platform.resources.get(proposal.properties.target)
  const field = given.field ?? (target.type === 'workspaces/computes' ? 'max_instances' : 'instance_count')
  const asked = await changeHosts[kind].ask(remote, {
    branch: `twinloop/${key}`,
    path: file,
    title: `${targetInWords(target)}: ${to}`,
    body: [
      proposal.properties.reason,
      `Alert rule ${rule.name}: ${alert.summary}.`,
      `What it would be at the server:\n\n\`\`\`diff\n${proposal.status.diff}\`\`\``,
      `It can also be approved there at once: [proposal ${proposal.name}](${urlOf(platform, proposal.id)}).`,
    ].join('\n\n'),
    edit: (text) => withSetting(text, field, to, file),
  })
  return asked?.url
}
