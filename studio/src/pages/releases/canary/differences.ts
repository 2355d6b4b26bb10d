import type { Finding, Look } from '../../../api/releases.ts'
import { exact } from '../../../words/numbers.ts'

/** Candidate less champion at one look, in shares of one. */
export interface DifferencePoint {
  readonly at: number
  readonly step: number
  /** What the step gave the candidate: `mirror 20 %`, `10 %`. */
  readonly share: string
  readonly estimate: number
  readonly lower: number | null
  readonly upper: number | null
  readonly margin: number
  readonly n: { readonly canary: number; readonly champion: number }
}

/** The checks that compare the two arms, as the looks have them, each with what its events are called. */
export const compared: Readonly<Record<string, string>> = {
  error_rate: 'Error rate',
  refusal_rate: 'Refusal rate',
  latency: 'Share of slow requests',
}

/** A check over all looks that have it, oldest first. */
export const differencesOf = (looks: readonly Look[], check: string): readonly DifferencePoint[] =>
  looks.flatMap((look) => {
    const found = look.findings.find((finding) => finding.check === check)?.difference
    return found === undefined
      ? []
      : [{ at: Date.parse(look.at), step: look.step, share: shareOf(look), ...found }]
  })

const shareOf = ({ mirror, weight }: Look) =>
  mirror === undefined ? `${weight ?? 0} % of callers` : `mirror ${mirror} %`

/** A difference of shares in percentage points, signed: `+0.02 pp`. */
export function points(value: number, digits = 2): string {
  const text = Math.abs(value * 100).toFixed(digits)
  return `${Number(text) === 0 ? '±' : value > 0 ? '+' : '−'}${text} pp`
}

/** How a check stands, in the word that a verdict has. */
export const verdictOf = ({ state }: Finding): string =>
  ({
    safe: 'pass',
    harmful: 'fail',
    missed: 'inconclusive',
    undecided: 'inconclusive',
    told: 'not_applicable',
  })[state] ?? state

const words: Readonly<Record<string, string>> = {
  pass: 'passes',
  fail: 'does harm',
  inconclusive: 'not decided yet',
}

/** The verdict in numbers: `error rate +0.02 pp, interval −0.05 pp to +0.09 pp, margin +0.20 pp: passes`. */
export function sentenceOf(finding: Finding): string {
  const { check, difference } = finding
  const name = (compared[check] ?? check).toLowerCase()
  const verdict = words[verdictOf(finding)] ?? finding.state
  if (difference === undefined) return finding.says ?? `${name}: ${verdict}`
  const { estimate, lower, upper, margin, n } = difference
  const end = (value: number | null) => (value === null ? 'not known' : points(value))
  return `${name} ${points(estimate)}, interval ${end(lower)} to ${end(upper)}, margin ${points(margin)}, of ${exact(n.canary)} and ${exact(n.champion)} requests: ${verdict}`
}
