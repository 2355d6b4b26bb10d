import { SegmentedControl } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import {
  expireSilence,
  extendSilence,
  matchersOf,
  silencesPath,
  silencesQuery,
  type Silence,
} from '../../../api/alerts/silences.ts'
import { incidentSummariesQuery } from '../../../api/incidents.ts'
import { useSearchWord } from '../../../frame/search.ts'
import { useCan, useWorkspace } from '../../../frame/workspace.ts'
import { Act, Confirm, tell, tellFailure } from '../../../parts/act.tsx'
import { Equivalents } from '../../../parts/equivalents.tsx'
import { Page } from '../../../parts/page.tsx'
import { Panel } from '../../../parts/panel.tsx'
import { Answer, Empty } from '../../../parts/states.tsx'
import { Status } from '../../../parts/status.tsx'
import { Table, type Column } from '../../../parts/table/table.tsx'
import { Time } from '../../../parts/time.tsx'
import { Places } from '../places.tsx'
import { SilenceButton } from './silence-dialog.tsx'
import { matching, readLines } from './silence-words.ts'

/** A silence with how many of the alerts that fire it keeps quiet. */
type Row = Silence & { readonly quiet: number }

/** What keeps alerts quiet, now, later and before. */
export function Silences() {
  const workspace = useWorkspace()
  const [view, setView] = useSearchWord('view', 'current')
  const query = useQuery(silencesQuery(workspace))
  const { data: incidents } = useQuery(incidentSummariesQuery(workspace))
  const quietOf = useMemo(
    () => (silence: Silence) =>
      silence.properties.state === 'active'
        ? matching(incidents ?? [], readLines(matchersOf(silence.properties).join('\n')).matchers).length
        : 0,
    [incidents],
  )
  return (
    <Page
      title="Silences"
      actions={
        <>
          <SilenceButton matchers={[]} label="New silence" variant="filled" />
          <Equivalents
            cli={[
              { what: 'The same list', command: 'twinloop silence list -o table' },
              {
                what: 'Makes one',
                command: `twinloop silence create -m 'endpoint="flights"' --for 2h --reason "the new schema comes"`,
              },
              { what: 'Ends one', command: 'twinloop silence expire -n NAME' },
            ]}
            rest={[{ method: 'GET', path: silencesPath(workspace) }]}
          />
        </>
      }
    >
      <Places />
      <Panel flush>
        <Answer query={query} rows={6}>
          {(silences) =>
            silences.length === 0 ? (
              <Empty
                title="Nothing is silenced"
                command={`twinloop silence create -m 'endpoint="flights"' --for 2h --reason "the new schema comes"`}
              >
                A silence keeps alerts quiet whose labels match, for a time or in maintenance windows. What
                fires is still seen, and says why nobody is told.
              </Empty>
            ) : (
              <Table
                rows={silences
                  .filter(({ properties }) => (view === 'past') === (properties.state === 'expired'))
                  .map((silence): Row => ({ ...silence, quiet: quietOf(silence) }))}
                columns={columns}
                rowKey={({ id }) => id}
                label="silences"
                initial="ends"
                tools={
                  <SegmentedControl
                    aria-label="Which"
                    value={view}
                    onChange={setView}
                    data={[
                      { value: 'current', label: 'Active and to come' },
                      { value: 'past', label: 'Over' },
                    ]}
                  />
                }
              />
            )
          }
        </Answer>
      </Panel>
    </Page>
  )
}

const isRecurring = ({ properties: { from } }: Silence) => !/^\d{4}-\d\d-\d\d/.test(from)

const columns: readonly Column<Row>[] = [
  {
    id: 'name',
    header: 'Silence',
    width: 'minmax(140px, 1fr)',
    cell: ({ name }) => <span title={name}>{name}</span>,
    sort: ({ name }) => name,
    text: ({ name }) => name,
  },
  {
    id: 'state',
    header: 'State',
    width: '104px',
    cell: ({ properties }) => <Status kind="silence" state={properties.state} />,
    sort: ({ properties }) => properties.state,
    text: ({ properties }) => properties.state,
  },
  {
    id: 'matchers',
    header: 'Which alerts',
    width: 'minmax(200px, 2fr)',
    cell: ({ properties }) => (
      <code title={matchersOf(properties).join('\n')}>{matchersOf(properties).join(', ')}</code>
    ),
    text: ({ properties }) => matchersOf(properties).join(' '),
  },
  {
    id: 'quiet',
    header: 'Quiet now',
    width: '92px',
    align: 'right',
    cell: ({ quiet }) => quiet,
    sort: ({ quiet }) => quiet,
  },
  {
    id: 'ends',
    header: 'Begins or ends',
    width: 'minmax(150px, 200px)',
    cell: (silence) => <Turns silence={silence} />,
    sort: ({ properties: { until, next, from } }) => until ?? next ?? from,
  },
  {
    id: 'reason',
    header: 'Why',
    width: 'minmax(140px, 1.4fr)',
    cell: ({ properties }) => <span title={properties.reason}>{properties.reason}</span>,
    text: ({ properties }) => properties.reason,
  },
  {
    id: 'by',
    header: 'By',
    width: '110px',
    cell: ({ properties }) => properties.by,
    sort: ({ properties }) => properties.by,
    text: ({ properties }) => properties.by,
  },
  { id: 'do', header: '', width: '150px', cell: (silence) => <Decide silence={silence} /> },
]

/** When it turns next: its end, its next beginning, or when it was ended. */
function Turns({ silence }: { readonly silence: Silence }) {
  const { state, until, next, expiredAt, from } = silence.properties
  const again = isRecurring(silence) ? ` (${from})` : ''
  if (state === 'active')
    return (
      <span title={from}>
        ends <Time at={until} />
        {again}
      </span>
    )
  if (state === 'pending')
    return (
      <span title={from}>
        begins <Time at={next} />
        {again}
      </span>
    )
  return <Time at={expiredAt ?? from} />
}

function Decide({ silence }: { readonly silence: Silence }) {
  const can = useCan(silence.id)
  const queries = useQueryClient()
  const [isEnding, setEnding] = useState(false)
  const { state, until } = silence.properties
  if (state === 'expired') return null
  const anew = () => queries.invalidateQueries({ queryKey: ['arm'] })
  const extend = (end: string) =>
    extendSilence(silence.id, new Date(Date.parse(end) + 2 * 3_600_000).toISOString()).then(async () => {
      tell('It lasts 2 hours longer')
      await anew()
    }, tellFailure)
  return (
    <span style={{ display: 'flex', gap: 6 }}>
      {until === undefined || isRecurring(silence) ? null : (
        <Act
          label="+2 h"
          size="compact-xs"
          variant="default"
          allowed={can('Twinloop/silences/write')}
          onClick={() => void extend(until)}
        />
      )}
      <Act
        label="End…"
        size="compact-xs"
        variant="default"
        allowed={can('Twinloop/silences/expire/action')}
        onClick={() => setEnding(true)}
      />
      {isEnding ? (
        <Confirm
          title={`End silence ${silence.name}`}
          verb="End silence"
          onDone={async () => {
            await expireSilence(silence.id)
            tell('It is over: what fires is told again')
            await anew()
          }}
          onClose={() => setEnding(false)}
        >
          <p>
            What it keeps quiet and still fires is told, and its actions are done. It stays in the list, as
            the record of what was silenced, by whom and why.
          </p>
        </Confirm>
      ) : null}
    </span>
  )
}
