import { useState } from 'react'
import { Button } from '@mantine/core'
import type { Past } from '../../../api/alerts/rules.ts'
import { Time, Took } from '../../../parts/time.tsx'
import { distinguished } from '../words.ts'
import { PastChart } from './past-chart.tsx'
import { verdictOf } from './verdict.ts'
import style from '../alerts.module.css'

const first = 5

/** What a rule would have done: the sentence, what limits it, each firing, and what its actions would do. */
export function VerdictPanel({ past }: { readonly past: Past }) {
  const [all, setAll] = useState(false)
  const newest = past.firings.toReversed()
  return (
    <div className={style.form}>
      <p className={style.sentence} role="status">
        <strong>{verdictOf(past)}</strong>
      </p>
      <PastChart past={past} />
      {[...new Set([...past.warnings, ...past.notes])].map((note) => (
        <p key={note} className="muted">
          {note}
        </p>
      ))}
      {newest.length === 0 ? null : (
        <ul className={style.tree}>
          {(all ? newest : newest.slice(0, first)).map(({ from, to, labels, summary }) => (
            <li key={`${from} ${JSON.stringify(labels)}`}>
              <Time at={from} /> {to === null ? 'and still' : 'for '}
              {to === null ? null : <Took from={from} to={to} />}: {summary}{' '}
              <span className="muted">{distinguished(labels)}</span>
            </li>
          ))}
        </ul>
      )}
      {newest.length > first && !all ? (
        <div>
          <Button variant="default" size="compact-xs" onClick={() => setAll(true)}>
            All {newest.length}
          </Button>
        </div>
      ) : null}
      {past.actions === undefined || past.actions.length === 0 ? null : (
        <div>
          <h3>When it fires</h3>
          <ul className={style.tree}>
            {past.actions.map(({ kind, would, problem }, i) => (
              // The same action may stand there twice; their order never changes.
              // oxlint-disable-next-line react/no-array-index-key
              <li key={`${kind} ${i}`}>
                <strong>{kind}</strong>{' '}
                {problem === undefined ? (
                  would
                ) : (
                  <span style={{ color: 'var(--bad)' }}>cannot: {problem}</span>
                )}
              </li>
            ))}
          </ul>
        </div>
      )}
    </div>
  )
}
