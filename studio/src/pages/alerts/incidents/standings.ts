import type { IncidentSummary } from '../../../api/incidents.ts'
import { distinguished, severityRank, standing } from '../words.ts'

/** Which incidents a list shows, as the address and its switches say it. */
export const kinds = ['firing', 'silenced', 'inhibited', 'resolved'] as const
export type Kind = (typeof kinds)[number]

export const kindOf = (incident: IncidentSummary): Kind => {
  const word = standing(incident)
  if (word === 'Resolved') return 'resolved'
  if (word === 'Silenced') return 'silenced'
  return word === 'Inhibited' ? 'inhibited' : 'firing'
}

/** `firing,resolved` as it stands in the address; what is no kind is passed over. */
export const readKinds = (text: string): ReadonlySet<Kind> =>
  new Set(text.split(',').filter((word): word is Kind => (kinds as readonly string[]).includes(word)))

export const writeKinds = (chosen: ReadonlySet<Kind>): string =>
  chosen.size === 0 ? '-' : kinds.filter((kind) => chosen.has(kind)).join(',')

export interface Group {
  /** What its incidents have alike: the rule's name, or the value of the label. */
  readonly name: string
  readonly severity: string
  readonly incidents: readonly IncidentSummary[]
}

/**
 * Incidents that have a rule, or the value of a label, alike; in groups the newest is first, of groups the one that is
 * gravest, then the one in which something fired last.
 */
export function grouped(incidents: readonly IncidentSummary[], by: string): readonly Group[] {
  const nameOf = (one: IncidentSummary) => (by === 'rule' ? one.rule : (one.labels[by] ?? `without ${by}`))
  const groups = [...Map.groupBy(incidents, nameOf)].map(([name, some]): Group => {
    const newest = some.toSorted((a, b) => b.firedAt.localeCompare(a.firedAt))
    const gravest = some.toSorted((a, b) => severityRank(a.severity) - severityRank(b.severity))[0]
    return { name, severity: gravest?.severity ?? '', incidents: newest }
  })
  return groups.toSorted(
    (a, b) =>
      severityRank(a.severity) - severityRank(b.severity) ||
      (b.incidents[0]?.firedAt ?? '').localeCompare(a.incidents[0]?.firedAt ?? ''),
  )
}

/** Labels by which incidents can be put together: those that any has, but for what the rule is. */
export const labelsIn = (incidents: readonly IncidentSummary[]): readonly string[] =>
  [...new Set(incidents.flatMap(({ labels }) => Object.keys(labels)))]
    .filter((label) => label !== 'alertname')
    .toSorted()

/** Those in which a text occurs: rule, what is wrong, labels, severity, number, who sees to it. */
export function searched(incidents: readonly IncidentSummary[], text: string): readonly IncidentSummary[] {
  const wanted = text.trim().toLowerCase()
  if (wanted === '') return incidents
  return incidents.filter((one) =>
    [
      one.rule,
      one.summary,
      distinguished(one.labels),
      one.severity,
      `#${one.name}`,
      one.acknowledged?.by ?? '',
    ]
      .join(' ')
      .toLowerCase()
      .includes(wanted),
  )
}
