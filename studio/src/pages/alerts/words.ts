import type { Incident, IncidentSummary } from '../../api/incidents.ts'
import { bytes, metric, percent } from '../../words/numbers.ts'
import { duration } from '../../words/time.ts'

type State = Pick<IncidentSummary, 'state' | 'acknowledged' | 'silencedBy'>

/** How an incident stands, in one word. */
export const standing = ({ state, acknowledged, silencedBy }: State): string => {
  if (state !== 'Firing') return state
  if (silencedBy !== undefined) return silencedBy.startsWith('inhibited') ? 'Inhibited' : 'Silenced'
  return acknowledged === undefined ? 'Firing' : 'Acknowledged'
}

export const standingOf = ({ properties }: Incident): string => standing(properties)

/** Worse severities first; those that are not known here stand in the middle. */
const severities = ['critical', 'page', 'error', 'warning', 'info']
export function severityRank(severity: string): number {
  const rank = severities.indexOf(severity.toLowerCase())
  return rank === -1 ? 2.5 : rank
}

const ofEvery = ['alertname', 'severity']

/** What the labels of an alert say beyond its rule: `endpoint flights, status 500`. */
export const distinguished = (labels: Readonly<Record<string, string>>): string =>
  Object.entries(labels)
    .filter(([name, value]) => !ofEvery.includes(name) && value !== '')
    .map(([name, value]) => `${name} ${value}`)
    .join(', ')

/** How values of a rule read, by the unit that the name of their metric tells. */
export const inUnit =
  (unit: 'ratio' | 'seconds' | 'bytes' | null) =>
  (value: number): string => {
    if (unit === 'ratio') return percent(value, 2)
    if (unit === 'bytes') return bytes(value)
    return unit === 'seconds' ? duration(value * 1000) : metric(value)
  }

/** The middle of some numbers; undefined of none. */
export function median(values: readonly number[]): number | undefined {
  const sorted = values.toSorted((a, b) => a - b)
  const [low, high] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]]
  return low === undefined || high === undefined ? undefined : (low + high) / 2
}
