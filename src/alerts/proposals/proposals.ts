import { z } from 'zod'
import { stringify } from 'yaml'
import type { Actor } from '../../kernel/access/access.ts'
import { errors, UserError } from '../../kernel/errors.ts'
import type { Platform } from '../../kernel/platform.ts'
import type { Action, Json, Resource, ResourceDefinition } from '../../kernel/resources/resource.ts'
import { mergePatch, stableJson } from '../../kernel/resources/row.ts'
import type { Reconciler } from '../../kernel/work/reconcile.ts'
import { requirePerson } from '../person.ts'
import { tellIncident } from '../incidents/timeline.ts'
import { unifiedDiff } from './unified-diff.ts'

/** A change that is proposed to what a resource is declared as. */
export interface ProposalProperties extends Json {
  /** Id of the resource. */
  readonly target: string
  /** RFC 7396, over what it is declared as. */
  readonly patch: Json
  readonly reason: string
  /** Name of the alert rule, and id of the incident, that it came of. */
  readonly rule?: string | null
  readonly incident?: string | null
}

export interface ProposalStatus extends Json {
  readonly state: 'Proposed' | 'Approved' | 'Applied' | 'Refused' | 'Failed'
  /** What it is declared as, and what it would be, as YAML. */
  readonly before: string
  readonly after: string
  /** The one against the other, as `diff -u` has it. */
  readonly diff: string
  /** Of what is declared: with another one the difference would not be this one any more. */
  readonly declared: string
  /** The request by which the declared file is to be changed as well. */
  readonly request?: string
  readonly decidedBy?: string
  /** Under whose rights it is made. */
  readonly approver?: Pick<Actor, 'id' | 'name' | 'kind'>
  readonly decidedAt?: string
  readonly comment?: string
  readonly problem?: string
}

export type Proposal = Resource<ProposalProperties, ProposalStatus>
export const asProposal = (resource: Resource): Proposal => resource as unknown as Proposal

const schema = z.looseObject({
  target: z.string().startsWith('/'),
  patch: z.record(z.string(), z.unknown()),
  reason: z.string().min(1),
}) as unknown as z.ZodType<ProposalProperties>

const input = z.looseObject({ comment: z.string().nullish() })

/** What of a resource is declared by people: the rest is the platform's. */
const declaredOf = ({ envelope, properties }: Pick<Resource, 'envelope' | 'properties'>): Json => ({
  ...envelope,
  properties,
})
/** Whether a patch would change what of a resource is declared. */
export const isChangedBy = (resource: Resource, patch: Json): boolean =>
  stableJson(mergePatch(declaredOf(resource), patch)) !== digestOf(resource)

const digestOf = (resource: Pick<Resource, 'envelope' | 'properties'>) => stableJson(declaredOf(resource))

/** A change to the infrastructure that waits for a person: a patch to what is declared, shown as a difference. */
export const changeProposals: ResourceDefinition<ProposalProperties> = {
  type: 'changeProposals',
  provider: 'Twinloop',
  summary: 'A change to a declared resource that somebody has to approve, shown as a difference.',
  schema,
  filters: { state: 'status.state', target: 'properties.target' },
  immutable: ['target', 'patch'],
  async prepare({ body, actor, before }, platform) {
    if (before !== undefined) return undefined
    if (actor.id !== platform.identity('alerts').id)
      throw errors.forbidden('Changes are proposed by alerts; who may make a change makes it.')
    const { target, patch } = body.properties
    const resource = await platform.resources.get(target)
    return { status: pictureOf(resource, patch) }
  },
  present: () => ({ declared: undefined, approver: undefined }),
  actions: { approve: decide('Approved'), refuse: decide('Refused') },
}

function pictureOf(resource: Resource, patch: Json): ProposalStatus {
  const now = declaredOf(resource)
  const before = asYaml(now)
  const after = asYaml(mergePatch(now, patch) as Json)
  const name = `${resource.id.split('/').slice(-2).join('/')}.yml`
  return {
    state: 'Proposed',
    before,
    after,
    diff: unifiedDiff(before, after, name),
    declared: digestOf(resource),
  }
}

const asYaml = (value: Json) => stringify(value, { sortMapEntries: true, aliasDuplicateObjects: false })

/**
 * `POST {proposal}/approve { comment? }` makes the change, under the rights of who approves; `refuse` ends it. Throws
 * conflict for what was decided already, and for a resource that was changed since it was proposed.
 */
function decide(verdict: 'Approved' | 'Refused'): Action {
  return {
    input,
    async run({ platform, actor, resource, input: given }) {
      requirePerson(actor, 'a change')
      const proposal = asProposal(resource)
      const { comment } = given as z.infer<typeof input>
      if (proposal.status.state !== 'Proposed')
        throw errors.conflict(
          `Proposal '${resource.name}' is ${proposal.status.state.toLowerCase()}${proposal.status.decidedBy === undefined ? '' : `, by ${proposal.status.decidedBy}`}.`,
        )
      const { target } = proposal.properties
      const now = await platform.resources.get(target)
      if (verdict === 'Approved' && digestOf(now) !== proposal.status.declared)
        throw errors.conflict(
          `${shortOf(target)} was changed since this was proposed: refuse it, and make the change yourself if it is still wanted.`,
        )
      const decided = {
        state: verdict,
        decidedBy: actor.name,
        approver: { id: actor.id, name: actor.name, kind: actor.kind },
        decidedAt: platform.clock().toISOString(),
        ...(comment == null ? {} : { comment }),
      }
      const taken = await platform.resources.setStatus(resource.key, decided, { etag: resource.etag })
      if (taken === undefined)
        throw errors.conflict(`Proposal '${resource.name}' has just changed; look at it again.`)
      await tell(
        platform,
        proposal,
        `${verdict.toLowerCase()} by ${actor.name}${comment == null ? '' : `: ${comment}`}`,
      )
      const { id, name, properties, status } = asProposal(taken)
      return {
        body: {
          id,
          name,
          properties: { ...properties, ...status, declared: undefined, approver: undefined },
        },
      }
    },
  }
}

/** Makes what was approved, once: under the rights of who approved it, and not if the resource was changed meanwhile. */
export const proposalReconciler: Reconciler = {
  name: 'alerts/proposals',
  types: ['changeProposals'],
  async reconcile(resource, { platform }) {
    const proposal = asProposal(resource)
    const { state, approver } = proposal.status
    if (state !== 'Approved' || approver === undefined) return
    const { target, patch } = proposal.properties
    const end = async (change: Partial<ProposalStatus>, what: string) => {
      await tell(platform, proposal, what)
      await platform.resources.setStatus(proposal.key, change)
    }
    try {
      const now = await platform.resources.get(target)
      const isMade = !isChangedBy(now, patch)
      if (!isMade && digestOf(now) !== proposal.status.declared)
        throw errors.conflict(`${shortOf(target)} was changed since this was proposed.`)
      if (!isMade)
        await platform.resources.patch({ ...approver, confinedTo: '' }, target, patch, { ifMatch: now.etag })
      await end({ state: 'Applied' }, `made: ${shortOf(target)}`)
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      await end({ state: 'Failed', problem: error.message }, `could not be made: ${error.message}`)
    }
  },
}

/** `computes/cpu-cluster` */
const shortOf = (id: string) => id.split('/').slice(-2).join('/')

async function tell(platform: Platform, { id, name, properties }: Proposal, what: string): Promise<void> {
  if (properties.incident == null) return
  const entry = { at: platform.clock().toISOString(), what: `proposal ${name}: ${what}`, id }
  await tellIncident(platform, properties.incident.toLowerCase(), [entry])
}
