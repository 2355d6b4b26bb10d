import { z } from 'zod'
import { errors } from '../../kernel/errors.ts'
import { isMap, spelled, type Mistake, type Place } from '../../kernel/grammar/place.ts'
import type { Actor } from '../../kernel/access/access.ts'
import type { Platform } from '../../kernel/platform.ts'
import type { Action, Json } from '../../kernel/resources/resource.ts'
import { checkSources } from '../populations/check-sources.ts'
import type { MonitorMistake, Signal, SignalCheck } from '../signals/signal.ts'
import { signalOf } from '../signals/signals.ts'
import { completeMonitor } from './complete.ts'
import type { Monitor } from './monitor.ts'
import { readMonitor, refuse } from './read/read.ts'
import { findTarget, type Target } from './target.ts'

/** More than anybody reads; a table of all their values would be no more than a picture. */
const mostSignals = 100

/**
 * `POST {workspace}/checkMonitor { monitor, definition, periodMs }`: what a monitor would be, checked against what there is:
 * its deployment and what that collects, its model, its data and their columns, and what each kind of signal looks up.
 * Answers `{ definition }`, completed with the defaults; refuses with every mistake. Makes nothing.
 */
export const checkMonitor: Action = {
  operation: 'schedules/write',
  asks: true,
  input: z.object({
    monitor: z.string(),
    definition: z.record(z.string(), z.unknown()),
    periodMs: z.number().positive(),
  }),
  async run({ platform, resource, actor, input }) {
    const {
      monitor: name,
      definition,
      periodMs,
    } = input as {
      monitor: string
      definition: Json
      periodMs: number
    }
    const place: Place = { path: [], mistakes: [] }
    const target = await findTarget(platform, resource.id, definition, place)
    // What cannot be found makes more mistakes of everything that builds on it: the first are told alone.
    refuse(place.mistakes)
    const completed = completeMonitor(definition, target, periodMs, place)
    const { monitor, mistakes } = readMonitor(completed, { name, periodMs, at: platform.clock() })
    refuse([
      ...place.mistakes,
      ...mistakes.filter((mistake) => !place.mistakes.some((first) => isBelow(mistake, first))),
    ])
    if (monitor.signals.length > mostSignals)
      throw errors.validation(
        `A monitor has at most ${mostSignals} signals, not ${monitor.signals.length}.`,
        {
          target: 'properties.signals',
        },
      )
    refuse(await lookUp(platform, resource.id, actor, monitor, target, completed))
    return { body: { definition: completed } }
  },
}

/** What follows from a mistake is not told beside it. */
const isBelow = (mistake: Mistake, first: Mistake): boolean =>
  first.path.every((step, i) => mistake.path[i] === step)

/** What is not seen in words: each signal's data as they are now, and what its kind asks of them. */
async function lookUp(
  platform: Platform,
  workspaceId: string,
  actor: Actor,
  monitor: Monitor,
  { model }: Target,
  completed: Json,
): Promise<readonly Mistake[]> {
  const found: Mistake[] = []
  for (const planned of monitor.signals) {
    const check: SignalCheck = { platform, workspaceId, actor, monitor, planned, model }
    const signal = signalOf(planned.kind) as Signal | undefined
    const mistakes = [
      ...(await checkSources(check)),
      ...((await signal?.check?.(planned.parameters, check)) ?? []),
    ]
    const signals = completed['signals']
    const given = isMap(signals) ? signals[planned.name] : undefined
    for (const mistake of mistakes) found.push(placed(planned.name, isMap(given) ? given : {}, mistake))
  }
  return found
}

/** Signals name places as YAML does; REST spells them otherwise. */
function placed(signal: string, given: Json, { path, message }: MonitorMistake): Mistake {
  const [first, ...rest] = path
  const key = typeof first === 'string' ? camel(first) : first
  const own = key === undefined ? [] : [typeof key === 'string' && key in given ? key : (first ?? key)]
  const at = ['signals', signal, ...own, ...rest]
  return { path: at, part: 'value', message: `${spelled(at)}: ${message}` }
}

const camel = (key: string): string =>
  key.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())
