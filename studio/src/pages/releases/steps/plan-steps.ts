import type { Delivery, Gate, Release, Stage, Step } from '../../../api/releases.ts'
import { duration } from '../../../words/time.ts'

/** One thing that a release has to get through. */
export interface PlanStep {
  readonly key: string
  readonly kind: 'gate' | 'approval' | 'delivery'
  readonly name: string
  /** `held`: it waits for people. `skipped`: it never came to that. */
  readonly state: 'done' | 'now' | 'held' | 'bad' | 'next' | 'skipped'
  /** What is said beside it, in a few words. */
  readonly note?: string
  /** Percent that the step gives the candidate, of callers or of copies. */
  readonly weight?: number
}

export interface PlannedStage {
  readonly name: string
  readonly state: string
  readonly steps: readonly PlanStep[]
}

/** Everything that a release goes through, in its order, and where it is. */
export function planSteps({ properties }: Release): readonly PlannedStage[] {
  const { stages, plan, stage: current, phase } = properties
  const isOver = phase === 'ended'
  return stages.map((stage) => {
    const planned = plan?.stages.find(({ name }) => name === stage.name)
    const isNow = stage.name === current && !isOver
    const later = isOver ? 'skipped' : 'next'
    return {
      name: stage.name,
      state: stage.state,
      steps: [
        ...stage.gates.map((gate) => gateStep(gate, later)),
        ...(planned?.approval === undefined ? [] : [approvalStep(stage, isNow, later)]),
        ...(planned?.deliver === undefined
          ? []
          : deliverySteps(planned.deliver.steps, planned.deliver, stage.delivery, later)),
      ],
    }
  })
}

const gateStates: Readonly<Record<string, PlanStep['state']>> = {
  passed: 'done',
  waived: 'done',
  running: 'now',
  failed: 'bad',
  error: 'bad',
  inconclusive: 'bad',
}

const gateStep = ({ name, state }: Gate, later: PlanStep['state']): PlanStep => ({
  key: `gate ${name}`,
  kind: 'gate',
  name,
  state: gateStates[state] ?? later,
  ...(state === 'waived' ? { note: 'waived' } : state === 'inconclusive' ? { note: 'inconclusive' } : {}),
})

function approvalStep({ approval }: Stage, isNow: boolean, later: PlanStep['state']): PlanStep {
  const state =
    approval === undefined
      ? later
      : approval.state === 'approved'
        ? 'done'
        : approval.state === 'open'
          ? isNow
            ? 'held'
            : later
          : 'bad'
  const by = approval?.decisions.at(-1)?.by.name
  return {
    key: 'approval',
    kind: 'approval',
    name: 'Approval',
    state,
    ...(state === 'held' ? { note: 'waits for people' } : by === undefined ? {} : { note: by }),
  }
}

function deliverySteps(
  steps: readonly Step[],
  { online, batch }: { readonly online?: string; readonly batch?: string },
  delivery: Delivery | undefined,
  later: PlanStep['state'],
): readonly PlanStep[] {
  const at = delivery?.step ?? -1
  const state = (i: number): PlanStep['state'] => {
    if (delivery === undefined) return later
    if (delivery.state === 'succeeded' || i < at) return 'done'
    if (i > at) return ['rolled_back', 'failed'].includes(delivery.state) ? 'skipped' : 'next'
    if (['rolled_back', 'failed'].includes(delivery.state)) return 'bad'
    return delivery.state === 'paused' ? 'held' : 'now'
  }
  const shared = online === undefined ? [] : steps.map((step, i) => deliveryStep(step, i, state(i)))
  return [
    ...shared,
    {
      key: 'all',
      kind: 'delivery',
      name: `All traffic of ${online ?? batch ?? ''}`,
      state: delivery?.state === 'succeeded' ? 'done' : state(steps.length),
      ...(online === undefined ? {} : { weight: 100 }),
    },
  ]
}

function deliveryStep(step: Step, i: number, state: PlanStep['state']): PlanStep {
  const base = { key: `step ${i}`, kind: 'delivery', state } as const
  if ('pause' in step) return { ...base, name: 'Pause until somebody resumes' }
  const note = `at least ${duration(step.forMs).replace(' 00 s', '').replace('.0 s', ' s')}`
  return 'mirror' in step
    ? { ...base, name: `Mirror ${step.mirror} %`, note, weight: step.mirror }
    : { ...base, name: `${step.weight} % of callers`, note, weight: step.weight }
}
