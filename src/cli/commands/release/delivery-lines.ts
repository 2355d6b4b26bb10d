import type { DeliveryStep } from '../../../release/plan/plan.ts'
import type { Finding } from '../../../release/delivery/analysis/findings.ts'
import type { Look } from '../../../release/delivery/analysis/look.ts'
import type { DeliveryRecord } from '../../../release/releases/release.ts'
import { markOutput } from '../../io.ts'
import type { Io, Style } from '../../io.ts'
import { mark } from './mark.ts'

/** How a delivery stands: where it is among its steps, and what the last look at the canary found. */
export function deliveryLines(
  io: Io,
  record: DeliveryRecord | undefined,
  { endpoint, steps, width }: { endpoint: string; steps: readonly DeliveryStep[]; width: number },
): readonly string[] {
  const said = record?.verdict ?? record?.doing ?? record?.state ?? ''
  const line = `  ${mark(io, record?.state ?? 'pending')} ${'delivery'.padEnd(width)}  ${endpoint}${said === '' ? '' : `: ${said}`}`
  const look = record?.looks?.at(-1) as unknown as Look | undefined
  if (record === undefined || look === undefined) return [line]
  const states = ['running', 'paused', 'failed', 'rolled_back']
  return [
    line,
    `      ${stepsLine(io, steps, record)}`,
    ...(states.includes(record.state) ? lookLines(io, look) : []),
  ]
}

function stepsLine(io: Io, steps: readonly DeliveryStep[], { state, step = 0 }: DeliveryRecord): string {
  const isDone = state === 'succeeded'
  const names = [...steps.map(nameOf), 'all traffic']
  return names
    .map((name, i) => {
      // Promoted by hand, it has all traffic and has not been through what is left.
      const isLast = i === names.length - 1
      const at = i < step || (isDone && isLast) ? 'succeeded' : i === step && !isDone ? state : 'pending'
      return `${mark(io, at)} ${i === step && !isDone ? name : markOutput(io, 'dim', name)}`
    })
    .join('   ')
}

const nameOf = (step: DeliveryStep): string =>
  'pause' in step ? 'pause' : 'mirror' in step ? `mirror ${step.mirror} %` : `${step.weight} %`

/** The checks of a look, and how fast both were. */
function lookLines(io: Io, { findings, latency, requests }: Look): readonly string[] {
  const width = Math.max(...findings.map(({ check }) => check.length))
  const { canary, champion } = latency
  const ms = ({ estimate }: { readonly estimate: number | null }) =>
    estimate === null ? '–' : `${estimate} ms`
  const speed = `p50 ${ms(canary.p50)}, p99 ${ms(canary.p99)}; the champion's ${ms(champion.p50)}, ${ms(champion.p99)} (${count(requests.canary)} and ${count(requests.champion)} requests)`
  return [
    ...findings.map(
      ({ check, state, says }) =>
        `      ${check.padEnd(width)}  ${markOutput(io, styleOf(state), state.padEnd(9))}  ${says ?? ''}`,
    ),
    `      ${'speed'.padEnd(width)}  ${markOutput(io, 'dim', 'told'.padEnd(9))}  ${speed}`,
  ].map((line) => line.trimEnd())
}

const styleOf = (state: Finding['state']): Style =>
  state === 'harmful' ? 'red' : state === 'safe' ? 'green' : state === 'told' ? 'dim' : 'yellow'

const count = (n: number) => n.toLocaleString('en')
