import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useMemo } from 'react'
import { enableRule, rulesPath, rulesQuery, type AlertRule } from '../../../api/alerts/rules.ts'
import { incidentSummariesQuery } from '../../../api/incidents.ts'
import { useCan, usePaths, useWorkspace } from '../../../frame/workspace.ts'
import { Act, tell, tellFailure } from '../../../parts/act.tsx'
import { Equivalents } from '../../../parts/equivalents.tsx'
import { NewButton } from '../../../parts/make.tsx'
import { Page } from '../../../parts/page.tsx'
import { Panel } from '../../../parts/panel.tsx'
import { Answer, Empty } from '../../../parts/states.tsx'
import { Status } from '../../../parts/status.tsx'
import { Table, type Column } from '../../../parts/table/table.tsx'
import { Time } from '../../../parts/time.tsx'
import { Places } from '../places.tsx'
import { Severity } from '../severity.tsx'
import { distinguished, severityRank } from '../words.ts'

/** A rule with how often it fired lately. */
type Row = AlertRule & { readonly fired: number }

/** Every rule: whether it fires, what it found last, how often it fired. */
export function Rules() {
  const workspace = useWorkspace()
  const to = usePaths()
  const query = useQuery(rulesQuery(workspace))
  const { data: incidents } = useQuery(incidentSummariesQuery(workspace))
  const fired = useMemo(() => Map.groupBy(incidents ?? [], ({ rule }) => rule), [incidents])
  return (
    <Page
      title="Alert rules"
      actions={
        <>
          <NewButton kind="alert-rule" label="New rule" />
          <Equivalents
            cli={[
              { what: 'The same list', command: 'twinloop alert-rule list -o table' },
              { what: 'Tries one on the past', command: 'twinloop alert test -f rule.yml' },
              { what: 'Makes one', command: 'twinloop alert-rule create -f rule.yml' },
              { what: 'All of them for Prometheus', command: 'twinloop alert export --format prometheus' },
            ]}
            rest={[{ method: 'GET', path: rulesPath(workspace) }]}
          />
        </>
      }
    >
      <Places />
      <Panel flush>
        <Answer query={query} rows={6}>
          {(rules) =>
            rules.length === 0 ? (
              <Empty
                title="No rule looks at anything yet"
                command="twinloop alert-rule create --file alert-rule.yml"
              >
                A rule says when something is wrong, who is told and what is done about it. Before it is kept
                it can be tried on the past.
              </Empty>
            ) : (
              <Table
                rows={rules.map((rule): Row => ({ ...rule, fired: fired.get(rule.name)?.length ?? 0 }))}
                columns={columns}
                rowKey={({ id }) => id}
                to={({ name }) => to.alertRule(name)}
                label="rules"
                initial="state"
              />
            )
          }
        </Answer>
      </Panel>
    </Page>
  )
}

const worst = ['error', 'firing', 'pending', 'no_data', 'unknown', 'inactive', 'disabled']

/** The value that is worst: of what is true if anything is, else the first that was looked at. */
function valueNow({ properties: { evaluation } }: AlertRule): {
  readonly shown: string
  readonly of: string
} {
  const { alerts = [], values = [] } = evaluation
  const one = alerts.find(({ state }) => state !== 'resolved') ?? values[0]
  return { shown: one?.shown ?? '', of: one === undefined ? '' : distinguished(one.labels) }
}

const columns: readonly Column<Row>[] = [
  {
    id: 'name',
    header: 'Rule',
    width: 'minmax(180px, 1.4fr)',
    cell: ({ name }) => name,
    sort: ({ name }) => name,
    text: ({ name }) => name,
  },
  {
    id: 'state',
    header: 'State',
    width: '150px',
    cell: ({ properties: { evaluation } }) => <Status kind="rule" state={evaluation.state} />,
    sort: ({ properties: { evaluation } }) => worst.indexOf(evaluation.state),
    text: ({ properties: { evaluation } }) => evaluation.state,
  },
  {
    id: 'severity',
    header: 'Severity',
    width: '96px',
    cell: ({ properties }) => <Severity severity={properties.severity ?? 'warning'} />,
    sort: ({ properties }) => severityRank(properties.severity ?? 'warning'),
    text: ({ properties }) => properties.severity ?? 'warning',
  },
  {
    id: 'of',
    header: 'Looks at',
    width: 'minmax(200px, 2fr)',
    cell: ({ properties: { evaluation } }) => <span title={evaluation.subject}>{evaluation.subject}</span>,
    text: ({ properties: { evaluation } }) => evaluation.subject ?? '',
  },
  {
    id: 'value',
    header: 'Now',
    width: '110px',
    align: 'right',
    cell: (rule) => {
      const { shown, of } = valueNow(rule)
      return <span title={of}>{shown === '' ? '–' : shown}</span>
    },
  },
  {
    id: 'limit',
    header: 'Limit',
    width: '110px',
    align: 'right',
    cell: ({ properties: { evaluation } }) => evaluation.limit ?? '',
  },
  {
    id: 'fired',
    header: 'Fired, 30 d',
    width: '100px',
    align: 'right',
    cell: ({ fired }) => fired,
    sort: ({ fired }) => fired,
  },
  {
    id: 'at',
    header: 'Looked at',
    width: '100px',
    cell: ({ properties: { evaluation } }) => <Time at={evaluation.at} />,
    sort: ({ properties: { evaluation } }) => evaluation.at ?? '',
  },
  { id: 'switch', header: '', width: '112px', cell: (rule) => <Switch rule={rule} size="compact-xs" /> },
]

/** Switches a rule off, or on again. */
export function Switch({ rule, size }: { readonly rule: AlertRule; readonly size?: string }) {
  const can = useCan(rule.id)
  const queries = useQueryClient()
  const isOff = rule.properties.evaluation.state === 'disabled'
  return (
    <Act
      label={isOff ? 'Switch on' : 'Switch off'}
      variant="default"
      {...(size === undefined ? {} : { size })}
      allowed={can('Twinloop/alertRules/write')}
      onClick={() =>
        void enableRule(rule.id, isOff).then(async () => {
          tell(
            isOff
              ? `${rule.name} is looked at again`
              : `${rule.name} is not looked at any more; its alerts are over`,
          )
          await queries.invalidateQueries({ queryKey: ['arm'] })
        }, tellFailure)
      }
    />
  )
}
