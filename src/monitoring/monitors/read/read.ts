import { errors } from '../../../kernel/errors.ts'
import {
  below,
  complain,
  isMap,
  isText,
  shown,
  spelled,
  type Mistake,
  type Place,
} from '../../../kernel/grammar/place.ts'
import type { Json } from '../../../kernel/resources/resource.ts'
import type { Monitor, Task } from '../monitor.ts'
import { isEndpoint } from '../target-id.ts'
import { readSignal } from './signal.ts'

/** What a monitor's definition does not say itself. */
export interface MonitorFacts {
  /** Name of its schedule. */
  readonly name: string
  /** How often it is due, in ms. */
  readonly periodMs: number
  /** Where its windows end, before offsets. */
  readonly at: Date
}

/**
 * Reads Azure's `monitorDefinition` once it is completed (see `completeMonitor`), as any of its versions spells it. Every
 * mistake is told with its place; the monitor is of use only where there is none.
 */
export function readMonitor(
  definition: Json,
  { name, periodMs, at }: MonitorFacts,
): { readonly monitor: Monitor; readonly mistakes: readonly Mistake[] } {
  const place: Place = { path: [], mistakes: [] }
  const target = isMap(definition['monitoringTarget']) ? definition['monitoringTarget'] : {}
  const { deploymentId, modelId } = target
  const task = taskOf(below(place, 'monitoringTarget', 'taskType'), target['taskType'])
  const given = isMap(definition['signals']) ? definition['signals'] : {}
  const planned = Object.entries(given).map(([signal, value]) =>
    readSignal(below(place, 'signals', signal), signal, value, at),
  )
  const monitor = {
    name,
    ...(task === undefined ? {} : { task }),
    ...(isText(deploymentId) ? { [isEndpoint(deploymentId) ? 'endpoint' : 'deployment']: deploymentId } : {}),
    ...(isText(modelId) ? { model: modelId } : {}),
    signals: planned.filter((signal) => signal !== undefined),
    emails: emailsOf(place, definition),
    periodMs,
  }
  return { monitor, mistakes: place.mistakes }
}

/** The monitor, where there is no mistake in it. Throws validation otherwise. */
export function monitorOf(definition: Json, facts: MonitorFacts): Monitor {
  const { monitor, mistakes } = readMonitor(definition, facts)
  refuse(mistakes)
  return monitor
}

/** Throws validation naming every mistake, if there is one; places are below the definition. */
export function refuse(mistakes: readonly Mistake[]): void {
  const [first] = mistakes
  if (first === undefined) return
  const told = ({ message, hint }: Mistake) => (hint === undefined ? message : `${message}; ${hint}`)
  const details = mistakes.map((mistake) => ({
    target: ['properties', ...mistake.path].join('.'),
    message: withoutPlace(told(mistake), mistake.path),
  }))
  const more = mistakes.length === 1 ? '' : ` (and ${mistakes.length - 1} more)`
  throw errors.validation(`The monitor is not valid: ${told(first)}${more}`, {
    details,
    target: details[0]?.target ?? 'properties',
  })
}

/** Its place is told beside it. */
function withoutPlace(message: string, path: Mistake['path']): string {
  const place = spelled(path)
  const rest = message.startsWith(place) ? message.slice(place.length).replace(/^:?\s+/, '') : message
  return rest === '' ? message : rest
}

function taskOf(place: Place, value: unknown): Task | undefined {
  if (value === undefined || value === null) return undefined
  const word = isText(value) ? value.toLowerCase() : ''
  if (word === 'classification' || word === 'regression') return word
  return complain(place, `: ${shown(value)} is not a task that is watched here`, {
    hint: 'Classification or Regression',
  })
}

/** Previews spell the settings in the singular and canonical versions in the plural, on both levels. */
function emailsOf(place: Place, definition: Json): readonly string[] {
  const key = ['alertNotificationSettings', 'alertNotificationSetting'].find((one) => isMap(definition[one]))
  const settings = key === undefined ? undefined : definition[key]
  if (key === undefined || !isMap(settings)) return []
  const inner = ['emailNotificationSettings', 'emailNotificationSetting'].find((one) => isMap(settings[one]))
  const mail = inner === undefined ? undefined : settings[inner]
  if (inner === undefined || !isMap(mail)) return []
  const emails = mail['emails'] ?? []
  const at = below(place, key, inner, 'emails')
  if (!Array.isArray(emails)) {
    complain(at, `: ${shown(emails)} is not a list of addresses`)
    return []
  }
  return emails.flatMap((address: unknown, i) => {
    if (isText(address) && /^[^\s@]+@[^\s@]+$/.test(address)) return [address]
    complain(below(at, i), `: ${shown(address)} is not an address`)
    return []
  })
}
