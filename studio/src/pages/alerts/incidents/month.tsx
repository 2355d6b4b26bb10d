import { useMemo } from 'react'
import type { IncidentSummary } from '../../../api/incidents.ts'
import { usePaths } from '../../../frame/workspace.ts'
import { Figure, Figures, Panel } from '../../../parts/panel.tsx'
import { useNow } from '../../../parts/time.tsx'
import { plural } from '../../../words/names.ts'
import { duration } from '../../../words/time.ts'
import { Strip } from '../past/strip.tsx'
import { median } from '../words.ts'

const dayMs = 86_400_000
/** So many rules are drawn, those that fired longest. */
const mostRules = 8

/** What fires now beside what fired in the last 30 days. */
export function Now({ incidents }: { readonly incidents: readonly IncidentSummary[] }) {
  const firing = incidents.filter(({ state, silencedBy }) => state === 'Firing' && silencedBy === undefined)
  const unseen = firing.filter(({ acknowledged }) => acknowledged === undefined).length
  const waiting = incidents.reduce((sum, { actions }) => sum + (actions.approval ?? 0), 0)
  const failed = incidents.reduce(
    (sum, { state, actions }) => sum + (state === 'Firing' ? (actions.failed ?? 0) : 0),
    0,
  )
  const rules = Map.groupBy(incidents, ({ rule }) => rule)
  const [noisiest] = [...rules].toSorted(([, a], [, b]) => b.length - a.length)
  const lasted = incidents.flatMap(({ firedAt, resolvedAt }) =>
    resolvedAt === undefined ? [] : [Date.parse(resolvedAt) - Date.parse(firedAt)],
  )
  const typical = median(lasted)
  return (
    <Figures>
      <Figure
        name="Firing now"
        value={firing.length}
        note={
          firing.length === 0
            ? 'nothing is wrong'
            : unseen === 0
              ? 'all are seen to'
              : `${unseen} nobody has acknowledged`
        }
        {...(unseen > 0 ? { family: 'bad' as const } : {})}
      />
      <Figure
        name="Actions for you"
        value={waiting + failed}
        note={`${waiting} ${waiting === 1 ? 'waits' : 'wait'} for approval, ${failed} failed`}
        {...(waiting + failed > 0 ? { family: 'attention' as const } : {})}
      />
      <Figure
        name="Last 30 days"
        value={plural(incidents.length, 'incident')}
        note={`of ${plural(rules.size, 'rule')}`}
      />
      <Figure
        name="Over after"
        value={duration(typical)}
        note={lasted.length === 0 ? 'none was over yet' : `median of ${lasted.length}`}
      />
      {noisiest === undefined ? null : (
        <Figure name="Fired most often" value={`${noisiest[1].length} ×`} note={noisiest[0]} />
      )}
    </Figures>
  )
}

/** When each rule fired in the last 30 days, the longest first. */
export function Month({ incidents }: { readonly incidents: readonly IncidentSummary[] }) {
  const paths = usePaths()
  const now = useNow(60_000).getTime()
  const { rows, from, to, left } = useMemo(() => {
    const begin = now - 30 * dayMs
    const ofRule = [...Map.groupBy(incidents, ({ rule }) => rule)].map(([rule, some]) => {
      const spells = some.map(({ firedAt, resolvedAt }) => ({
        state: 'firing' as const,
        from: Math.max(Date.parse(firedAt), begin),
        to: resolvedAt === undefined ? now : Date.parse(resolvedAt),
      }))
      return { rule, spells, lasted: spells.reduce((sum, spell) => sum + spell.to - spell.from, 0) }
    })
    const longest = ofRule.toSorted((a, b) => b.lasted - a.lasted)
    return { rows: longest.slice(0, mostRules), left: longest.length - mostRules, from: begin, to: now }
  }, [incidents, now])
  if (rows.length === 0) return null
  return (
    <Panel
      title="When rules fired"
      subtitle={`last 30 days, ${plural(incidents.length, 'incident')}${left > 0 ? `; the ${mostRules} rules that fired longest` : ''}`}
    >
      <Strip
        rows={rows.map(({ rule, spells }) => ({ key: rule, name: rule, to: paths.alertRule(rule), spells }))}
        from={from}
        to={to}
      />
    </Panel>
  )
}
