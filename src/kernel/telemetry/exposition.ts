import { bucketTotal, countAbove } from '../../statistics/latency/log-buckets.ts'
import type { Total } from './totals.ts'

/** Upper bounds of the buckets that distributions are told in, in seconds: OpenTelemetry's, with finer ones below and coarser ones above. */
const bounds = [
  0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800, 3600,
]

/**
 * Prometheus' text exposition (0.0.4) of what a server measures itself and of its series, each family once. What is about a
 * workspace has its name as label `workspace`; a series that the server tells of itself already is left out.
 *
 * @param own the exposition of the server's own metrics
 */
export function exposition(own: string, totals: readonly Total[]): string {
  const families = new Map(familiesOf(own).map((lines) => [nameOf(lines), lines]))
  for (const [name, group] of Map.groupBy(totals, (total) => total.name)) {
    const there = families.get(name)
    const { kind } = group[0] ?? { kind: 'gauge' }
    const told = new Set(there)
    const lines = group
      .filter((total) => total.kind === kind && !(there !== undefined && isOwn(total)))
      .flatMap((total) => linesOf(total))
      .filter(
        (line) => ![...told].some((other) => other.startsWith(`${line.slice(0, line.lastIndexOf(' '))} `)),
      )
    if (there !== undefined || lines.length > 0)
      families.set(name, [...(there ?? headOf(name, kind)), ...lines])
  }
  return [...families.values()].map((lines) => `${lines.join('\n')}\n`).join('\n')
}

const headOf = (name: string, kind: Total['kind']): readonly string[] => [
  `# HELP ${name} Measured by Twinloop, see docs/measurements.md.`,
  `# TYPE ${name} ${kind}`,
]

/** What the server measures of its own process, it tells of itself without labels: it must not count twice. */
const isOwn = ({ scope, labels }: Total): boolean => scope === '' && labels['process'] === 'server'

/** The lines of an exposition, those of each family together. */
function familiesOf(text: string): readonly (readonly string[])[] {
  const families: string[][] = []
  for (const line of text.split('\n').filter((one) => one.trim() !== '')) {
    const isFirst =
      line.startsWith('# HELP ') || (line.startsWith('# TYPE ') && nameOf(families.at(-1)) !== nameOf([line]))
    if (isFirst || families.length === 0) families.push([])
    families.at(-1)?.push(line)
  }
  return families
}

const nameOf = (lines: readonly string[] | undefined): string =>
  /^# (?:HELP|TYPE) (\S+)/.exec(lines?.[0] ?? '')?.[1] ?? ''

function linesOf(total: Total): readonly string[] {
  const { name, scope, labels, kind, value, buckets = {} } = total
  const own = scope === '' ? labels : { workspace: scope.split('/').at(-1) ?? '', ...labels }
  if (kind !== 'histogram') return [`${name}${spelled(own)} ${number(value)}`]
  const count = bucketTotal(buckets)
  return [
    ...bounds.map(
      (bound) =>
        `${name}_bucket${spelled({ ...own, le: String(bound) })} ${count - countAbove(buckets, bound)}`,
    ),
    `${name}_bucket${spelled({ ...own, le: '+Inf' })} ${count}`,
    `${name}_sum${spelled(own)} ${number(value)}`,
    `${name}_count${spelled(own)} ${count}`,
  ]
}

const spelled = (labels: Readonly<Record<string, string>>): string => {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`)
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`
}

const escaped = (value: string) =>
  value
    .replaceAll('\\', String.raw`\\`)
    .replaceAll('"', String.raw`\"`)
    .replaceAll('\n', String.raw`\n`)

const number = (value: number): string =>
  Number.isFinite(value) ? String(value) : Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf'
