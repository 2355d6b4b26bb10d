/*
 * The states of alerts, as Prometheus has them (rules/alerting.go): pure, over what a rule found and the time.
 */

export type Labels = Readonly<Record<string, string>>

/** One thing that a rule found true at an evaluation: labels tell it from the others. */
export interface Finding {
  readonly labels: Labels
  readonly value: number
}

/** One alert of a rule. Times are milliseconds since 1970. */
export interface Alert {
  readonly labels: Labels
  readonly state: 'pending' | 'firing' | 'resolved'
  /** The value at the last evaluation that found it true. */
  readonly value: number
  /** When it began to be true. */
  readonly activeAt: number
  readonly firedAt?: number
  /** Since when it is not true any more and yet fires (`keep_firing_for`). */
  readonly keptSince?: number
  readonly resolvedAt?: number
}

/** What of a rule the states depend on. */
export interface Holding {
  /** How long it has to be true before it fires, in ms; 0 fires at the first evaluation. */
  readonly forMs: number
  /** How long it goes on firing after it is not true any more, in ms. */
  readonly keepFiringForMs: number
  /** How many alerts a rule may have; 0 is any number. */
  readonly limit: number
}

/** What happened to an alert at an evaluation. */
export interface Transition {
  readonly alert: Alert
  readonly to: 'pending' | 'firing' | 'resolved' | 'inactive'
}

/** Alerts of a rule, by fingerprint. */
export type Alerts = ReadonlyMap<string, Alert>

/** How long a resolved alert is remembered, to be told of again to who was away. */
const resolvedMs = 15 * 60_000

/** Names an alert by its labels, in whatever order they come. */
export const fingerprintOf = (labels: Labels): string =>
  JSON.stringify(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)))

/**
 * The alerts of a rule after an evaluation. True and new: pending, or firing where it need not hold; pending for long
 * enough: firing; not true any more: forgotten while pending, resolved once it fired and was kept long enough; true again
 * while kept: as if it had never ceased. Throws a RangeError for two findings of the same labels, and for more findings
 * than the limit; the alerts then stay as they were.
 */
export function evaluate(
  before: Alerts,
  found: readonly Finding[],
  rule: Holding,
  now: number,
): { readonly alerts: Alerts; readonly transitions: readonly Transition[] } {
  if (rule.limit > 0 && found.length > rule.limit)
    throw new RangeError(`The rule found ${found.length} alerts, and its limit is ${rule.limit}.`)
  const findings = new Map<string, Finding>()
  for (const finding of found) {
    const fingerprint = fingerprintOf(finding.labels)
    if (findings.has(fingerprint))
      throw new RangeError(
        `The rule found two alerts with the labels ${fingerprint}: it has to tell them apart.`,
      )
    findings.set(fingerprint, finding)
  }
  const alerts = new Map<string, Alert>()
  const transitions: Transition[] = []
  const move = (alert: Alert, to: Transition['to']) => {
    transitions.push({ alert, to })
    return alert
  }
  for (const [fingerprint, alert] of before) {
    if (findings.has(fingerprint)) continue
    const after = withoutFinding(alert, rule, now)
    if (after !== undefined) alerts.set(fingerprint, after)
    if (after === undefined && alert.state === 'pending') move(alert, 'inactive')
    if (after?.state === 'resolved' && alert.state === 'firing') move(after, 'resolved')
  }
  for (const [fingerprint, { labels, value }] of findings) {
    const known = before.get(fingerprint)
    const was = known?.state === 'resolved' ? undefined : known
    const activeAt = was?.activeAt ?? now
    const fires = was?.state === 'firing' || now - activeAt >= rule.forMs
    const alert: Alert = fires
      ? { labels, value, state: 'firing', activeAt, firedAt: was?.firedAt ?? now }
      : { labels, value, state: 'pending', activeAt }
    alerts.set(fingerprint, alert)
    if (alert.state !== was?.state) move(alert, alert.state)
  }
  return { alerts, transitions }
}

/**
 * The alerts after a time in which nobody looked (the server was down, the clock leapt), in ms: it counts neither as held nor
 * as over, as Prometheus has it of a restart.
 */
export const afterGap = (alerts: Alerts, gapMs: number): Alerts =>
  gapMs <= 0
    ? alerts
    : new Map(
        [...alerts].map(([fingerprint, alert]) => [
          fingerprint,
          {
            ...alert,
            ...(alert.state === 'pending' ? { activeAt: alert.activeAt + gapMs } : {}),
            ...(alert.keptSince === undefined ? {} : { keptSince: alert.keptSince + gapMs }),
          },
        ]),
      )

/** An alert whose rule does not find it any more; undefined when it is forgotten. */
function withoutFinding(alert: Alert, rule: Holding, now: number): Alert | undefined {
  if (alert.state === 'pending') return undefined
  if (alert.state === 'resolved') return now - (alert.resolvedAt ?? now) > resolvedMs ? undefined : alert
  const keptSince = alert.keptSince ?? now
  if (rule.keepFiringForMs > 0 && now - keptSince < rule.keepFiringForMs) return { ...alert, keptSince }
  return { ...alert, state: 'resolved', resolvedAt: now }
}
