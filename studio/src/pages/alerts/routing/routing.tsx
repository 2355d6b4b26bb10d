import { Textarea } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { Policy, Route } from '../../../../../src/alerts/routing/policy/policy.ts'
import { routingId, routingQuery, type Routing as RoutingResource } from '../../../api/alerts/routing.ts'
import { incidentSummariesQuery } from '../../../api/incidents.ts'
import { useSearchWord } from '../../../frame/search.ts'
import { useWorkspace } from '../../../frame/workspace.ts'
import { Equivalents } from '../../../parts/equivalents.tsx'
import { EditButton, NewButton } from '../../../parts/make.tsx'
import { Columns, Page, Stack } from '../../../parts/page.tsx'
import { Panel } from '../../../parts/panel.tsx'
import { Answer, Empty } from '../../../parts/states.tsx'
import { Status } from '../../../parts/status.tsx'
import { Table } from '../../../parts/table/table.tsx'
import { Places } from '../places.tsx'
import { distinguished } from '../words.ts'
import {
  inhibitionInWords,
  matchersInWords,
  patienceInWords,
  policyOf,
  readLabels,
  whereTo,
} from './routing-words.ts'
import style from '../alerts.module.css'

/** Who is told of which alerts, in words, and where an alert would go. */
export function Routing() {
  const workspace = useWorkspace()
  const query = useQuery(routingQuery(workspace))
  return (
    <Page
      title="Alert routing"
      actions={
        <>
          {query.data == null ? (
            query.data === null ? (
              <NewButton kind="alert-routing" label="Write a routing" />
            ) : null
          ) : (
            <EditButton kind="alert-routing" id={query.data.id} />
          )}
          <Equivalents
            cli={[
              { what: 'Show it', command: 'twinloop alert-routing show -o yaml' },
              { what: 'Write it', command: 'twinloop alert-routing update -f routing.yml' },
              {
                what: 'Who would be told',
                command: 'twinloop alert-routing test alertname=endpoint-is-slow severity=page',
              },
            ]}
            rest={[{ method: 'GET', path: routingId(workspace) }]}
            {...(query.data == null ? {} : { resource: query.data, kind: 'alertRouting' as const })}
          />
        </>
      }
    >
      <Places />
      <Answer query={query} rows={6}>
        {(routing) =>
          routing === null ? (
            <Panel>
              <Empty title="There is no routing yet" command="twinloop alert-routing update -f routing.yml">
                Rules tell whom their own actions name. A routing tells of groups of alerts, in Alertmanager's
                words: who, when, how often, and which alerts explain others.
              </Empty>
            </Panel>
          ) : (
            <Shown routing={routing} />
          )
        }
      </Answer>
    </Page>
  )
}

function Shown({ routing }: { readonly routing: RoutingResource }) {
  const policy = useMemo(() => policyOf(routing.properties), [routing])
  const [text, setText] = useSearchWord('labels', 'alertname=endpoint-is-slow\nseverity=page')
  const { labels, mistake } = readLabels(text)
  if (policy === undefined)
    return (
      <Panel>
        <p role="alert">
          This routing is written in words that this Studio does not know; its YAML is behind the button
          above.
        </p>
      </Panel>
    )
  const found = mistake === undefined ? whereTo(policy, labels) : []
  const taken = new Set(found.map(({ route }) => route))
  return (
    <Stack>
      <Columns>
        <Panel
          title="Who is told"
          subtitle="the first route that matches takes an alert, but where it goes on"
        >
          <ul className={style.tree}>
            <Branch route={policy.route} taken={taken} isRoot />
          </ul>
        </Panel>
        <Panel title="Where would this alert go?">
          <div className={style.form}>
            <Textarea
              label="Labels"
              description="One on each line: name=value"
              value={text}
              onChange={(event) => setText(event.currentTarget.value, 'replace')}
              error={mistake}
              autosize
              minRows={2}
              styles={{ input: { fontFamily: 'var(--mono)' } }}
            />
            <Firing onChoose={(chosen) => setText(chosen)} />
            <div role="status" aria-label="Where it would go">
              <ul className={style.tree}>
                {found.map(({ receiver, to, group, route }) => (
                  <li key={`${receiver} ${JSON.stringify(route.matchers)}`}>
                    <strong>{receiver}</strong> {to.length === 0 ? 'tells nobody' : `(${to.join(', ')})`}
                    <p className="muted">
                      {patienceInWords(route)}
                      {Object.keys(group).length === 0
                        ? ''
                        : `; its group: ${Object.entries(group)
                            .map(([name, value]) => `${name} ${value}`)
                            .join(', ')}`}
                    </p>
                  </li>
                ))}
              </ul>
            </div>
          </div>
        </Panel>
      </Columns>
      <Receivers policy={policy} routing={routing} />
    </Stack>
  )
}

