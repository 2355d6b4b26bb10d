import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import {
  actOn,
  type Approval,
  type Release,
  type ReleaseProperties,
  type Stage,
} from '../../../api/releases.ts'
import { meQuery } from '../../../api/workspaces.ts'
import { useCan } from '../../../frame/workspace.ts'
import { Act, Confirm, tell } from '../../../parts/act.tsx'
import { IconCheck, IconX } from '../../../parts/icons.ts'
import { Panel } from '../../../parts/panel.tsx'
import { Status } from '../../../parts/status.tsx'
import { Time } from '../../../parts/time.tsx'
import style from '../releases.module.css'

type Planned = NonNullable<ReleaseProperties['plan']>['stages'][number]

/** What makes somebody a requester, in words to them: `you registered the candidate`. */
const reasonsOf = (requesters: Approval['requesters'], id: string | undefined) =>
  requesters
    .filter((one) => one.id === id)
    .map(({ why }) => `you ${why}`)
    .join(' and ')

/** Who has to say yes, who has, and the two buttons for who may. */
export function ApprovalCard({
  release,
  stage,
  planned,
}: {
  readonly release: Release
  readonly stage: Stage
  readonly planned: Planned | undefined
}) {
  const { approval } = stage
  const { data: me } = useQuery(meQuery)
  const can = useCan(release.id)
  const [verdict, setVerdict] = useState<'approve' | 'refuse'>()
  if (approval === undefined) return null
  const rule = planned?.approval
  const isOpen =
    approval.state === 'open' &&
    release.properties.stage === stage.name &&
    release.properties.phase === 'open'
  const isRequester = rule?.notRequester === true && approval.requesters.some(({ id }) => id === me?.id)
  const allowed = can('Twinloop/releasePlans/releases/approve/action') && !isRequester
  const reason = isRequester
    ? 'You asked for this release in some way, so somebody else has to decide (four eyes).'
    : `It takes ${rule?.roles.join(' or ') ?? 'a role'} in the workspace of the stage.`
  const decide = async (comment: string) => {
    await actOn(release.id, verdict ?? '', {
      via: 'studio',
      stage: stage.name,
      evidence: approval.evidence,
      ...(comment === '' ? {} : { comment }),
    })
    tell(verdict === 'approve' ? `Approved ${stage.name}` : `Refused ${stage.name}: the release has ended`)
  }
  return (
    <Panel
      title={
        <span className={style.gateTitle}>
          Approval{' '}
          <Status
            kind="gate"
            state={
              approval.state === 'open' ? 'pending' : approval.state === 'approved' ? 'passed' : 'failed'
            }
          />
        </span>
      }
      subtitle={
        rule === undefined
          ? ''
          : `${rule.count} of ${rule.roles.join(' or ')}${rule.notRequester ? ', not who asked for it' : ''}`
      }
      actions={
        isOpen ? (
          <>
            <Act
              label="Refuse"
              color="red"
              variant="light"
              icon={<IconX size={14} />}
              allowed={allowed}
              reason={reason}
              onClick={() => setVerdict('refuse')}
            />
            <Act
              label="Approve"
              variant="filled"
              icon={<IconCheck size={14} />}
              allowed={allowed}
              reason={reason}
              onClick={() => setVerdict('approve')}
            />
          </>
        ) : undefined
      }
    >
      <div className={style.gate} id="approval">
        {isOpen && isRequester ? (
          <p className={style.waiver}>
            You cannot approve this: {reasonsOf(approval.requesters, me?.id)}, and the plan asks for four
            eyes. Somebody else with the role {rule.roles.join(' or ')} has to.
          </p>
        ) : null}
        <p>
          Asked for <Time at={approval.requestedAt} /> by{' '}
          {approval.requesters.map(({ name, why }) => `${name} (${why})`).join(', ')}
          {isOpen ? (
            <>
              ; it expires <Time at={approval.expiresAt} />
            </>
          ) : null}
          .
        </p>
        <ul className={style.decisions}>
          {approval.decisions.map(({ by, verdict: decided, role, at, comment, via }) => (
            <li key={`${by.name} ${at}`}>
              <strong>{by.name}</strong> {decided === 'approve' ? 'approved' : 'refused'} as {role},{' '}
              <Time at={at} />, by {via}
              {comment === undefined ? null : <q>{comment}</q>}
            </li>
          ))}
        </ul>
      </div>
      {verdict === undefined ? null : (
        <Confirm
          title={verdict === 'approve' ? `Approve ${stage.name}` : `Refuse ${stage.name}`}
          verb={verdict === 'approve' ? 'Approve and go on' : 'Refuse release'}
          danger={verdict === 'refuse'}
          comment={{ label: verdict === 'approve' ? 'Comment' : 'Reason', required: verdict === 'refuse' }}
          onDone={decide}
          onClose={() => setVerdict(undefined)}
        >
          <p>
            {verdict === 'approve'
              ? `What follows is ${planned?.deliver === undefined ? 'the next stage' : `the delivery to ${planned.deliver.online ?? planned.deliver.batch ?? ''}`}. It counts for the evidence that you see here.`
              : 'The release ends. The version can be released again by another release.'}
          </p>
        </Confirm>
      )}
    </Panel>
  )
}
