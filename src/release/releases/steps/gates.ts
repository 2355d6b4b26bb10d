import { tellable } from '../../../kernel/errors.ts'
import type { Platform } from '../../../kernel/platform.ts'
import type { Gate, GateResult, GateVerdict } from '../../gates/gate.ts'
import { gateOf } from '../../plan/check.ts'
import { abandonWorks } from '../../../kernel/work/background.ts'
import { changeRelease, releaseEvent, type ReleaseChange } from '../change.ts'
import { keepScorecard } from '../../scorecard/keep.ts'
import { gateContext, workPrefix } from '../gate-context.ts'
import type { GateRecord, Release } from '../release.ts'
import { hasEnded, hasPassed, withGate, withStage } from '../state.ts'
import type { Step, Stepped } from './context.ts'
import { endRelease } from './end.ts'
import { leftBy } from './tidy.ts'

/** So many gates of a stage run side by side. */
const atOnce = 2

const states: Readonly<Record<GateVerdict, GateRecord['state']>> = {
  pass: 'passed',
  not_applicable: 'passed',
  fail: 'failed',
  inconclusive: 'inconclusive',
}

/** Sets gates going, lets those that run take a step, and moves the stage on when all are passed. */
export async function stepGates(step: Step): Promise<Stepped> {
  const { platform, release, plan, record } = step
  // First of all: a waiver that has ended lets nothing pass, however long the release stood blocked meanwhile.
  const expired = record.gates.filter((gate) => isExpired(gate, platform.clock()))
  if (expired.length > 0) return endWaivers(step, expired)
  if (record.gates.every(hasPassed)) return leaveGates(step)
  const turn = gatesWhoseTurnItIs(record.gates, (gate) => precedence(plan.gates, gate))
  const running = turn.filter(({ state }) => state === 'running')
  const next = gatesToBegin(turn, (gate) => gateIn(plan.gates, gate)?.alone === true)
  if (next.length > 0) return begin(platform, release, record.name, next)
  const untilEnd = record.gates.flatMap(({ waiver }) =>
    waiver === undefined ? [] : [Math.max(0, Date.parse(waiver.expiresAt) - platform.clock().getTime())],
  )
  if (running.length === 0) {
    await stayBlocked(step)
    return untilEnd.length === 0 ? undefined : { again: Math.min(...untilEnd) }
  }
  const again = (await Promise.all(running.map((gate) => advance(step, gate)))).filter(
    (ms) => ms !== undefined,
  )
  const soonest = Math.min(...again, ...untilEnd)
  if (Number.isFinite(soonest)) return { again: soonest }
}

/** Precautionary gates go before all others: what they have not let pass is not looked at by anything that loads it. */
const precedence = (planned: Step['plan']['gates'], gate: GateRecord): number =>
  gateIn(planned, gate)?.precautionary === true ? 0 : 1

function gateIn(planned: Step['plan']['gates'], { name }: GateRecord): Gate | undefined {
  const of = planned.find((gate) => gate.name === name)
  return of === undefined ? undefined : gateOf(of)
}

/** Of the gates whose turn it is, those to set going: two at once, and one that has to be alone when no other is left. Pure. */
export function gatesToBegin(
  turn: readonly GateRecord[],
  isAlone: (gate: GateRecord) => boolean,
): readonly GateRecord[] {
  const running = turn.filter(({ state }) => state === 'running')
  const pending = turn.filter(({ state }) => state === 'pending')
  if (running.some(isAlone)) return []
  const together = pending.filter((gate) => !isAlone(gate))
  if (running.length > 0 || together.length > 0)
    return together.slice(0, Math.max(0, atOnce - running.length))
  return pending.slice(0, 1)
}

/** The gates that may run now: the precautionary ones until all of them have passed, then the others. Pure. */
export function gatesWhoseTurnItIs(
  gates: readonly GateRecord[],
  rank: (gate: GateRecord) => number,
): readonly GateRecord[] {
  const first = gates.filter((gate) => rank(gate) === 0)
  return first.every(hasPassed) ? gates.filter((gate) => rank(gate) !== 0) : first
}

