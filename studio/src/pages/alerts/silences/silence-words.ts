import { matchesAll, parseMatcher, type Matcher } from '../../../../../src/alerts/routing/matchers.ts'
import type { IncidentSummary } from '../../../api/incidents.ts'

/** What a person writes into the form of a silence. */
export interface SilenceDraft {
  readonly name: string
  /** One matcher a line. */
  readonly matchers: string
  readonly begins: 'now' | 'at' | 'again'
  /** A moment as the browser's field has it, in local time. */
  readonly at: string
  /** Again and again: a cron expression. */
  readonly cron: string
  /** How long, such as `2h`. */
  readonly lasts: string
  readonly timeZone: string
  readonly reason: string
}

/** Matchers of lines, each as it is read or as what is wrong with it; empty lines are passed over. */
export function readLines(text: string): {
  readonly matchers: readonly Matcher[]
  readonly mistakes: readonly string[]
} {
  const matchers: Matcher[] = []
  const mistakes: string[] = []
  for (const line of text.split('\n').filter((one) => one.trim() !== ''))
    try {
      matchers.push(parseMatcher(line))
    } catch (error) {
      mistakes.push((error as Error).message)
    }
  return { matchers, mistakes }
}

/** Incidents that fire now and would be quiet. */
export const matching = (
  incidents: readonly IncidentSummary[],
  matchers: readonly Matcher[],
): readonly IncidentSummary[] =>
  matchers.length === 0
    ? []
    : incidents.filter(({ state, labels }) => state === 'Firing' && matchesAll(labels, matchers))

/** Labels as matchers that only they match, `alertname` first. */
export const matchersFor = (labels: Readonly<Record<string, string>>): readonly string[] =>
  Object.entries(labels)
    .filter(([label]) => label !== 'severity')
    .toSorted(([a], [b]) => Number(b === 'alertname') - Number(a === 'alertname'))
    .map(([label, value]) => `${label}=${JSON.stringify(value)}`)

/** The properties of the silence that is meant. */
export function propertiesOf(draft: SilenceDraft) {
  const { matchers, begins, at, cron, lasts, timeZone, reason } = draft
  return {
    matchers: matchers.split('\n').filter((line) => line.trim() !== ''),
    for: lasts.trim(),
    reason: reason.trim(),
    ...(begins === 'at' ? { from: new Date(at).toISOString() } : {}),
    ...(begins === 'again' ? { from: cron.trim(), time_zone: timeZone } : {}),
  }
}

/** What keeps a draft from being sent; undefined if nothing does. */
export function lacking(draft: SilenceDraft): string | undefined {
  const { matchers, mistakes } = readLines(draft.matchers)
  if (mistakes[0] !== undefined) return mistakes[0]
  if (matchers.length === 0) return 'Say which alerts: a matcher on each line, such as endpoint="flights".'
  if (!/^\d+(?:\.\d+)?\s*[smhdw]$/.test(draft.lasts.trim())) return 'Say how long, such as 2h or 3d.'
  if (draft.begins === 'at' && draft.at === '') return 'Say when it begins.'
  if (draft.begins === 'again' && draft.cron.trim() === '') return 'Say when it begins, as a cron expression.'
  return draft.reason.trim() === '' ? 'Say why: those who miss the alerts should know.' : undefined
}

/** A name that nobody has taken: by whom it is for and the minute. */
export const freshName = (what: string, now: Date): string =>
  `${
    what
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, '-')
      .replaceAll(/^-|-$/g, '')
      .slice(0, 40) || 'silence'
  }-${now.toISOString().slice(0, 19).replaceAll(/\D/g, '')}`
