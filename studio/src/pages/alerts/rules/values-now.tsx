import type { AlertRule } from '../../../api/alerts/rules.ts'
import { usePaths } from '../../../frame/workspace.ts'
import { Go } from '../../../parts/go.tsx'
import { Panel } from '../../../parts/panel.tsx'
import { Status } from '../../../parts/status.tsx'
import { Table } from '../../../parts/table/table.tsx'
import { Time } from '../../../parts/time.tsx'
import { distinguished } from '../words.ts'

interface Row {
  readonly key: string
  readonly of: string
  readonly state: string
  readonly shown: string
  readonly since?: string
  readonly incident?: number | undefined
}

/** What the last look found: what is true or about to be, and what is not. */
export function ValuesNow({ rule }: { readonly rule: AlertRule }) {
  const to = usePaths()
  const { alerts = [], values = [], limit, state } = rule.properties.evaluation
  const live = alerts
    .filter((alert) => alert.state !== 'resolved')
    .map((alert): Row => ({
      key: JSON.stringify(alert.labels),
      of: distinguished(alert.labels),
      state: alert.state,
      shown: alert.shown,
      since: alert.activeAt,
      incident: alert.incident,
    }))
  // An alert has its rule's labels beside those of the value that it is of.
  const isAlert = (labels: Readonly<Record<string, string>>) =>
    alerts.some(
      (alert) =>
        alert.state !== 'resolved' &&
        Object.entries(labels).every(([name, value]) => alert.labels[name] === value),
    )
  const quiet = values
    .filter(({ labels }) => !isAlert(labels))
    .map(({ labels, shown }): Row => ({
      key: JSON.stringify(labels),
      of: distinguished(labels),
      state: 'inactive',
      shown,
    }))
  const rows = [...live, ...quiet]
  return (
    <Panel title="Now" {...(limit === undefined ? {} : { subtitle: `limit ${limit}` })} flush>
      {rows.length === 0 ? (
        <p className="muted" style={{ padding: 16 }}>
          {state === 'disabled' ? 'It is switched off.' : 'Nothing is measured that it could be about.'}
        </p>
      ) : (
        <Table
          rows={rows}
          rowKey={({ key }) => key}
          label="values"
          prefix="now."
          bare={rows.length < 12}
          columns={[
            {
              id: 'of',
              header: 'Of',
              width: 'minmax(120px, 2fr)',
              cell: ({ of }) => <span title={of}>{of === '' ? 'in all' : of}</span>,
              text: ({ of }) => of,
              sort: ({ of }) => of,
            },
            {
              id: 'state',
              header: 'State',
              width: '110px',
              cell: (row) => <Status kind="rule" state={row.state} />,
            },
            { id: 'value', header: 'Value', width: '100px', align: 'right', cell: ({ shown }) => shown },
            {
              id: 'since',
              header: 'Since',
              width: '130px',
              cell: ({ since, incident }) => (
                <>
                  {since === undefined ? '' : <Time at={since} />}{' '}
                  {incident === undefined ? null : <Go to={to.incident(String(incident))}>#{incident}</Go>}
                </>
              ),
            },
          ]}
        />
      )}
    </Panel>
  )
}
