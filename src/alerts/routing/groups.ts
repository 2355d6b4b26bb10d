/*
 * When a group of alerts is told of, as Alertmanager has it (dispatch and notify): pure, over what fires and the time.
 */

/** How patiently a group is told of; times in ms. */
export interface Patience {
  /** From its first alert to the first notice, so that others can join. Default 30 s. */
  readonly waitMs: number
  /** From a notice to the next one about alerts that came or went. Default 5 min. */
  readonly intervalMs: number
  /** From a notice to its repetition while nothing changes. Default 4 h. */
  readonly repeatMs: number
}

export const defaultPatience: Patience = { waitMs: 30_000, intervalMs: 300_000, repeatMs: 14_400_000 }

/** What is kept of a group between looks. Times are milliseconds since 1970. */
export interface Group {
  readonly createdAt: number
  /** When it was last looked at, in its rhythm. */
  readonly flushedAt?: number
  /** What was last told, by fingerprint, and when. */
  readonly told?: {
    readonly at: number
    readonly firing: readonly string[]
    readonly resolved: readonly string[]
  }
}

/** The alerts of a group that nothing keeps quiet, by fingerprint. */
export interface Loud {
  readonly firing: readonly string[]
  readonly resolved: readonly string[]
}

export type Look =
  /** Too early: when to look again. */
  | { readonly group: Group; readonly again: number; readonly tell: false }
  /** To be told now, `because`; `group` is to be kept once it was told. */
  | { readonly group: Group; readonly again: number; readonly tell: true; readonly because: Because }
type Because = 'first' | 'more firing' | 'resolved' | 'repeated'

/** Looks at a group: whether its alerts are to be told of now, and when to look again. */
export function look(group: Group, { firing, resolved }: Loud, patience: Patience, now: number): Look {
  const due =
    group.flushedAt === undefined ? group.createdAt + patience.waitMs : group.flushedAt + patience.intervalMs
  if (now < due) return { group, again: due, tell: false }
  const flushed: Group = { ...group, flushedAt: now }
  const again = now + patience.intervalMs
  const because = reason(group.told, { firing, resolved }, patience, now)
  if (because === undefined) return { group: flushed, again, tell: false }
  return { group: { ...flushed, told: { at: now, firing, resolved } }, again, tell: true, because }
}

function reason(
  told: Group['told'],
  { firing, resolved }: Loud,
  patience: Patience,
  now: number,
): Because | undefined {
  if (told === undefined) return firing.length > 0 ? 'first' : undefined
  if (firing.some((one) => !told.firing.includes(one))) return 'more firing'
  if (firing.length === 0) return told.firing.length > 0 ? 'resolved' : undefined
  if (resolved.some((one) => !told.resolved.includes(one))) return 'resolved'
  return now - told.at >= patience.repeatMs ? 'repeated' : undefined
}
