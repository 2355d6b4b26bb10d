import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { pastQuery } from '../../../api/alerts/rules.ts'
import { ApiError } from '../../../api/call.ts'
import type { Incident } from '../../../api/incidents.ts'
import { Panel } from '../../../parts/panel.tsx'
import { Answer } from '../../../parts/states.tsx'
import { useNow } from '../../../parts/time.tsx'
import { PastChart } from '../past/past-chart.tsx'
import { around } from './around.ts'

/** The value of an incident before it fired, meanwhile and after, against the limit of its rule as it is now. */
export function Evidence({ incident }: { readonly incident: Incident }) {
  const { ruleId, labels, firedAt, resolvedAt } = incident.properties
  // To the minute: what is asked must not be another question at every second.
  const minute = Math.floor(useNow(60_000).getTime() / 60_000) * 60_000
  const asked = useMemo(
    () => ({ ...around({ firedAt, resolvedAt }, minute + 60_000), labels, actions: false }),
    [firedAt, resolvedAt, labels, minute],
  )
  const query = useQuery(pastQuery(ruleId, asked))
  const isGone = query.error instanceof ApiError && query.error.status === 404
  // Windows of monitors have times of their own: when the alert fired is none of them.
  const isOfWindows = labels['signal'] !== undefined && labels['monitor'] !== undefined
  const shades = useMemo(
    () =>
      isOfWindows
        ? undefined
        : [
            {
              from: Date.parse(firedAt),
              to: resolvedAt === undefined ? minute + 60_000 : Date.parse(resolvedAt),
            },
          ],
    [isOfWindows, firedAt, resolvedAt, minute],
  )
  return (
    <Panel
      title={isOfWindows ? 'The value, window by window' : 'The value around it'}
      {...(isOfWindows ? { subtitle: 'all windows of the monitor, at their own times' } : {})}
    >
      {isGone ? (
        <p className="muted">The rule is not there any more: what it looked at is not known.</p>
      ) : (
        <Answer query={query} rows={8}>
          {(past) => (
            <>
              <PastChart past={past} {...(shades === undefined ? {} : { shades })} />
              {past.notes.map((note) => (
                <p key={note} className="muted">
                  {note}
                </p>
              ))}
            </>
          )}
        </Answer>
      )}
    </Panel>
  )
}
