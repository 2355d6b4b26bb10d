import type { Segment } from '../../../api/monitors.ts'

/** What an alert is to be about. */
export interface AlertAbout {
  readonly monitor: string
  readonly signal: string
  readonly metric: string
  readonly feature: string
  readonly segment: Segment | undefined
  /** True where a smaller value is beyond. */
  readonly below: boolean
  readonly threshold: number | undefined
}

/** The YAML of a rule about a feature's metric; `unless` is its limit where nobody tried one. */
export function ruleYaml(about: AlertAbout, unless: number): string {
  const { monitor, signal, metric, feature, segment, below, threshold } = about
  const name = [feature, metric]
    .join('-')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 100)
  const when = [
    `  monitor: ${quoted(monitor)}`,
    `  signal: ${quoted(signal)}`,
    `  metric: ${metric}`,
    `  feature: ${quoted(feature)}`,
    ...(segment === undefined
      ? []
      : [
          '  segment:',
          ...Object.entries(segment).map(([key, value]) => `    ${quoted(key)}: ${quoted(value)}`),
        ]),
    `  ${below ? 'below' : 'above'}: ${threshold ?? unless}`,
  ]
  return ['type: alert_rule', `name: ${name || 'feature'}`, 'when:', ...when, 'severity: warning', ''].join(
    '\n',
  )
}

/** Text as YAML reads it back: plain where it is a plain word. */
const quoted = (text: string): string =>
  /^[A-Za-z_][\w-]*$/.test(text) && !/^(?:true|false|null|yes|no|on|off|y|n)$/i.test(text)
    ? text
    : JSON.stringify(text)
