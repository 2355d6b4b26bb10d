import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { acknowledge, commentOn, type Incident, type IncidentProperties } from '../../../api/incidents.ts'
import { resourceQuery } from '../../../api/queries.ts'
import { labelOf } from '../../../api/resource.ts'
import { pathOf } from '../../../frame/paths.ts'
import { useCan, useWorkspace } from '../../../frame/workspace.ts'
import { Act, Confirm, tell } from '../../../parts/act.tsx'
import { Equivalents } from '../../../parts/equivalents.tsx'
import { Go } from '../../../parts/go.tsx'
import { IconCheck, IconMessage } from '../../../parts/icons.ts'
import { Columns, Page, Stack } from '../../../parts/page.tsx'
import { Panel } from '../../../parts/panel.tsx'
import { Answer } from '../../../parts/states.tsx'
import { Status } from '../../../parts/status.tsx'
import { Time, Took } from '../../../parts/time.tsx'
import { Timeline } from '../../../parts/timeline.tsx'
import { Severity } from '../severity.tsx'
import { SilenceButton } from '../silences/silence-dialog.tsx'
import { matchersFor } from '../silences/silence-words.ts'
import { distinguished, standingOf } from '../words.ts'
import { About } from './about.tsx'
import { Actions } from './actions.tsx'
import { Deliveries } from './deliveries.tsx'
import { Evidence } from './evidence.tsx'
import style from '../alerts.module.css'

/** An incident: what is wrong, since when, and everything that was done about it. */
export function IncidentPage() {
  const { incident = '' } = useParams({ strict: false })
  const workspace = useWorkspace()
  const query = useQuery(
    resourceQuery<IncidentProperties>(`${workspace.id}/providers/Twinloop/incidents/${incident}`),
  )
  return <Answer query={query}>{(found) => <Shown incident={found} />}</Answer>
}

function Shown({ incident }: { readonly incident: Incident }) {
  const { properties, name } = incident
  const { firedAt, resolvedAt, labels, rule, severity, summary } = properties
  return (
    <Page
      title={`#${name} ${rule}`}
      status={
        <>
          <Status kind="incident" state={standingOf(incident)} />
          <Severity severity={severity} />
        </>
      }
      meta={
        <>
          <span>
            fired <Time at={firedAt} />
          </span>
          {resolvedAt === undefined ? (
            <span>
              for <Took from={firedAt} />
            </span>
          ) : (
            <span>
              over <Time at={resolvedAt} />, after <Took from={firedAt} to={resolvedAt} />
            </span>
          )}
          <span>{distinguished(labels)}</span>
        </>
      }
      actions={
        <>
          <Responses incident={incident} />
          <Equivalents
            cli={[
              { what: 'Show it', command: `twinloop incident show ${name}` },
              { what: 'Say that you see to it', command: `twinloop incident acknowledge ${name}` },
              {
                what: 'Have nobody told for a time',
                command: `twinloop incident silence ${name} --for 2h --reason "the backfill runs"`,
              },
              {
                what: 'Decide about an action',
                command: `twinloop incident approve -n ${name} -a 0-retrain`,
              },
            ]}
            rest={[
              { method: 'GET', path: incident.id },
              { method: 'GET', path: `${incident.id}/actions` },
            ]}
            resource={incident}
          />
        </>
      }
    >
      <p className={style.sentence}>{summary}</p>
      <Stack>
        <Evidence incident={incident} />
        <Columns wide>
          <Stack>
            <Actions incident={incident.id} />
            <Deliveries incident={incident.id} />
          </Stack>
          <Stack>
            <About incident={incident} />
            <Happened incident={incident} />
          </Stack>
        </Columns>
      </Stack>
    </Page>
  )
}

function Happened({ incident: { properties } }: { readonly incident: Incident }) {
  const workspace = useWorkspace()
  return (
    <Panel title="What happened">
      <Timeline
        entries={(properties.timeline ?? []).toReversed().map(({ at, what, by, id }) => {
          const to = id === undefined || /\/actions\//i.test(id) ? undefined : pathOf(workspace.key, id)
          return {
            at,
            who: by ?? 'the rule',
            what: (
              <span className="in-text">
                {what} {id === undefined || to === undefined ? null : <Go to={to}>{labelOf(id)}</Go>}
              </span>
            ),
          }
        })}
      />
    </Panel>
  )
}

/** What people say to an incident: that they see to it, what they found, and that nobody is to be told. */
function Responses({ incident }: { readonly incident: Incident }) {
  const can = useCan(incident.id)
  const [asked, setAsked] = useState<'acknowledge' | 'comment'>()
  const { state, acknowledged, labels, silencedBy } = incident.properties
  const close = () => setAsked(undefined)
  return (
    <>
      <Act
        label="Comment"
        variant="default"
        icon={<IconMessage size={14} />}
        allowed={can('Twinloop/incidents/comment/action')}
        onClick={() => setAsked('comment')}
      />
      {state === 'Firing' && silencedBy === undefined ? (
        <SilenceButton matchers={matchersFor(labels)} />
      ) : null}
      {state === 'Firing' && acknowledged === undefined ? (
        <Act
          label="Acknowledge"
          icon={<IconCheck size={14} />}
          allowed={can('Twinloop/incidents/acknowledge/action')}
          onClick={() => setAsked('acknowledge')}
        />
      ) : null}
      {asked === 'acknowledge' ? (
        <Confirm
          title={`Acknowledge #${incident.name}`}
          verb="Acknowledge incident"
          comment={{ label: 'Comment' }}
          onDone={async (comment) => {
            await acknowledge(incident.id, comment)
            tell('Acknowledged: others see that you see to it')
          }}
          onClose={close}
        />
      ) : null}
      {asked === 'comment' ? (
        <Confirm
          title={`Comment on #${incident.name}`}
          verb="Add comment"
          comment={{ label: 'What you found', required: true }}
          onDone={(comment) => commentOn(incident.id, comment)}
          onClose={close}
        />
      ) : null}
    </>
  )
}
