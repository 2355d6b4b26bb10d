import { kinds, UserError } from '../../../../kernel/errors.ts'
import { childId } from '../../../../kernel/resources/arm-id.ts'
import type { Json } from '../../../../kernel/resources/resource.ts'
import { changeHosts } from '../../../../release/ci/changes/changes.ts'
import { remoteOf } from '../../../../release/ci/reports/remote.ts'
import { asProposal, type Proposal } from '../../../proposals/proposals.ts'
import type { ActionContext, ActionKind, ActionMistake, ActionProgress, CheckContext } from '../../action.ts'
import { urlOf } from '../../links.ts'
import { repositoryFor } from '../../repository.ts'
import { mistakesInScale } from '../scale/plan.ts'
import { resourceId, wantedChange, type WantedChange } from './change.ts'
import { withSettings } from './declared-file.ts'
import { proposalParameters, type ProposalParameters } from './parameters.ts'

/** Proposes a change to what is declared, as a difference that waits for a person: the loop back to setup. */
export const proposeChange: ActionKind<ProposalParameters> = {
  name: 'propose_change',
  summary:
    'Proposes another size of a compute or a deployment, or any change to a declared resource, as a difference to approve, and a pull request.',
  parameters: proposalParameters,
  async check(given, context) {
    const mistakes: ActionMistake[] = [...(await mistakesIn(given, context))]
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
    const wanted = await wantedChange(given, context)
    if (typeof wanted === 'string') return `proposes nothing: ${wanted}`
    const where = given.file === undefined ? '' : `, and a change of ${given.file}`
    return `proposes to ${wanted.what}${where}`
  },
  async advance(given, context) {
    const id = childId(context.workspaceId, 'providers', 'Twinloop', 'changeProposals', context.key)
    const made = await context.platform.resources.find(id)
    const state = context.state as Partial<State>
    if (made === undefined || state.what === undefined) return propose(given, context, id)
    const said = `proposed to ${state.what}: twinloop proposal show -n ${made.name}`
    if (given.file === undefined) return { done: said, made: [id] }
    const request = await askFor(given, context, asProposal(made), state as State)
    if (request === undefined) return { done: `${said} (${given.file} says so already)`, made: [id] }
    await context.platform.resources.setStatus(id, { request })
    return { done: `${said}; ${request}`, made: [id, request] }
  },
}

/** What is kept from the step that proposes to the one that asks for the file's change. */
type State = Pick<WantedChange, 'what' | 'title' | 'file'>

async function mistakesIn(
  given: ProposalParameters,
  context: CheckContext,
): Promise<readonly ActionMistake[]> {
  if (given.resource === undefined)
    return mistakesInScale({ ...given, min: given.min ?? 1, max: given.max ?? 1 }, context)
  try {
    await context.platform.resources.get(resourceId(given.resource, context))
    return []
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    return [{ path: ['resource'], message: error.message }]
  }
}

async function propose(
  given: ProposalParameters,
  context: ActionContext,
  id: string,
): Promise<ActionProgress> {
  const { platform, rule, alert, incident } = context
  const known = await platform.resources.find(id)
  const wanted = await wantedChange(given, context)
  // It may be approved before a killed server comes to say that it was proposed.
  if (typeof wanted === 'string')
    return known === undefined
      ? { done: wanted }
      : { done: `proposed: twinloop proposal show -n ${known.name}`, made: [id] }
  const { target, patch, what, title, file } = wanted
  if (known === undefined) {
    const properties = {
      target: target.id,
      patch,
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
  const state: Json = { what, title, file }
  return { doing: `proposes to ${what}`, state, again: 0 }
}

/** Asks for the change of the declared file; undefined where it is so already. */
async function askFor(
  given: ProposalParameters,
  context: ActionContext,
  proposal: Proposal,
  { title, file }: State,
): Promise<string | undefined> {
  const { platform, signal, key, rule, alert } = context
  const repository = await repositoryFor(context, given.repository)
  const { kind, remote } = await remoteOf(platform, repository, signal)
  const path = given.file ?? ''
  const asked = await changeHosts[kind].ask(remote, {
    branch: `twinloop/${key}`,
    path,
    title,
    body: [
      proposal.properties.reason,
      `Alert rule ${rule.name}: ${alert.summary}.`,
      `What it would be at the server:\n\n\`\`\`diff\n${proposal.status.diff}\`\`\``,
      `It can also be approved there at once: [proposal ${proposal.name}](${urlOf(platform, proposal.id)}).`,
    ].join('\n\n'),
    edit: (text) => withSettings(text, file, path),
  })
  return asked?.url
}
