import { Modal } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { budgetsQuery, rulesQuery } from '../../../api/alerts/rules.ts'
import { runNow, type MonitorSummary } from '../../../api/monitors.ts'
import { submit } from '../../../api/submit-job.ts'
import { useCan, usePaths, useWorkspace } from '../../../frame/workspace.ts'
import { Act, tell, tellFailure } from '../../../parts/act.tsx'
import { Go } from '../../../parts/go.tsx'
import { IconPlayerPlay } from '../../../parts/icons.ts'
import { Answer, Empty } from '../../../parts/states.tsx'
import { Time } from '../../../parts/time.tsx'
import { retrainingsOf, type Retraining } from './retraining.ts'
import style from '../monitoring.module.css'

/** What rules train when this monitor's findings make them fire: when they did last, and the same by hand. */
export function RetrainDialog({
  monitor,
  onClose,
}: {
  readonly monitor: MonitorSummary
  readonly onClose: () => void
}) {
  const workspace = useWorkspace()
  const to = usePaths()
  const query = useQuery(rulesQuery(workspace))
  return (
    <Modal opened onClose={onClose} title="Retrain" size="lg" closeButtonProps={{ 'aria-label': 'Close' }}>
      <Answer query={query}>
        {(rules) => {
          const ways = retrainingsOf(rules, {
            name: monitor.name,
            signals: monitor.signals.map(({ name }) => name),
          })
          return ways.length === 0 ? (
            <Empty
              title="No rule retrains for this monitor"
              command="twinloop alert-rule create --file rule.yml"
            >
              A rule whose <code>actions</code> have <code>retrain</code> trains when a signal is beyond;{' '}
              <Go to={to.make('alert-rule')}>write one</Go>, and it stands here to be done by hand, too.
            </Empty>
          ) : (
            <ul className={style.ways}>
              {ways.map((way) => (
                <Way key={`${way.rule.id} ${way.index}`} way={way} onClose={onClose} />
              ))}
            </ul>
          )
        }}
      </Answer>
    </Modal>
  )
}

function Way({ way, onClose }: { readonly way: Retraining; readonly onClose: () => void }) {
  const { rule, index, by, reason } = way
  const workspace = useWorkspace()
  const to = usePaths()
  const can = useCan(workspace.id)
  const navigate = useNavigate()
  const queries = useQueryClient()
  const { data: budgets } = useQuery(budgetsQuery(rule.id))
  const budget = budgets?.[index]
  const { evaluation } = rule.properties
  const incident = evaluation.alerts?.find((alert) => alert.incident !== undefined)?.incident
  const train = useMutation({
    async mutationFn() {
      if (by === undefined) return undefined
      if ('schedule' in by) return void (await runNow(workspace, by.schedule))
      return submit(workspace, by.job)
    },
    async onSuccess(name) {
      tell(name === undefined ? 'The schedule runs now' : `Training by ${name}`)
      await queries.invalidateQueries({ queryKey: ['arm'] })
      onClose()
      if (name !== undefined) await navigate({ to: to.job(name) as '/' })
    },
    onError: tellFailure,
  })
  const operation =
    by !== undefined && 'schedule' in by ? 'schedules/trigger/action' : ('jobs/write' as const)
  return (
    <li>
      <div>
        <strong>
          <Go to={to.alertRule(rule.name)}>{rule.name}</Go>
        </strong>
        <span className="muted">
          {' '}
          {evaluation.subject} {evaluation.limit}
        </span>
        <p>
          {incident === undefined ? (
            'It does not fire now.'
          ) : (
            <>
              It fires: <Go to={to.incident(String(incident))}>incident {incident}</Go> shows what it does
              about it.
            </>
          )}{' '}
          {budget?.lastAt === undefined ? (
            'It has never trained by itself.'
          ) : (
            <>
              It trained last <Time at={budget.lastAt} />.
            </>
          )}
        </p>
        {budget?.coolsUntil === undefined ? null : (
          <p className="muted">
            By itself it trains again for the same alert <Time at={budget.coolsUntil} /> at the earliest
            (cool-down {budget.coolDown}); by hand it may be done at any time.
          </p>
        )}
        {budget?.afterwards === undefined || by === undefined ? null : (
          <p className="muted">
            By hand it trains only: what comes “then” ({budget.afterwards}) is started by the version’s
            registration, where a plan says so.
          </p>
        )}
        {reason === undefined ? null : <p className="muted">{reason}</p>}
      </div>
      <Act
        label="Train now"
        icon={<IconPlayerPlay size={14} />}
        loading={train.isPending}
        allowed={by !== undefined && can(operation)}
        {...(by === undefined ? { reason: reason ?? '' } : {})}
        onClick={() => train.mutate()}
      />
    </li>
  )
}
