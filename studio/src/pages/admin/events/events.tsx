import { TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { act, remove, type SubscriptionProperties } from '../../../api/admin/platform.ts'
import { listQuery } from '../../../api/queries.ts'
import type { Resource } from '../../../api/resource.ts'
import { useSearchWord } from '../../../frame/search.ts'
import { useCan, useWorkspace } from '../../../frame/workspace.ts'
import { Act, Confirm, tell, tellFailure } from '../../../parts/act.tsx'
import { Equivalents } from '../../../parts/equivalents.tsx'
import { Stack } from '../../../parts/page.tsx'
import { Panel } from '../../../parts/panel.tsx'
import { Answer, Empty } from '../../../parts/states.tsx'
import { Status } from '../../../parts/status.tsx'
import { Table, type Column } from '../../../parts/table/table.tsx'
import { Time } from '../../../parts/time.tsx'
import { exact } from '../../../words/numbers.ts'
import { IconPlus } from '../../../parts/icons.ts'
import { AdminPage } from '../admin-page.tsx'
import { DeadLetters } from './dead-letters.tsx'
import { SubscriptionDialog } from './subscription-dialog.tsx'
import style from '../admin.module.css'

type Subscription = Resource<SubscriptionProperties>
/** What somebody is asked about. */
type Asked =
  | { readonly what: 'new' }
  | { readonly what: 'edit' | 'replay' | 'delete'; readonly one: Subscription }

/** Programs outside that are told of what happens here: whether they are reached, and what they were not told. */
export function EventSubscriptions() {
  const workspace = useWorkspace()
  const path = `${workspace.id}/providers/Twinloop/eventSubscriptions`
  const query = useQuery(listQuery<SubscriptionProperties>(path))
  const [chosen, setChosen] = useSearchWord('letters')
  const [asked, setAsked] = useState<Asked>()
  const can = useCan()
  return (
    <AdminPage
      title="Event subscriptions"
      meta="Who outside is told of what happens in this workspace"
      actions={
        <>
          <Act
            label="New subscription"
            icon={<IconPlus size={14} />}
            allowed={can('Twinloop/eventSubscriptions/write')}
            onClick={() => setAsked({ what: 'new' })}
          />
          <Equivalents
            cli={[
              { what: 'The same list', command: 'twinloop event-subscription list -o table' },
              {
                what: 'A new one',
                command: 'twinloop event-subscription create -n ops --endpoint https://ops.example.org/hook',
              },
              { what: 'Sends one to try', command: 'twinloop event-subscription test -n ops' },
              { what: 'What could not be told', command: 'twinloop event-subscription dead-letters -n ops' },
              {
                what: 'Tell it again',
                command: 'twinloop event-subscription replay -n ops --from 2026-11-23T08:00:00Z',
              },
            ]}
            rest={[
              { method: 'GET', path },
              { method: 'PUT', path: `${path}/NAME` },
            ]}
          />
        </>
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
                      width: '76px',
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
                      width: '270px',
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
      {asked?.what === 'new' || asked?.what === 'edit' ? (
        <SubscriptionDialog
          path={path}
          {...(asked.what === 'edit' ? { one: asked.one } : {})}
          onClose={() => setAsked(undefined)}
        />
      ) : null}
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
    width: 'minmax(80px, 1fr)',
    cell: ({ name }) => name,
    sort: ({ name }) => name,
    text: ({ name }) => name,
  },
  {
    id: 'state',
    header: 'State',
    width: '100px',
    cell: ({ properties }) => <Status kind="subscription" state={properties.state} />,
    sort: ({ properties }) => properties.state,
    text: ({ properties }) => properties.state,
  },
  {
    id: 'to',
    header: 'Told',
    width: 'minmax(130px, 2fr)',
    cell: (one) => <span title={whereTo(one)}>{whereTo(one)}</span>,
    text: whereTo,
  },
  {
    id: 'of',
    header: 'Of',
    width: 'minmax(110px, 2fr)',
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
    width: '84px',
    align: 'right',
    cell: ({ properties }) => exact(properties.delivered),
    sort: ({ properties }) => properties.delivered,
  },
  {
    id: 'last',
    header: 'Last',
    width: '84px',
    cell: ({ properties }) => <Time at={properties.lastDeliveredAt} />,
    sort: ({ properties }) => properties.lastDeliveredAt,
  },
  {
    id: 'trouble',
    header: 'Trouble',
    width: 'minmax(70px, 1.5fr)',
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
  readonly onAsk: (what: 'edit' | 'replay' | 'delete') => void
}) {
  const can = useCan(one.id)
  const verb = one.properties.state === 'paused' ? 'resume' : 'pause'
  return (
    <span className={style.chips} style={{ justifyContent: 'flex-end' }}>
      <Act
        label="Try"
        variant="subtle"
        size="compact-xs"
        allowed={can('Twinloop/eventSubscriptions/test/action')}
        onClick={() => void tried(one).catch(tellFailure)}
      />
      <Act
        label="Edit"
        variant="subtle"
        size="compact-xs"
        allowed={can('Twinloop/eventSubscriptions/write')}
        onClick={() => onAsk('edit')}
      />
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

/** Sends one event to try, and tells what the receiver answers. */
async function tried({ id, name }: Subscription): Promise<void> {
  const { sent, answer, error, durationMs } = await act<{
    sent: boolean
    answer?: string
    error?: string
    durationMs: number
  }>(id, 'test')
  if (!sent) throw new Error(`${name} did not take it: ${error ?? ''}`)
  tell(`${name} took it in ${durationMs} ms: ${answer ?? ''}`)
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