const isExpired = ({ state, waiver }: GateRecord, now: Date) =>
  state === 'waived' && waiver !== undefined && Date.parse(waiver.expiresAt) <= now.getTime()

/** A waiver that ended before its stage did counts no more: the gate is what it was. */
async function endWaivers(
  { platform, release, record }: Step,
  expired: readonly GateRecord[],
): Promise<void> {
  await changeRelease(platform, release.key, ({ id, status }) => {
    let stages = status.stages
    for (const { name } of expired)
      stages = withGate({ ...status, stages }, record.name, name, ({ waiver: _, ...gate }) => ({
        ...gate,
        state: gate.result === undefined ? 'error' : states[gate.result.verdict],
      })).stages
    const names = expired.map(({ name }) => name)
    return {
      state: { stages },
      happened: [{ who: 'Twinloop release', what: `the waiver of ${names.join(', ')} has expired` }],
      events: names.map((gate) => releaseEvent({ id, status }, 'WaiverExpired', { gate })),
    }
  })
}

async function begin(
  platform: Platform,
  release: Release,
  stage: string,
  gates: readonly GateRecord[],
): Promise<void> {
  const startedAt = platform.clock().toISOString()
  await changeRelease(platform, release.key, ({ status }) => {
    let stages = status.stages
    for (const { name } of gates)
      stages = withGate({ ...status, stages }, stage, name, (gate) =>
        gate.state === 'pending' ? { ...gate, state: 'running', startedAt } : gate,
      ).stages
    const names = gates.map(({ name, attempt }) => (attempt === 1 ? name : `${name} (attempt ${attempt})`))
    return {
      state: {
        stages,
        state: 'running',
        reason: `${names.join(' and ')} of stage ${stage} ${names.length > 1 ? 'run' : 'runs'}.`,
      },
      happened: [{ who: 'Twinloop release', what: `${names.join(' and ')} began` }],
    }
  })
}

/** Lets a gate take a step, and writes down how far it is. Returns when it wants to be looked at again. */
async function advance(step: Step, gate: GateRecord): Promise<number | undefined> {
  const { platform, release, plan, signal } = step
  const planned = plan.gates.find(({ name }) => name === gate.name)
  try {
    if (planned === undefined) throw new Error(`The plan has no gate '${gate.name}'.`)
    const context = await gateContext(step, gate)
    const progress = await gateOf(planned).advance(planned.parameters, context)
    if ('result' in progress) {
      await settle(step, gate, { state: states[progress.result.verdict], result: progress.result })
      return undefined
    }
    await note(platform, release.key, step.record.name, gate, {
      doing: progress.doing,
      ...(progress.state === undefined ? {} : { working: progress.state }),
    })
    return progress.again
  } catch (error) {
    // The next server goes on.
    if (signal.aborted) throw error
    const told = tellable(error)
    if (told === undefined)
      platform.log.error('a gate failed to look', { release: release.key, gate: gate.name, error })
    const message = told?.message ?? (error instanceof Error ? error.message : String(error))
    await settle(step, gate, { state: 'error', error: message })
    return undefined
  }
}

/** Writes to the attempt that was looked at, and to no later one. */
const note = (
  platform: Platform,
  key: string,
  stage: string,
  gate: GateRecord,
  change: Partial<GateRecord>,
): Promise<unknown> =>
  changeRelease(platform, key, ({ status }) =>
    isSameAttempt(status, stage, gate)
      ? { state: withGate(status, stage, gate.name, (was) => ({ ...was, ...change })) }
      : undefined,
  )

const isSameAttempt = (status: Release['status'], stage: string, { name, attempt }: GateRecord): boolean =>
  status.stages
    .find((record) => record.name === stage)
    ?.gates.some((gate) => gate.name === name && gate.attempt === attempt && gate.state === 'running') ===
  true

