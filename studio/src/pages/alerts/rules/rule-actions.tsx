import { useQuery } from '@tanstack/react-query'
import { budgetsQuery, type ActionBudget } from '../../../api/alerts/rules.ts'
import { Panel } from '../../../parts/panel.tsx'
import { Answer } from '../../../parts/states.tsx'
import { Time } from '../../../parts/time.tsx'
import style from '../alerts.module.css'

/** What a rule does when it fires, with what is left of cool-downs and budgets. */
export function RuleActions({ rule }: { readonly rule: string }) {
  const query = useQuery(budgetsQuery(rule))
  return (
    <Panel title="What it does">
      <Answer query={query}>
        {(budgets) =>
          budgets.length === 0 ? (
            <p className="muted">Nothing: an incident is opened, and told by the routing, if there is one.</p>
          ) : (
            // They are told in the order in which the rule has them.
            // oxlint-disable-next-line react/no-array-index-key
            budgets.map((budget, i) => <One key={`${budget.kind} ${i}`} action={budget} />)
          )
        }
      </Answer>
    </Panel>
  )
}

function One({
  action: { kind, afterwards, problem, lastAt, coolDown, coolsUntil, budget },
}: {
  readonly action: ActionBudget
}) {
  return (
    <div className={style.action}>
      <div>
        <strong>{kind}</strong>
        {afterwards === undefined ? null : <span className="muted"> then {afterwards}</span>}
        {problem === undefined ? null : <p style={{ color: 'var(--bad)' }}>{problem}</p>}
        <p className="muted">
          {lastAt === undefined ? (
            'never done yet'
          ) : (
            <>
              done last <Time at={lastAt} />
            </>
          )}
          {coolDown === undefined ? null : `; not again for the same alert within ${coolDown}`}
          {coolsUntil === undefined ? null : (
            <>
              {' '}
              (until <Time at={coolsUntil} />)
            </>
          )}
        </p>
        {budget === undefined ? null : (
          <p>
            {budget.left} of {budget.atMost} left in {budget.per}
            {budget.left > 0 ? null : ': beyond that a person approves'}
            {budget.freeAt === undefined ? null : (
              <>
                , one more <Time at={budget.freeAt} />
              </>
            )}
          </p>
        )}
      </div>
    </div>
  )
}
