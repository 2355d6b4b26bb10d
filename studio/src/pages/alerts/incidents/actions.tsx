import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { decideAction, type IncidentAction, type IncidentActionProperties } from '../../../api/incidents.ts'
import { keyOf, listQuery } from '../../../api/queries.ts'
import { labelOf, namesIn } from '../../../api/resource.ts'
import { pathOf } from '../../../frame/paths.ts'
import { useCan, useWorkspace } from '../../../frame/workspace.ts'
import { Act, Confirm, tell } from '../../../parts/act.tsx'
import { Go } from '../../../parts/go.tsx'
import { Panel } from '../../../parts/panel.tsx'
import { Answer } from '../../../parts/states.tsx'
import { Status } from '../../../parts/status.tsx'
import { Time } from '../../../parts/time.tsx'
import style from '../alerts.module.css'

/** What is done about an incident, how far each is, and what a person has to decide. */
export function Actions({ incident }: { readonly incident: string }) {
  const path = `${incident}/actions`
  const query = useQuery({
    ...listQuery<IncidentActionProperties>(path),
    queryKey: keyOf({ types: ['incidents/actions'], id: incident }, 'list', path.toLowerCase()),
  })
  return (
    <Panel title="What is done about it">
      <Answer query={query}>
        {(actions) =>
          actions.length === 0 ? (
            <p className="muted">Its rule says nothing that is to be done.</p>
          ) : (
            actions
              .toSorted((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }))
              .map((action) => <OneAction key={action.id} action={action} />)
          )
        }
      </Answer>
    </Panel>
  )
}

function OneAction({ action }: { readonly action: IncidentAction }) {
  const { kind, phase, state, awaiting, reason, made = [], nextAttemptAt, lastError } = action.properties
  return (
    <div className={style.action}>
      <Status kind="action" state={awaiting === 'approval' ? 'approval' : state} />
      <div>
        <strong>{kind}</strong>
        {phase === 'resolved' ? <span className="muted"> when it was over</span> : null}
        <p>{reason}</p>
        {state === 'Running' && lastError !== undefined && lastError !== reason ? (
          <p className="muted">
            The last try failed: {lastError}
            {nextAttemptAt === undefined ? null : (
              <>
                {' '}
                It is tried again <Time at={nextAttemptAt} />.
              </>
            )}
          </p>
        ) : null}
        <Made ids={made} />
      </div>
      <Decide action={action} />
    </div>
  )
}

/** A release is told with its plan: its own name is a number. */
const nameOf = (id: string) =>
  /\/releasePlans\//i.test(id) ? `release ${namesIn(id).slice(1).join('/')}` : labelOf(id)

/** What an action made: jobs, versions, releases, proposals; notices stand in the log of deliveries. */
function Made({ ids }: { readonly ids: readonly string[] }) {
  const workspace = useWorkspace()
  const shown = ids.filter((id) => !/\/notices\//i.test(id))
  if (shown.length === 0) return null
  return (
    <p className={style.links}>
      {shown.map((id) => {
        const to = id.startsWith('/') ? pathOf(workspace.key, id) : undefined
        if (to !== undefined)
          return (
            <Go key={id} to={to}>
              {nameOf(id)}
            </Go>
          )
        return /^https?:/.test(id) ? (
          <a key={id} href={id} target="_blank" rel="noreferrer">
            {id}
          </a>
        ) : (
          <span key={id} className="mono">
            {labelOf(id)}
          </span>
        )
      })}
    </p>
  )
}

const verbs = {
  approve: { label: 'Approve', verb: 'Approve action', done: 'Approved: it begins' },
  refuse: { label: 'Refuse', verb: 'Refuse action', done: 'Refused: it is not done' },
  retry: { label: 'Retry', verb: 'Try again', done: 'It is tried again' },
} as const
type Verb = keyof typeof verbs

function Decide({ action }: { readonly action: IncidentAction }) {
  const can = useCan(action.id)
  const queries = useQueryClient()
  const [asked, setAsked] = useState<Verb>()
  const { awaiting, state, kind, reason } = action.properties
  const offered: readonly Verb[] =
    awaiting === 'approval' ? ['refuse', 'approve'] : state === 'Failed' ? ['retry'] : []
  return (
    <>
      {offered.map((verb) => (
        <Act
          key={verb}
          label={verbs[verb].label}
          size="xs"
          variant={verb === 'approve' ? 'filled' : 'default'}
          allowed={can(`Twinloop/incidents/actions/${verb}/action`)}
          onClick={() => setAsked(verb)}
        />
      ))}
      {asked === undefined ? null : (
        <Confirm
          title={`${verbs[asked].label} ${kind}`}
          verb={verbs[asked].verb}
          {...(asked === 'retry' ? {} : { comment: { label: 'Comment' } })}
          onDone={async (comment) => {
            await decideAction(action.id, asked, comment)
            tell(verbs[asked].done)
            await queries.invalidateQueries({ queryKey: ['arm'] })
          }}
          onClose={() => setAsked(undefined)}
        >
          <p>{reason}</p>
        </Confirm>
      )}
    </>
  )
}
