import { SegmentedControl } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { Incident, IncidentProperties } from '../../api/incidents.ts'
import { listQuery } from '../../api/queries.ts'
import { useSearchWord } from '../../frame/search.ts'
import { usePaths, useWorkspace } from '../../frame/workspace.ts'
import { Equivalents } from '../../parts/equivalents.tsx'
import { Page } from '../../parts/page.tsx'
import { Panel } from '../../parts/panel.tsx'
import { Answer, Empty } from '../../parts/states.tsx'
import { Status } from '../../parts/status.tsx'
import { Table, type Column } from '../../parts/table/table.tsx'
import { Time } from '../../parts/time.tsx'
import { metric } from '../../words/numbers.ts'

/** How an incident stands, in one word. */
export const standing = ({ properties: { state, acknowledged, silencedBy } }: Incident): string =>
  state !== 'Firing'
    ? state
    : silencedBy !== undefined
      ? 'Silenced'
      : acknowledged !== undefined
        ? 'Acknowledged'
        : 'Firing'

const columns: readonly Column<Incident>[] = [
  {
    id: 'number',
    header: 'Incident',
    width: '96px',
    cell: ({ name }) => `#${name}`,
    sort: ({ name }) => Number(name),
    text: ({ name }) => name,
  },
  {
    id: 'state',
    header: 'State',
    width: '140px',
    cell: (incident) => <Status kind="incident" state={standing(incident)} />,
    sort: standing,
    text: standing,
  },
  {
    id: 'severity',
    header: 'Severity',
    width: '100px',
    cell: ({ properties }) => properties.severity,
    sort: ({ properties }) => properties.severity,
    text: ({ properties }) => properties.severity,
  },
  {
    id: 'rule',
    header: 'Rule',
    width: 'minmax(160px, 1fr)',
    cell: ({ properties }) => properties.rule,
    sort: ({ properties }) => properties.rule,
    text: ({ properties }) => properties.rule,
  },
  {
    id: 'summary',
    header: 'What',
    width: 'minmax(240px, 3fr)',
    cell: ({ properties }) => <span title={properties.summary}>{properties.summary}</span>,
    text: ({ properties }) => properties.summary,
  },
  {
    id: 'value',
    header: 'Value',
    width: '100px',
    align: 'right',
    cell: ({ properties }) => metric(properties.value),
    sort: ({ properties }) => properties.value,
  },
  {
    id: 'since',
    header: 'Since',
    width: '120px',
    cell: ({ properties }) => <Time at={properties.firedAt} />,
    sort: ({ properties }) => properties.firedAt,
  },
]

/** What is wrong now, and what was. */
export function Alerts() {
  const workspace = useWorkspace()
  const to = usePaths()
  const [view, setView] = useSearchWord('view', 'firing')
  const path = `${workspace.id}/providers/Twinloop/incidents`
  const query = useQuery(listQuery<IncidentProperties>(path))
  return (
    <Page
      title="Alerts"
      actions={
        <Equivalents
          cli={[
            { what: 'The same list', command: 'twinloop incident list -o table' },
            { what: 'A rule that tells', command: 'twinloop alert-rule create --file alert-rule.yml' },
          ]}
          rest={[{ method: 'GET', path }]}
        />
      }
    >
      <Panel flush>
        <Answer query={query} rows={6}>
          {(incidents) =>
            incidents.length === 0 ? (
              <Empty
                title="Nothing was ever wrong, or nothing looks"
                command="twinloop alert-rule create --file alert-rule.yml"
              >
                A rule looks at signals of monitors and at measurements; when it fires there is an incident
                here.
              </Empty>
            ) : (
              <Table
                rows={incidents.filter(({ properties }) => view === 'all' || properties.state === 'Firing')}
                columns={columns}
                rowKey={({ id }) => id}
                to={({ name }) => to.incident(name)}
                label="incidents"
                initial="-since"
                tools={
                  <SegmentedControl
                    aria-label="Which"
                    value={view}
                    onChange={setView}
                    data={[
                      { value: 'firing', label: 'Firing' },
                      { value: 'all', label: 'All' },
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