/** An attempt is over. */
async function settle(
  { platform, release, record }: Step,
  gate: GateRecord,
  found: { readonly state: GateRecord['state']; readonly result?: GateResult; readonly error?: string },
): Promise<void> {
  abandonWorks(platform, workPrefix(release, record.name, gate))
  await changeRelease(platform, release.key, ({ id, status }): ReleaseChange | undefined => {
    if (!isSameAttempt(status, record.name, gate)) return undefined
    const endedAt = platform.clock().toISOString()
    const said = found.result?.summary ?? found.error ?? ''
    const now = status.stages.find(({ name }) => name === record.name)?.gates ?? []
    const left = leftBy(
      record.name,
      now.filter(({ name }) => name === gate.name),
    )
    return {
      state: {
        ...withGate(status, record.name, gate.name, ({ working: _, doing: _doing, ...was }) => ({
          ...was,
          ...found,
          endedAt,
        })),
        ...(left.length === 0 ? {} : { leftovers: [...(status.leftovers ?? []), ...left] }),
      },
      happened: [
        { who: 'Twinloop release', what: `${gate.name} ${inWords(found)}${said === '' ? '' : `: ${said}`}` },
      ],
      events: [
        releaseEvent({ id, status }, 'GateFinished', {
          gate: gate.name,
          kind: gate.gate,
          attempt: gate.attempt,
          outcome: found.state,
          verdict: found.result?.verdict,
          summary: said,
        }),
      ],
    }
  })
}

const inWords = ({ state, result }: { readonly state: GateRecord['state']; readonly result?: GateResult }) =>
  result?.verdict === 'not_applicable'
    ? 'does not apply'
    : state === 'error'
      ? 'could not look'
      : state === 'inconclusive'
        ? 'is inconclusive'
        : state

/** Nothing runs and not all have passed: somebody has to retry, waive or cancel; or the plan says that it is the end. */
async function stayBlocked({ platform, release, record }: Step): Promise<void> {
  const open = record.gates.filter((gate) => !hasPassed(gate) && gate.state !== 'pending')
  const failed = open.filter(({ state }) => state === 'failed')
  const reason = `${open.map((gate) => `${gate.name} ${inWords(gate)}`).join(', ')} in stage ${record.name}.`
  if (release.status.plan.onFailedGate === 'end' && failed.length > 0)
    return endRelease(platform, release, { state: 'failed', reason })
  if (release.status.state === 'blocked' && release.status.reason === reason) return
  await changeRelease(platform, release.key, ({ id, status }) => {
    if (hasEnded(status)) return undefined
    const next = { ...status, state: 'blocked' as const, reason }
    return {
      state: { state: 'blocked', reason },
      events: [
        releaseEvent({ id, status: next }, 'Blocked', {
          reason,
          gates: open.map(({ name, state }) => ({ gate: name, state })),
        }),
      ],
    }
  })
}

/** All gates let it pass. */
async function leaveGates({ platform, release, plan, record }: Step): Promise<void> {
  const next =
    plan.approval !== undefined ? 'approval' : plan.deliver !== undefined ? 'delivery' : 'succeeded'
  const scorecard = record.gates.length === 0 ? undefined : await scorecardFor(platform, release, record.name)
  await changeRelease(platform, release.key, ({ status }) => {
    const now = status.stages.find(({ name }) => name === record.name)
    if (now?.state !== 'gates' || !now.gates.every(hasPassed)) return undefined
    const what =
      next === 'succeeded' ? `stage ${record.name} succeeded` : `all gates of stage ${record.name} passed`
    return {
      state: {
        ...withStage(status, record.name, { state: next, ...(scorecard === undefined ? {} : { scorecard }) }),
        state: 'running',
        reason: `${what[0]?.toUpperCase()}${what.slice(1)}.`,
      },
      ...(now.gates.length === 0 ? {} : { happened: [{ who: 'Twinloop release', what }] }),
    }
  })
}

/** A page that cannot be made holds up no release: it can be asked for at any time. */
async function scorecardFor(platform: Platform, release: Release, stage: string) {
  try {
    return await keepScorecard(platform, release, stage)
  } catch (error) {
    platform.log.error('a scorecard could not be kept', { release: release.key, stage, error })
    return undefined
  }
}
