import { respond } from '../call.ts'
import { listQuery } from '../queries.ts'
import type { Resource } from '../resource.ts'
import type { Workspace } from '../workspaces.ts'

/** A change to a declared resource that a person decides about. */
export interface ProposalProperties {
  /** Id of the resource. */
  readonly target: string
  readonly reason: string
  readonly rule?: string | null
  /** Id of the incident that it came of. */
  readonly incident?: string | null
  readonly state: string
  /** As `diff -u` has it. */
  readonly diff: string
  /** Address of the request that changes the declared file as well. */
  readonly request?: string
  readonly decidedBy?: string
  readonly decidedAt?: string
  readonly comment?: string
  readonly problem?: string
}
export type Proposal = Resource<ProposalProperties>

export const proposalsPath = (workspace: Workspace) => `${workspace.id}/providers/Twinloop/changeProposals`

export const proposalsQuery = (workspace: Workspace) =>
  listQuery<ProposalProperties>(proposalsPath(workspace))

export const decideProposal = (id: string, verb: 'approve' | 'refuse', comment: string) =>
  respond(`${id}/${verb}`, { method: 'POST', body: comment === '' ? {} : { comment } })
