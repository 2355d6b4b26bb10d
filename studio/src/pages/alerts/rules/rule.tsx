import { SegmentedControl } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useMemo } from 'react'
import { pastQuery, ruleQuery, rulesPath, type AlertRule } from '../../../api/alerts/rules.ts'
import { incidentSummariesQuery, type IncidentSummary } from '../../../api/incidents.ts'
import { useSearchWord } from '../../../frame/search.ts'
import { usePaths, useWorkspace } from '../../../frame/workspace.ts'
import { Equivalents } from '../../../parts/equivalents.tsx'
import { EditButton } from '../../../parts/make.tsx'
import { Columns, Page, Stack } from '../../../parts/page.tsx'
import { Panel } from '../../../parts/panel.tsx'
import { Answer } from '../../../parts/states.tsx'
import { Status } from '../../../parts/status.tsx'
import { Table } from '../../../parts/table/table.tsx'
import { Time, useNow } from '../../../parts/time.tsx'
import { columns } from '../incidents/columns.tsx'
import { PastChart } from '../past/past-chart.tsx'
import { Strip } from '../past/strip.tsx'
import { Severity } from '../severity.tsx'
import { SilenceButton } from '../silences/silence-dialog.tsx'
import { distinguished } from '../words.ts'
import { RuleActions } from './rule-actions.tsx'
import { ruleInWords } from './rule-words.ts'
import { Switch } from './rules.tsx'
import { TryButton } from './try-button.tsx'
import { ValuesNow } from './values-now.tsx'
import style from '../alerts.module.css'

const dayMs = 86_400_000
const ranges = { '1': '24 hours', '7': '7 days', '30': '30 days' } as const

/** A rule: when it fires, what it looked at, when it fired, what it does. */
export function RulePage() {
  const { rule = '' } = useParams({ strict: false })
  const query = useQuery(ruleQuery(`${rulesPath(useWorkspace())}/${rule}`))
  return <Answer query={query}>{(found) => <Shown rule={found} />}</Answer>
}

function Shown({ rule }: { readonly rule: AlertRule }) {
  const workspace = useWorkspace()
  const { name, id, properties } = rule
  const { evaluation, severity = 'warning', warnings = [] } = properties
  const { data: incidents = [] } = useQuery(incidentSummariesQuery(workspace, 30, name))
  return (
    <Page
      title={name}
      status={
        <>
          <Status kind="rule" state={evaluation.state} />
          <Severity severity={severity} />
        </>
      }
      meta={
        <>
          <span>
            looked at <Time at={evaluation.at} />
          </span>
          <span>written by {rule.systemData.lastModifiedBy}</span>
        </>
      }
      actions={
        <>
          <Switch rule={rule} />
          <SilenceButton matchers={[`alertname=${JSON.stringify(name)}`]} />
          <TryButton id={id} />
          <EditButton kind="alert-rule" id={id} />
          <Equivalents
            cli={[
              { what: 'Show it', command: `twinloop alert-rule show --name ${name}` },
              { what: 'When it would have fired', command: `twinloop alert test --name ${name} --days 30` },
              { what: 'Its incidents', command: `twinloop incident list --all --rule ${name}` },
            ]}
            rest={[
              { method: 'GET', path: id },
              { method: 'POST', path: `${id}/test` },
            ]}
            resource={rule}
            kind="alertRule"
          />
        </>
      }
    >
      <div>
        {(ruleInWords(properties) ?? []).map((sentence, i) => (
          <p key={sentence} className={i === 0 ? style.sentence : 'muted'}>
            {sentence}
          </p>
        ))}
        {evaluation.error === undefined ? null : (
          <p role="alert" style={{ color: 'var(--bad)' }}>
            It cannot be looked at: {evaluation.error}
          </p>
        )}
        {warnings.map((warning) => (
          <p key={warning} style={{ color: 'var(--attention)' }}>
            {warning}
          </p>
        ))}
      </div>
      <Stack>
        <Looked rule={rule} incidents={incidents} />
        <Columns>
          <ValuesNow rule={rule} />
          <RuleActions rule={id} />
        </Columns>
        <Incidents incidents={incidents} />
      </Stack>
    </Page>
  )
}

/** What the rule looked at, with when it fired: of measurements by its incidents, of windows by the windows' own times. */
function Looked({
  rule,
  incidents,
}: {
  readonly rule: AlertRule
  readonly incidents: readonly IncidentSummary[]
}) {
  const [range, setRange] = useSearchWord('t', '1')
  const days = Number(range in ranges ? range : '1')
  const isOfWindows = rule.properties.when['signal'] !== undefined
  const query = useQuery(pastQuery(rule.id, { days, actions: false }))
  const now = useNow(60_000).getTime()
  const shades = useMemo(
    () =>
      incidents.map(({ firedAt, resolvedAt }) => ({
        from: Date.parse(firedAt),
        to: resolvedAt === undefined ? now : Date.parse(resolvedAt),
      })),
    [incidents, now],
  )
  return (
    <Panel
      title="What it looked at"
      {...(isOfWindows
        ? { subtitle: 'all windows of its monitors, at their own times; shaded by the rule as it is now' }
        : {
            actions: (
              <SegmentedControl
                aria-label="How far back"
                size="xs"
                value={String(days)}
                onChange={setRange}
                data={Object.entries(ranges).map(([value, label]) => ({ value, label }))}
              />
            ),
          })}
    >
      <Answer query={query} rows={8}>
        {(past) => (
          <>
            <PastChart past={past} {...(isOfWindows ? {} : { shades })} />
            {past.notes.map((note) => (
              <p key={note} className="muted">
                {note}
              </p>
            ))}
            {isOfWindows ? null : <Fired incidents={incidents} from={now - days * dayMs} now={now} />}
          </>
        )}
      </Answer>
    </Panel>
  )
}

/** When each of the rule's alerts fired, by their labels. */
function Fired({
  incidents,
  from,
  now,
}: {
  readonly incidents: readonly IncidentSummary[]
  readonly from: number
  readonly now: number
}) {
  const recent = incidents.filter(
    ({ resolvedAt }) => resolvedAt === undefined || Date.parse(resolvedAt) >= from,
  )
  const rows = [...Map.groupBy(recent, ({ labels }) => distinguished(labels) || 'in all')]
    .slice(0, 12)
    .map(([name, some]) => ({
      key: name,
      name,
      spells: some.map(({ firedAt, resolvedAt }) => ({
        state: 'firing' as const,
        from: Date.parse(firedAt),
        to: resolvedAt === undefined ? now : Date.parse(resolvedAt),
      })),
    }))
  return rows.length === 0 ? null : <Strip rows={rows} from={from} to={now} />
}

function Incidents({ incidents }: { readonly incidents: readonly IncidentSummary[] }) {
  const to = usePaths()
  return (
    <Panel title="Its incidents" subtitle="last 30 days" flush>
      {incidents.length === 0 ? (
        <p className="muted" style={{ padding: 16 }}>
          It did not fire in the last 30 days.
        </p>
      ) : (
        <Table
          rows={incidents}
          columns={columns.filter(({ id }) => id !== 'rule' && id !== 'severity')}
          rowKey={({ id }) => id}
          to={({ name }) => to.incident(name)}
          label="incidents"
          initial="-since"
          bare={incidents.length < 10}
        />
      )}
    </Panel>
  )
}
