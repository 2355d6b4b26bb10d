import { useSyncExternalStore } from 'react'

/** What somebody likes, kept in this browser: no view of anything, which is in addresses. */
export interface Settings {
  /** In which zone times are told. */
  readonly zone: 'local' | 'utc'
  /** How high rows are. */
  readonly density: 'compact' | 'comfortable'
  /** Whether single keys do something. */
  readonly keys: boolean
}

const initial: Settings = { zone: 'local', density: 'compact', keys: true }
const key = 'twinloop.settings'

/** Settings as they were kept; what is not understood is as it is at first. */
export function readSettings(text: string | null): Settings {
  let kept: unknown
  try {
    kept = JSON.parse(text ?? '')
  } catch {
    return initial
  }
  const { zone, density, keys } = (typeof kept === 'object' ? (kept ?? {}) : {}) as Partial<Settings>
  return {
    zone: zone === 'utc' ? 'utc' : 'local',
    density: density === 'comfortable' ? 'comfortable' : 'compact',
    keys: keys !== false,
  }
}

const listeners = new Set<() => void>()
let current: Settings | undefined

/** The settings as they are now. */
export const settingsNow = (): Settings => (current ??= readSettings(localStorage.getItem(key)))

export function changeSettings(change: Partial<Settings>): void {
  current = { ...settingsNow(), ...change }
  localStorage.setItem(key, JSON.stringify(current))
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  // Another tab may change them as well.
  const hear = (event: StorageEvent) => {
    if (event.key !== key) return
    current = undefined
    listener()
  }
  listeners.add(listener)
  addEventListener('storage', hear)
  return () => {
    listeners.delete(listener)
    removeEventListener('storage', hear)
  }
}

/** The settings, for what is drawn by them. */
export const useSettings = (): Settings => useSyncExternalStore(subscribe, settingsNow)

/** The zone in which times are told, in short: `UTC`, `UTC+2`. */
export function zoneName(zone: Settings['zone'], at = new Date()): string {
  const minutes = zone === 'utc' ? 0 : -at.getTimezoneOffset()
  if (minutes === 0) return 'UTC'
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60]
  return `UTC${minutes < 0 ? '−' : '+'}${hours}${rest === 0 ? '' : `:${String(rest).padStart(2, '0')}`}`
}
