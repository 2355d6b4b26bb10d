import type { Measure } from '../gates/gate.ts'
import type { ApprovalRecord, GateRecord, Release } from '../releases/release.ts'
import { labelOf } from '../releases/state.ts'
import type { Judgement } from './rule.ts'

/** What somebody has to see who decides about a stage of a release: for pages, mails and cards. */
export interface Review {
  /** `flight-delay/14` */
  readonly label: string
  readonly model: string
  readonly version: string
  readonly stage: string
  readonly workspace: string
  /** Version that reigns now, if any. */
  readonly champion: string | undefined
  /** What happens once it is approved, one sentence. */
  readonly afterwards: string
  /** Who asked for it: `Dana registered the candidate`. */
  readonly requesters: readonly string[]
  /** What started it: `by the registration of flight-delay:14`. */
  readonly reason: string
  readonly roles: readonly string[]
  readonly count: number
  readonly approval: ApprovalRecord
  readonly judgement: Judgement
  readonly stages: readonly { readonly name: string; readonly gates: readonly GateRecord[] }[]
  /** The newest last. */
  readonly timeline: Release['status']['timeline']
}

export function reviewOf(
  release: Release,
  {
    stage,
    workspace,
    approval,
    judgement,
  }: {
    readonly stage: string
    readonly workspace: string
    readonly approval: ApprovalRecord
    readonly judgement: Judgement
  },
): Review {
  const { status } = release
  const { candidate, champion, startedBy, plan } = status
  const last = status.stages.findIndex(({ name }) => name === stage)
  const planned = plan.stages[last]
  return {
    label: labelOf(release),
    model: candidate.name,
    version: candidate.version,
    stage,
    workspace,
    champion: champion?.version,
    afterwards: whatFollows(plan.stages[last]?.deliver, plan.stages[last + 1]?.name),
    reason: startedBy.why,
    requesters: approval.requesters
      .filter(({ behind }) => behind === undefined)
      .map(({ name, why }) => `${name} ${why}`),
    roles: planned?.approval?.roles ?? [],
    count: planned?.approval?.count ?? 1,
    approval,
    judgement,
    stages: status.stages.slice(0, last + 1).filter(({ gates }) => gates.length > 0),
    timeline: status.timeline.slice(-30),
  }
}

function whatFollows(
  deliver: Release['status']['plan']['stages'][number]['deliver'],
  next: string | undefined,
): string {
  if (deliver === undefined)
    return next === undefined
      ? 'Once approved, the release succeeds and the version is the champion.'
      : `Once approved, stage ${next} begins.`
  const { online, batch, steps } = deliver
  const to = [
    ...(online === undefined ? [] : [`online endpoint ${online}`]),
    ...(batch === undefined ? [] : [`batch endpoint ${batch}`]),
  ].join(' and ')
  const [first] = steps
  const begins =
    online === undefined || first === undefined
      ? ''
      : 'mirror' in first
        ? `, at first with ${first.mirror}\u00a0% of the requests mirrored`
        : 'weight' in first
          ? `, at first with ${first.weight}\u00a0% of the requests`
          : ''
  return `Once approved, it is delivered to ${to}${begins}.`
}

/** A measure's value, with its interval: `0.742 (0.731 to 0.753, 95 %)`. */
export function valueOf({ estimate, interval, note }: Measure): string {
  if (estimate === null) return note ?? 'not defined'
  if (interval === undefined) return figure(estimate)
  const { lower, upper, confidence } = interval
  return `${figure(estimate)} (${figure(lower)} to ${figure(upper)}, ${figure(confidence * 100)}\u00a0%)`
}

/** `roc_auc of the champion, carrier AA` */
export function nameOf({ name, of, slice }: Measure): string {
  const whose =
    of === undefined || of === 'candidate'
      ? ''
      : of === 'champion'
        ? ' of the champion'
        : of === 'ratio'
          ? ', ratio to the champion'
          : ', difference to the champion'
  const part = Object.entries(slice ?? {}).map(([column, value]) => `, ${column} ${value}`)
  return `${name}${whose}${part.join('')}`
}

/** Four digits that count, and thousands apart. */
const figure = (value: number): string =>
  Number.isInteger(value)
    ? value.toLocaleString('en-US')
    : Math.abs(value) >= 1e-4 && Math.abs(value) < 1e6
      ? String(Number(value.toPrecision(4)))
      : value.toExponential(2)

/** How a gate has come out, as a reader is told, and whether that is good. */
export function outcomeOf({ state, result, waiver }: GateRecord): {
  readonly word: string
  readonly mark: Mark
} {
  if (state === 'waived') return { word: `waived by ${waiver?.by.name ?? 'somebody'}`, mark: 'warn' }
  if (result?.verdict === 'not_applicable') return { word: 'does not apply', mark: 'none' }
  if (state === 'passed') return { word: 'passed', mark: 'good' }
  return { word: state, mark: state === 'pending' || state === 'running' ? 'none' : 'bad' }
}

export type Mark = 'good' | 'bad' | 'warn' | 'none'

/** `23 November 2026, 17:04 UTC` */
export const dateOf = (iso: string): string => {
  const date = new Date(iso)
  const day = date.toLocaleDateString('en-GB', {
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    timeZone: 'UTC',
  })
  return `${day}, ${date.toISOString().slice(11, 16)} UTC`
}
