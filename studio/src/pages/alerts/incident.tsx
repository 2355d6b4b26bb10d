import { Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { acknowledge, silence, type Incident, type IncidentProperties } from '../../api/incidents.ts'
import { resourceQuery } from '../../api/queries.ts'
import { labelOf } from '../../api/resource.ts'
import { pathOf } from '../../frame/paths.ts'
import { useCan, useWorkspace } from '../../frame/workspace.ts'
import { Act, Confirm, tell } from '../../parts/act.tsx'
import { Equivalents } from '../../parts/equivalents.tsx'
import { Go } from '../../parts/go.tsx'
import { IconBellOff, IconCheck } from '../../parts/icons.ts'
import { Columns, Page } from '../../parts/page.tsx'
import { Facts, Panel } from '../../parts/panel.tsx'
import { Answer } from '../../parts/states.tsx'
import { Status } from '../../parts/status.tsx'
import { Time } from '../../parts/time.tsx'
import { Timeline } from '../../parts/timeline.tsx'
import { metric } from '../../words/numbers.ts'
import { standing } from './alerts.tsx'

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
  const workspace = useWorkspace()
  const { properties, name } = incident
  return (
    <Page
      title={`#${name} ${properties.rule}`}
      status={<Status kind="incident" state={standing(incident)} note={properties.severity} />}
      meta={
        <span>
          fired <Time at={properties.firedAt} />
          {properties.resolvedAt === undefined ? '' : ', resolved '}
          {properties.resolvedAt === undefined ? null : <Time at={properties.resolvedAt} />}
        </span>
      }
      actions={
        <>
          <Actions incident={incident} />
          <Equivalents
            cli={[
              { what: 'Show it', command: `twinloop incident show --name ${name}` },
              { what: 'Say that you look at it', command: `twinloop incident acknowledge --name ${name}` },
            ]}
            rest={[{ method: 'GET', path: incident.id }]}
            resource={incident}
          />
        </>
      }
    >
      <p style={{ fontSize: 14 }}>{properties.summary}</p>
      <Columns>
        <Panel title="What happened">
          <Timeline
            entries={(properties.timeline ?? []).toReversed().map(({ at, what, by, id }) => {
              const to = id === undefined ? undefined : pathOf(workspace.key, id)
              return {
                at,
                who: by ?? 'the rule',
                what: (
                  <>
                    {what}{' '}
                    {id === undefined ? null : to === undefined ? (
                      <span className="mono">{labelOf(id)}</span>
                    ) : (
                      <Go to={to}>{labelOf(id)}</Go>
                    )}
                  </>
                ),
              }
            })}
          />
        </Panel>
        <Panel title="About">
          <Facts
            facts={[
              { name: 'Value', value: metric(properties.value) },
              ...Object.entries(properties.labels).map(([key, value]) => ({ name: key, value })),
              ...Object.entries(properties.annotations ?? {}).map(([key, value]) => ({ name: key, value })),
              {
                name: 'Acknowledged',
                value:
                  properties.acknowledged === undefined
                    ? undefined
                    : `${properties.acknowledged.by}${properties.acknowledged.comment === undefined ? '' : `: ${properties.acknowledged.comment}`}`,
              },
            ]}
          />
        </Panel>
      </Columns>
    </Page>
  )
}

const durations = [
  { value: '1h', label: '1 hour' },
  { value: '8h', label: '8 hours' },
  { value: '1d', label: '1 day' },
  { value: '7d', label: '7 days' },
]

function Actions({ incident }: { readonly incident: Incident }) {
  const can = useCan(incident.id)
  const [asked, setAsked] = useState<'acknowledge' | 'silence'>()
  const [duration, setDuration] = useState('1h')
  if (incident.properties.state !== 'Firing') return null
  return (
    <>
      <Act
        label="Silence"
        variant="default"
        icon={<IconBellOff size={14} />}
        allowed={can('Twinloop/incidents/silence/action')}
        onClick={() => setAsked('silence')}
      />
      <Act
        label="Acknowledge"
        icon={<IconCheck size={14} />}
        allowed={can('Twinloop/incidents/acknowledge/action')}
        onClick={() => setAsked('acknowledge')}
      />
      {asked === 'acknowledge' ? (
        <Confirm
          title={`Acknowledge #${incident.name}`}
          verb="Acknowledge incident"
          comment={{ label: 'Comment' }}
          onDone={async (comment) => {
            await acknowledge(incident.id, comment)
            tell('Acknowledged: others see that you look at it')
          }}
          onClose={() => setAsked(undefined)}
        />
      ) : null}
      {asked === 'silence' ? (
        <Confirm
          title={`Silence #${incident.name}`}
          verb="Silence alert"
          comment={{ label: 'Reason', required: true }}
          onDone={async (reason) => {
            await silence(incident.id, duration, reason)
            tell('Silenced')
          }}
          onClose={() => setAsked(undefined)}
        >
          <p>Nobody is told of this alert for that time. What the rule does otherwise goes on.</p>
          <Select
            label="For"
            data={durations}
            value={duration}
            onChange={(value) => setDuration(value ?? '1h')}
            allowDeselect={false}
          />
        </Confirm>
      ) : null}
    </>
  )
}
