import { markOutput } from '../../io.ts'
import type { Io, Style } from '../../io.ts'

const signs: Readonly<Record<string, readonly [string, Style]>> = {
  firing: ['●', 'red'],
  pending: ['◐', 'yellow'],
  resolved: ['✓', 'green'],
  inactive: ['✓', 'green'],
  active: ['●', 'cyan'],
  error: ['!', 'red'],
  no_data: ['?', 'yellow'],
  done: ['✓', 'green'],
  running: ['●', 'cyan'],
  waiting: ['◐', 'yellow'],
  failed: ['✗', 'red'],
  refused: ['✗', 'red'],
  skipped: ['~', 'dim'],
}

/** A state with its sign, for a list. */
export function stateOf(io: Io, state: string, width = state.length): string {
  const [sign, style] = signs[state.toLowerCase()] ?? ['○', 'dim']
  return `${markOutput(io, style, sign)} ${state.toLowerCase().replace('_', ' ').padEnd(width)}`
}

/** How long ago something was: `3m`, `2h 5m`, `4d 3h`. */
export function age(since: string, now: Date): string {
  const seconds = Math.max(0, Math.floor((now.getTime() - Date.parse(since)) / 1000))
  if (seconds < 60) return `${seconds}s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return `${minutes}m`
  const hours = Math.floor(minutes / 60)
  if (hours < 48) return `${hours}h ${minutes % 60}m`
  return `${Math.floor(hours / 24)}d ${hours % 24}h`
}

/** How long something took: `3m`. */
export const lasted = (from: string, to: string): string => age(from, new Date(to))

/** `carrier AA, queue b`: labels without those of its rule. */
export const labelsOf = (labels: Readonly<Record<string, string>>): string =>
  Object.entries(labels)
    .filter(([name, value]) => name !== 'alertname' && name !== 'severity' && value !== '')
    .map(([name, value]) => `${name} ${value}`)
    .join(', ')

/** `2026-11-23 09:14`, of the time here. */
export function moment(time: string): string {
  const at = new Date(time)
  const two = (part: number) => String(part).padStart(2, '0')
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${two(at.getHours())}:${two(at.getMinutes())}`
}

/** Lines of columns that stand one below the other; what is empty at the end is cut off. */
export function columns(rows: readonly (readonly string[])[]): readonly string[] {
  // What marks a text does not take room.
  // oxlint-disable-next-line no-control-regex
  const widthOf = (text: string) => text.replaceAll(/\u001B\[\d+m/g, '').length
  const widths = rows.reduce<number[]>(
    (found, row) => row.map((cell, i) => Math.max(found[i] ?? 0, widthOf(cell))),
    [],
  )
  return rows.map((row) =>
    row
      .map((cell, i) => cell + ' '.repeat((widths[i] ?? 0) - widthOf(cell)))
      .join('  ')
      .trimEnd(),
  )
}
