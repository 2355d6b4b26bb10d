import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useState } from 'react'
import {
  decideProposal,
  proposalsPath,
  type Proposal,
  type ProposalProperties,
} from '../../../api/alerts/proposals.ts'
import { resourceQuery } from '../../../api/queries.ts'
import { labelOf } from '../../../api/resource.ts'
import { pathOf } from '../../../frame/paths.ts'
import { useCan, usePaths, useWorkspace } from '../../../frame/workspace.ts'
import { Act, Confirm, tell } from '../../../parts/act.tsx'
import { Equivalents } from '../../../parts/equivalents.tsx'
import { Go } from '../../../parts/go.tsx'
import { Columns, Page } from '../../../parts/page.tsx'
import { Facts, Panel } from '../../../parts/panel.tsx'
import { Answer } from '../../../parts/states.tsx'
import { Status } from '../../../parts/status.tsx'
import { Time } from '../../../parts/time.tsx'
import { Diff } from './diff.tsx'
import style from '../alerts.module.css'

/** A proposed change: the difference, why, and the decision. */
export function ProposalPage() {
  const { proposal = '' } = useParams({ strict: false })
  const query = useQuery(resourceQuery<ProposalProperties>(`${proposalsPath(useWorkspace())}/${proposal}`))
  return <Answer query={query}>{(found) => <Shown proposal={found} />}</Answer>
}

function Shown({ proposal }: { readonly proposal: Proposal }) {
  const workspace = useWorkspace()
  const to = usePaths()
  const { name, id, properties, systemData } = proposal
  const { target, reason, state, diff, rule, incident, request, decidedBy, decidedAt, comment, problem } =
    properties
  const page = pathOf(workspace.key, target)
  return (
    <Page
      title={`Change of ${labelOf(target)}`}
      status={<Status kind="proposal" state={state} />}
      meta={
        <>
          <span className="mono">{name}</span>
          <span>
            proposed <Time at={systemData.createdAt} />
          </span>
        </>
      }
      actions={
        <>
          {state === 'Proposed' ? <Decide proposal={proposal} /> : null}
          <Equivalents
            cli={[
              { what: 'The difference', command: `twinloop proposal show -n ${name}` },
              { what: 'Has it made', command: `twinloop proposal approve -n ${name}` },
              { what: 'Ends it', command: `twinloop proposal refuse -n ${name}` },
            ]}
            rest={[{ method: 'GET', path: id }]}
            resource={proposal}
          />
        </>
      }
    >
      <p className={style.sentence}>{reason}</p>
      {problem === undefined ? null : (
        <p role="alert" style={{ color: 'var(--bad)' }}>
          It could not be made: {problem}
        </p>
      )}
      <Columns wide>
        <Panel title="The difference" flush>
          <div style={{ padding: '12px 0' }}>
            <Diff text={diff} label={`Difference of ${labelOf(target)}`} />
          </div>
        </Panel>
        <Panel title="About">
          <Facts
            facts={[
              {
                name: 'Changes',
                value: page === undefined ? labelOf(target) : <Go to={page}>{labelOf(target)}</Go>,
              },
              { name: 'Rule', value: rule == null ? undefined : <Go to={to.alertRule(rule)}>{rule}</Go> },
              {
                name: 'Incident',
                value:
                  incident == null ? undefined : (
                    <Go to={to.incident(labelOf(incident))}>#{labelOf(incident)}</Go>
                  ),
              },
              {
                name: 'File',
                value:
                  request === undefined ? undefined : (
                    <a href={request} target="_blank" rel="noreferrer">
                      the request that changes it
                    </a>
                  ),
              },
              {
                name: 'Decided',
                value:
                  decidedBy === undefined ? undefined : (
                    <>
                      by {decidedBy}, <Time at={decidedAt} />
                    </>
                  ),
              },
              { name: 'Comment', value: comment },
            ]}
          />
        </Panel>
      </Columns>
    </Page>
  )
}

function Decide({ proposal }: { readonly proposal: Proposal }) {
  const can = useCan(proposal.id)
  const queries = useQueryClient()
  const [asked, setAsked] = useState<'approve' | 'refuse'>()
  return (
    <>
      <Act
        label="Refuse"
        variant="default"
        allowed={can('Twinloop/changeProposals/refuse/action')}
        onClick={() => setAsked('refuse')}
      />
      <Act
        label="Approve"
        allowed={can('Twinloop/changeProposals/approve/action')}
        onClick={() => setAsked('approve')}
      />
      {asked === undefined ? null : (
        <Confirm
          title={asked === 'approve' ? 'Approve this change' : 'Refuse this change'}
          verb={asked === 'approve' ? 'Approve and make it' : 'Refuse change'}
          comment={{ label: 'Comment' }}
          onDone={async (comment) => {
            await decideProposal(proposal.id, asked, comment)
            tell(asked === 'approve' ? 'Approved: it is made under your rights' : 'Refused')
            await queries.invalidateQueries({ queryKey: ['arm'] })
          }}
          onClose={() => setAsked(undefined)}
        >
          <Diff text={proposal.properties.diff} label="Difference" />
        </Confirm>
      )}
    </>
  )
}
