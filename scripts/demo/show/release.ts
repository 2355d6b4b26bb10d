import type { Screen } from './screen.ts'
import { turning } from './screen.ts'
import type { Twinloop } from '../server/twinloop.ts'

/** What is read of a release. */
export interface Release {
  readonly properties: {
    readonly state: string
    readonly reason: string
    readonly stages: readonly {
      readonly name: string
      readonly state: string
      readonly gates: readonly Gate[]
      readonly approval?: {
        readonly state: string
        readonly decisions: readonly { readonly by: { readonly name: string } }[]
      }
      readonly delivery?: {
        readonly state: string
        readonly doing?: string
        readonly verdict?: string
      }
    }[]
    readonly candidate: { readonly name: string; readonly version: string }
    readonly champion?: { readonly version: string }
    readonly endedAt?: string
    readonly timeline: readonly { readonly at: string; readonly who: string; readonly what: string }[]
  }
}

interface Gate {
  readonly name: string
  readonly state: string
  readonly doing?: string
  readonly error?: string
  readonly result?: { readonly summary: string; readonly measures: readonly Measure[] }
}

interface Measure {
  readonly name: string
  readonly of?: string
  readonly estimate: number | null
  readonly interval?: { readonly lower: number; readonly upper: number }
}

/** What goes on beside a release that is followed. */
export interface Beside {
  /** Lines below it. */
  readonly beside?: () => readonly string[]
  /** Told of every change of it. */
  readonly seen?: (release: Release) => void
}

/** Where releases of a plan are. */
export const releasePath = (plan: string, number: number): string =>
  `providers/Twinloop/releasePlans/${plan}/releases/${number}`

/**
 * Shows a release as it goes, until it waits for an approval or has ended, and returns it. Throws where a gate does not
 * pass, where a delivery is held, or where it ends in another way than by success.
 */
export async function followRelease(
  twinloop: Twinloop,
  screen: Screen,
  path: string,
  until: 'approval' | 'end',
  { beside = () => [], seen = () => {} }: Beside = {},
): Promise<Release> {
  const events = await twinloop.events(['Twinloop.ResourceStatusChanged'])
  let release = await twinloop.get<Release>(path)
  const finish = screen.live(() => [...rows(release, until), ...beside()])
  try {
    if (!isThere(release, until))
      for await (const { subject } of events) {
        if (!subject.toLowerCase().endsWith(path.toLowerCase())) continue
        release = await twinloop.get<Release>(path)
        seen(release)
        if (isThere(release, until)) break
      }
  } finally {
    finish(rows(release, until))
  }
  const { state, reason } = release.properties
  if (state !== 'succeeded' && !asks(release)) throw new Error(`The release is ${state}. ${reason}`)
  return release
}

const asks = ({ properties: { state, stages } }: Release): boolean =>
  state === 'waiting' && stages.some(({ approval }) => approval?.state === 'open')

const isThere = (release: Release, until: 'approval' | 'end'): boolean =>
  release.properties.endedAt !== undefined ||
  release.properties.state === 'blocked' ||
  release.properties.stages.some(({ delivery }) => delivery?.state === 'paused') ||
  (until === 'approval' && asks(release))

/** Gates until the approval, or what comes after it until the end. */
function rows({ properties: { stages } }: Release, until: 'approval' | 'end'): readonly string[] {
  const lines = stages.flatMap(({ gates, delivery }) => {
    if (until === 'approval') return gates.map(gateRow)
    return delivery === undefined
      ? []
      : [row(delivery.state, 'delivery', delivery.verdict ?? delivery.doing ?? '')]
  })
  return lines.map((line, i) => `   ${i === lines.length - 1 ? '└' : '├'} ${line}`)
}

const gateRow = ({ name, state, doing, error, result }: Gate): string =>
  row(state, name, result?.summary ?? error ?? doing ?? '')

function row(state: string, name: string, words: string): string {
  const signs: Readonly<Record<string, string>> = {
    pending: '·',
    running: turning(),
    passed: '✓',
    succeeded: '✓',
  }
  return `${signs[state] ?? '✗'} ${name.padEnd(14)} ${words.replaceAll('\n', ' ')}`.trimEnd()
}