function Branch({
  route,
  taken,
  isRoot = false,
}: {
  readonly route: Route
  readonly taken: ReadonlySet<Route>
  readonly isRoot?: boolean
}) {
  return (
    <li>
      <span className={taken.has(route) ? style.hit : undefined}>
        {isRoot ? 'Otherwise' : matchersInWords(route.matchers)} →{' '}
        <strong>{route.receiver || 'nobody'}</strong>
        {route.goesOn ? ', and goes on' : ''}
      </span>
      <p className="muted">{patienceInWords(route)}</p>
      {route.routes.length === 0 ? null : (
        <ul className={style.tree}>
          {route.routes.map((child, i) => (
            // Routes have no names; their order is what they mean.
            // oxlint-disable-next-line react/no-array-index-key
            <Branch key={i} route={child} taken={taken} />
          ))}
        </ul>
      )}
    </li>
  )
}

/** Labels of alerts that fire now, to try. */
function Firing({ onChoose }: { readonly onChoose: (labels: string) => void }) {
  const { data: incidents = [] } = useQuery(incidentSummariesQuery(useWorkspace()))
  const firing = [
    // One of each rule: they go the same way, but for where routes look at other labels.
    ...new Map(
      incidents.filter(({ state }) => state === 'Firing').map((one) => [one.rule, one] as const),
    ).values(),
  ].slice(0, 5)
  if (firing.length === 0) return null
  return (
    <div className={style.toggles}>
      <span className="muted">As it fires now:</span>
      {firing.map(({ id, rule, labels }) => (
        <button
          key={id}
          type="button"
          className={style.toggle}
          title={distinguished(labels)}
          onClick={() =>
            onChoose(
              Object.entries(labels)
                .map(([name, value]) => `${name}=${value}`)
                .join('\n'),
            )
          }
        >
          {rule}
        </button>
      ))}
    </div>
  )
}

function Receivers({ policy, routing }: { readonly policy: Policy; readonly routing: RoutingResource }) {
  const states = routing.properties.alertmanagerStates ?? []
  return (
    <Columns>
      <Panel title="Receivers" flush>
        <Table
          rows={policy.receivers}
          rowKey={({ name }) => name}
          label="receivers"
          prefix="receivers."
          bare
          columns={[
            { id: 'name', header: 'Receiver', cell: ({ name }) => name },
            { id: 'mail', header: 'Mail', cell: ({ email }) => email.join(', ') || '–' },
            { id: 'connections', header: 'Connections', cell: ({ webhook }) => webhook.join(', ') || '–' },
            {
              id: 'over',
              header: 'Of the end',
              width: '90px',
              cell: ({ sendResolved }) => (sendResolved ? 'told' : 'not told'),
            },
          ]}
        />
      </Panel>
      <Panel title="Which alerts explain others">
        {policy.inhibitions.length === 0 ? (
          <p className="muted">None: no alert keeps another quiet.</p>
        ) : (
          <ul className={style.tree}>
            {policy.inhibitions.map((one) => (
              <li key={inhibitionInWords(one)}>{inhibitionInWords(one)}</li>
            ))}
          </ul>
        )}
      </Panel>
      {policy.alertmanagers.length === 0 ? null : (
        <Panel title="Alertmanagers" subtitle="are pushed every alert nobody silenced">
          <ul className={style.tree}>
            {policy.alertmanagers.map((one) => {
              const state = states.find(({ alertmanager }) => alertmanager === one)
              return (
                <li key={one}>
                  <span className="mono">{one}</span>{' '}
                  {state === undefined ? (
                    <span className="muted">nothing was pushed yet</span>
                  ) : (
                    <Status kind="notice" state={state.state === 'ok' ? 'sent' : 'failed'} />
                  )}
                  {state?.error === undefined ? null : <p className="muted">{state.error}</p>}
                </li>
              )
            })}
          </ul>
        </Panel>
      )}
    </Columns>
  )
}
