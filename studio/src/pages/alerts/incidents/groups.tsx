import type { IncidentSummary } from '../../../api/incidents.ts'
import { usePaths } from '../../../frame/workspace.ts'
import { Go } from '../../../parts/go.tsx'
import { Status } from '../../../parts/status.tsx'
import { Time, Took } from '../../../parts/time.tsx'
import { plural } from '../../../words/names.ts'
import { Severity } from '../severity.tsx'
import { distinguished, standing } from '../words.ts'
import { SilenceButton } from '../silences/silence-dialog.tsx'
import { grouped, type Group } from './standings.ts'
import style from '../alerts.module.css'

/** More incidents of a group than this are behind its link. */
const mostShown = 8

/** Incidents under what they have alike, the gravest first. */
export const Groups = ({
  incidents,
  by,
}: {
  readonly incidents: readonly IncidentSummary[]
  readonly by: string
}) => grouped(incidents, by).map((group) => <OneGroup key={group.name} group={group} by={by} />)

function OneGroup({
  group: { name, severity, incidents },
  by,
}: {
  readonly group: Group
  readonly by: string
}) {
  const to = usePaths()
  const firing = incidents.filter(({ state }) => state === 'Firing').length
  const label = by === 'rule' ? 'alertname' : by
  return (
    <section className={style.group} aria-label={name}>
      <div className={style.groupHead}>
        <h3>{by === 'rule' ? <Go to={to.alertRule(name)}>{name}</Go> : `${by} ${name}`}</h3>
        <Severity severity={severity} />
        <span className="muted">
          {firing > 0 ? `${firing} firing` : plural(incidents.length, 'incident')}
          {firing > 0 && firing < incidents.length ? `, ${incidents.length - firing} over` : ''}
        </span>
        {firing > 0 ? (
          <SilenceButton
            matchers={[`${label}=${JSON.stringify(name)}`]}
            size="compact-xs"
            variant="default"
          />
        ) : null}
      </div>
      {incidents.slice(0, mostShown).map((one) => (
        <Line key={one.id} incident={one} by={by} />
      ))}
      {incidents.length > mostShown ? (
        <div className={style.line} style={{ display: 'block' }}>
          <Go to={to.alerts} search={{ by: 'none', show: 'firing,silenced,inhibited,resolved', q: name }}>
            {incidents.length - mostShown} more
          </Go>
        </div>
      ) : null}
    </section>
  )
}

function Line({ incident, by }: { readonly incident: IncidentSummary; readonly by: string }) {
  const to = usePaths()
  const { name, rule, summary, labels, firedAt, resolvedAt, acknowledged, silencedBy, actions } = incident
  return (
    <div className={style.line}>
      <Go to={to.incident(name)} label={`Incident ${name}: ${summary}`}>
        #{name}
      </Go>
      <span>
        <Status kind="incident" state={standing(incident)} />
      </span>
      <span className={style.what}>
        <span>
          {by === 'rule' ? '' : `${rule}: `}
          {summary}
        </span>
        <span className="muted">{distinguished(labels)}</span>
      </span>
      <span className={style.what}>
        <Time at={firedAt} />
        <span className="muted">
          {resolvedAt === undefined ? 'for ' : 'lasted '}
          <Took from={firedAt} to={resolvedAt} />
        </span>
      </span>
      <span className={style.what}>
        {actions.approval === undefined ? null : <Status kind="action" state="approval" />}
        {actions.failed === undefined ? null : <Status kind="action" state="Failed" note="action" />}
        <span className="muted">
          {silencedBy ?? (acknowledged === undefined ? '' : `${acknowledged.by} is at it`)}
        </span>
      </span>
    </div>
  )
}
