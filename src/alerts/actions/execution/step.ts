import { tellable, type UserError } from '../../../kernel/errors.ts'
import type { Platform } from '../../../kernel/platform.ts'
import type { ActionProgress } from '../action.ts'
import { actions } from '../actions.ts'
import type { IncidentAction } from '../incident-action.ts'
import { readAction } from '../planning/read.ts'
import { changeAction } from './change.ts'
import { contextOf } from './context.ts'

/** Tries of one step; with these pauses they take about twenty minutes. */
const [mostAttempts, firstPauseMs, longestPauseMs] = [8, 5000, 600_000]

type Again = { readonly again: number } | undefined

/** Takes one step of an action that runs, and writes down what came of it. */
export async function step(platform: Platform, action: IncidentAction, signal: AbortSignal): Promise<Again> {
  let progress: ActionProgress
  try {
    progress = await advance(platform, action, signal)
  } catch (error) {
    // The server stops: the next one takes the step again.
    signal.throwIfAborted()
    return stumble(platform, action, error)
  }
  const endedAt = platform.clock().toISOString()
  const settled = { attempts: 0, nextAttemptAt: null, lastError: null }
  if ('done' in progress) {
    const { done, made, state } = progress
    await changeAction(platform, action.key, () => ({
      state: {
        ...settled,
        state: 'Done',
        reason: done,
        endedAt,
        ...(made && { made }),
        ...(state && { working: state }),
      },
      happened: { what: done },
      event: 'Done',
    }))
    return undefined
  }
  if ('refused' in progress) return refuse(platform, action, progress.refused)
  const { doing, state, again } = progress
  await changeAction(platform, action.key, ({ status }) => ({
    state: { ...settled, reason: doing, ...(state && { working: state }) },
    // What goes on for long is told once.
    ...(status.history.at(-1)?.what === doing ? {} : { happened: { what: doing } }),
  }))
  return again === undefined ? undefined : { again }
}

async function advance(
  platform: Platform,
  action: IncidentAction,
  signal: AbortSignal,
): Promise<ActionProgress> {
  const { kind: name, parameters: given, phase } = action.properties
  const kind = actions.find((one) => one.name === name)
  const place = { path: [], mistakes: [] as { readonly message: string }[] }
  const read = readAction(place as never, { kind: name, parameters: given }, 0)
  // What an older server planned and this one cannot read.
  if (kind === undefined || read === undefined)
    return { refused: `This action cannot be read: ${place.mistakes[0]?.message ?? name}.` }
  const context = contextOf(platform, action, signal)
  if (phase === 'resolved')
    return kind.resolve?.(read.parameters, context) ?? { done: 'nothing is left to do' }
  return kind.advance(read.parameters, context)
}

/** A mistake of the rule's is refused at once; what may pass is tried again, and given up in the end. */
async function stumble(platform: Platform, action: IncidentAction, error: unknown): Promise<Again> {
  const known = tellable(error)
  if (known !== undefined && !mayPass(known)) return refuse(platform, action, known.message)
  const message = error instanceof Error ? error.message : String(error)
  platform.log.warn('an action failed', { action: action.id, error })
  const attempts = action.status.attempts + 1
  const now = platform.clock().getTime()
  if (attempts >= mostAttempts) {
    await changeAction(platform, action.key, () => ({
      state: {
        state: 'Failed',
        attempts,
        lastError: message,
        nextAttemptAt: null,
        reason: `It failed ${attempts} times: ${message}`,
        endedAt: new Date(now).toISOString(),
      },
      happened: { what: `failed ${attempts} times: ${message}` },
      event: 'Failed',
    }))
    return undefined
  }
  const pause = Math.min(longestPauseMs, firstPauseMs * 3 ** (attempts - 1))
  await changeAction(platform, action.key, () => ({
    state: {
      attempts,
      lastError: message,
      nextAttemptAt: new Date(now + pause).toISOString(),
      reason: `It is tried again in ${Math.round(pause / 1000)} s: ${message}`,
    },
    ...(attempts === 1 ? { happened: { what: `did not succeed yet: ${message}` } } : {}),
  }))
  return { again: pause }
}

/** Others may be quicker, away or overrun, and what is in the way may go. */
const mayPass = ({ kind: { status } }: UserError) => [409, 412, 429, 503, 507].includes(status)

async function refuse(platform: Platform, action: IncidentAction, why: string): Promise<undefined> {
  await changeAction(platform, action.key, () => ({
    state: {
      state: 'Refused',
      reason: why,
      attempts: 0,
      nextAttemptAt: null,
      lastError: null,
      endedAt: platform.clock().toISOString(),
    },
    happened: { what: `refused: ${why}` },
    event: 'Refused',
  }))
}
