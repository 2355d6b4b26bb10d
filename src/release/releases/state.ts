import type { ReleasePlan, Stage } from '../plan/plan.ts'
import type { GateRecord, Release, ReleaseState, ReleaseStateName, StageRecord } from './release.ts'

const ends: readonly ReleaseStateName[] = [
  'succeeded',
  'failed',
  'refused',
  'expired',
  'superseded',
  'cancelled',
  'rolled_back',
]

/** States that a release does not leave by itself. */
export const hasEnded = ({ state }: Pick<ReleaseState, 'state'>): boolean => ends.includes(state)

/** `flight-delay/14`: how people and commands call a release. */
export const labelOf = ({ id }: { readonly id: string }): string => {
  const segments = id.split('/')
  return `${segments.at(-3)}/${segments.at(-1)}`
}

/** Id of the plan that a release is a run of. */
export const planIdOf = ({ id }: { readonly id: string }): string => id.split('/').slice(0, -2).join('/')

export const numberOf = ({ name }: Pick<Release, 'name'>): number => Number(name)

/** All stages as they are before any has begun. */
export const stagesBefore = (plan: ReleasePlan): readonly StageRecord[] =>
  plan.stages.map((stage) => ({
    name: stage.name,
    state: 'pending',
    gates: stage.gates.map(({ name, gate }) => ({ name, gate, attempt: 1, state: 'pending' })),
  }))

/** The stage that a release is in, and how it stands; undefined once all have succeeded. */
export function currentStage(
  state: ReleaseState,
): { readonly plan: Stage; readonly record: StageRecord } | undefined {
  const record = state.stages.find((stage) => stage.state !== 'succeeded')
  const plan = state.plan.stages.find((stage) => stage.name === record?.name)
  return record === undefined || plan === undefined ? undefined : { plan, record }
}

export const hasPassed = ({ state }: Pick<GateRecord, 'state'>): boolean =>
  state === 'passed' || state === 'waived'

/** True while a stage's delivery may have changed what callers get and has not come to its end. */
export const isDelivering = (state: ReleaseState): boolean =>
  state.stages.some(
    ({ state: stage, delivery }) =>
      stage === 'delivery' && delivery !== undefined && delivery.state !== 'pending',
  )

/** The state with one stage changed. */
export const withStage = (
  state: ReleaseState,
  name: string,
  change: Partial<StageRecord>,
): Pick<ReleaseState, 'stages'> => ({
  stages: state.stages.map((stage) => (stage.name === name ? { ...stage, ...change } : stage)),
})

/** The state with one gate of a stage changed. */
export const withGate = (
  state: ReleaseState,
  stage: string,
  name: string,
  change: (gate: GateRecord) => GateRecord,
): Pick<ReleaseState, 'stages'> => ({
  stages: state.stages.map((record) =>
    record.name === stage
      ? { ...record, gates: record.gates.map((gate) => (gate.name === name ? change(gate) : gate)) }
      : record,
  ),
})
