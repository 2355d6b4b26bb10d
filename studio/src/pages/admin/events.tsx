import { TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import {
  act,
  remove,
  type DeadLetterProperties,
  type SubscriptionProperties,
} from '../../api/admin/platform.ts'
import { listQuery } from '../../api/queries.ts'
import type { Resource } from '../../api/resource.ts'
import { useSearchWord } from '../../frame/search.ts'
import { useCan, useWorkspace } from '../../frame/workspace.ts'
import { Act, Confirm, tell, tellFailure } from '../../parts/act.tsx'
import { Equivalents } from '../../parts/equivalents.tsx'
import { Stack } from '../../parts/page.tsx'
import { Panel } from '../../parts/panel.tsx'
import { Answer, Empty } from '../../parts/states.tsx'
import { Status } from '../../parts/status.tsx'
import { Table, type Column } from '../../parts/table/table.tsx'
import { Time } from '../../parts/time.tsx'
import { exact } from '../../words/numbers.ts'
import { AdminPage } from './admin-page.tsx'
import style from './admin.module.css'

type Subscription = Resource<SubscriptionProperties>
type DeadLetter = Resource<DeadLetterProperties>

/** Programs outside that are told of what happens here: whether they are reached, and what they were not told. */
export function EventSubscriptions() {
  const workspace = useWorkspace()
  const path = `${workspace.id}/providers/Twinloop/eventSubscriptions`
  const query = useQuery(listQuery<SubscriptionProperties>(path))
  const [chosen, setChosen] = useSearchWord('letters')
  const [asked, setAsked] = useState<{ readonly what: 'replay' | 'delete'; readonly one: Subscription }>()
  return (
    <AdminPage
      title="Event subscriptions"
      meta="Who outside is told of what happens in this workspace"
      actions={
        <Equivalents
          cli={[
            { what: 'The same list', command: 'twinloop event-subscription list -o table' },
            {
              what: 'A new one',
              command: 'twinloop event-subscription create -n ops --endpoint https://ops.example.org/hook',
            },
            { what: 'What could not be told', command: 'twinloop event-subscription dead-letters -n ops' },
            {
              what: 'Tell it again',
              command: 'twinloop event-subscription replay -n ops --from 2026-11-23T08:00:00Z',
            },
          ]}
          rest={[{ method: 'GET', path }]}
        />
      }
    >
      <Stack>
        <Panel flush>
          <Answer query={query}>
            {(rows) =>
              rows.length === 0 ? (
                <Empty
                  title="Nobody outside is told yet"
                  command="twinloop event-subscription create -n ops --endpoint https://ops.example.org/hook"
                >
                  A subscription has a webhook or a chat told of events: runs that end, versions that are
                  registered, incidents that open. In order, at least once, signed.
                </Empty>
              ) : (
                <Table
                  rows={rows}
                  columns={[
                    ...columns,
                    {
                      id: 'letters',
                      header: 'Given up',
                      width: '100px',
                      align: 'right',
                      cell: ({ name, properties }) =>
                        (properties.deadLetters ?? 0) === 0 ? (
                          '0'
                        ) : (
                          <button
                            type="button"
                            className={style.open}
                            aria-label={`Dead letters of ${name}`}
                            onClick={() => setChosen(name)}
                          >
                            {exact(properties.deadLetters)}
                          </button>
                        ),
                      sort: ({ properties }) => properties.deadLetters,
                    },
                    {
                      id: 'act',
                      header: '',
                      width: '210px',
                      align: 'right',
                      cell: (one) => <Buttons one={one} onAsk={(what) => setAsked({ what, one })} />,
                    },
                  ]}
                  rowKey={({ id }) => id}
                  label="event subscriptions"
                  initial="name"
                />
              )
            }
          </Answer>
        </Panel>
        {chosen === '' ? null : <DeadLetters subscription={`${path}/${chosen}`} name={chosen} />}
      </Stack>
      {asked?.what === 'replay' ? <Replay one={asked.one} onClose={() => setAsked(undefined)} /> : null}
      {asked?.what === 'delete' ? (
        <Confirm
          title={`Delete ${asked.one.name}`}
          verb="Delete the subscription"
          danger
          typed={asked.one.name}
          onDone={async () => {
            await remove(asked.one.id)
            tell(`${asked.one.name} is told no more.`)
          }}
          onClose={() => setAsked(undefined)}
        >
          <p>
            It is told of nothing any more, and its {exact(asked.one.properties.deadLetters ?? 0)} dead
            letters go with it. Events themselves stay for 30 days.
          </p>
        </Confirm>
      ) : null}
    </AdminPage>
  )
}

const whereTo = ({ properties: { destination } }: Subscription) =>
  destination.properties.connection === undefined
    ? (destination.properties.endpointBaseUrl ?? 'an address that is kept secret')
    : `connection ${destination.properties.connection}`

const columns: readonly Column<Subscription>[] = [
  {
    id: 'name',
    header: 'Name',
    width: 'minmax(110px, 1fr)',
    cell: ({ name }) => name,
    sort: ({ name }) => name,
    text: ({ name }) => name,
  },
  {
    id: 'state',
    header: 'State',
    width: '120px',
    cell: ({ properties }) => <Status kind="subscription" state={properties.state} />,
    sort: ({ properties }) => properties.state,
    text: ({ properties }) => properties.state,
  },
  {
    id: 'to',
    header: 'Told',
    width: 'minmax(160px, 2fr)',
    cell: (one) => <span title={whereTo(one)}>{whereTo(one)}</span>,
    text: whereTo,
  },
  {
    id: 'of',
    header: 'Of',
    width: 'minmax(140px, 2fr)',
    cell: ({ properties }) => {
      const types = properties.filter?.includedEventTypes ?? []
      return (
        <span title={types.join('\n')}>
          {types.length === 0
            ? 'all but mere writes'
            : types.map((type) => type.split('.').at(-1)).join(', ')}
        </span>
      )
    },
  },
  {
    id: 'delivered',
    header: 'Delivered',
    width: '100px',
    align: 'right',
    cell: ({ properties }) => exact(properties.delivered),
    sort: ({ properties }) => properties.delivered,
  },
  {
    id: 'last',
    header: 'Last',
    width: '100px',
    cell: ({ properties }) => <Time at={properties.lastDeliveredAt} />,
    sort: ({ properties }) => properties.lastDeliveredAt,
  },
  {
    id: 'trouble',
    header: 'Trouble',
    width: 'minmax(120px, 1.5fr)',
    cell: ({ properties }) =>
      properties.lastError ? (
        <span title={properties.lastError}>{properties.lastError}</span>
      ) : (
        <span className="muted">none</span>
      ),
  },
]

function Buttons({
  one,
  onAsk,
}: {
  readonly one: Subscription
  readonly onAsk: (what: 'replay' | 'delete') => void
}) {
  const can = useCan(one.id)
  const verb = one.properties.state === 'paused' ? 'resume' : 'pause'
  return (
    <span className={style.chips} style={{ justifyContent: 'flex-end' }}>
      <Act
        label={verb === 'pause' ? 'Pause' : 'Resume'}
        variant="subtle"
        size="compact-xs"
        allowed={can(`Twinloop/eventSubscriptions/${verb}/action`)}
        onClick={() => void act(one.id, verb).catch(tellFailure)}
      />
      <Act
        label="Replay"
        variant="subtle"
        size="compact-xs"
        allowed={can('Twinloop/eventSubscriptions/replay/action')}
        onClick={() => onAsk('replay')}
      />
      <Act
        label="Delete"
        variant="subtle"
        color="red"
        size="compact-xs"
        allowed={can('Twinloop/eventSubscriptions/delete')}
        onClick={() => onAsk('delete')}
      />
    </span>
  )
}

function Replay({ one, onClose }: { readonly one: Subscription; readonly onClose: () => void }) {
  const [from, setFrom] = useState(() => new Date(Date.now() - 3_600_000).toISOString().slice(0, 16))
  return (
    <Confirm
      title={`Tell ${one.name} again`}
      verb="Replay the events"
      onDone={async () => {
        const found = await act<{ events: number }>(one.id, 'replay', { from: `${from}:00Z` })
        tell(`${exact(found.events)} events are told once more.`)
      }}
      onClose={onClose}
    >
      <p>What happened since then is delivered once more, under the same ids, before what is new.</p>
      <TextInput
        type="datetime-local"
        label="Since (UTC)"
        required
        value={from}
        onChange={(event) => setFrom(event.currentTarget.value)}
      />
    </Confirm>
  )
}

function DeadLetters({ subscription, name }: { readonly subscription: string; readonly name: string }) {
  const can = useCan(subscription)
  const query = useQuery(listQuery<DeadLetterProperties>(`${subscription}/deadLetters`))
  const resend = (id: string) =>
    void act(id, 'resend').then(() => tell('It was taken this time.'), tellFailure)
  const letters: readonly Column<DeadLetter>[] = [
    {
      id: 'seq',
      header: 'Event',
      width: '90px',
      cell: (letter) => `#${letter.name}`,
      sort: (letter) => Number(letter.name),
    },
    {
      id: 'type',
      header: 'Type',
      width: 'minmax(160px, 1fr)',
      cell: ({ properties }) => properties.event.type?.split('.').at(-1) ?? '–',
      text: ({ properties }) => properties.event.type ?? '',
    },
    {
      id: 'subject',
      header: 'Of',
      width: 'minmax(140px, 1fr)',
      cell: ({ properties }) => <span title={properties.event.subject}>{properties.event.subject}</span>,
      text: ({ properties }) => properties.event.subject ?? '',
    },
    {
      id: 'when',
      header: 'Happened',
      width: '110px',
      cell: ({ properties }) => <Time at={properties.event.time} />,
    },
    {
      id: 'attempts',
      header: 'Attempts',
      width: '90px',
      align: 'right',
      cell: ({ properties }) => exact(properties.attempts),
    },
    {
      id: 'why',
      header: 'Why it was given up',
      width: 'minmax(200px, 2fr)',
      cell: ({ properties }) => <span title={properties.reason}>{properties.reason}</span>,
      text: ({ properties }) => properties.reason,
    },
    {
      id: 'again',
      header: '',
      width: '100px',
      align: 'right',
      cell: ({ id }) => (
        <Act
          label="Send again"
          variant="subtle"
          size="compact-xs"
          allowed={can('Twinloop/eventSubscriptions/deadLetters/resend/action')}
          onClick={() => resend(id)}
        />
      ),
    },
  ]
  return (
    <Panel title={`Dead letters of ${name}`} subtitle="kept for 30 days" flush>
      <Answer query={query}>
        {(rows) =>
          rows.length === 0 ? (
            <Empty title="None is left" />
          ) : (
            <Table rows={rows} columns={letters} rowKey={({ id }) => id} label="dead letters" prefix="l" />
          )
        }
      </Answer>
    </Panel>
  )
}
