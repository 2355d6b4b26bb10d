import type { Twinloop } from './twinloop.ts'

/** A value that a monitor's signal found, window by window, newest first. */
export interface Series {
  readonly labels: Readonly<Record<string, string>>
  readonly windows: readonly {
    /** When the run was, at which windows end. */
    readonly at: string
    readonly value: number | null
    readonly breached?: boolean
    readonly interval?: { readonly lower: number; readonly upper: number }
  }[]
}

/** What a monitor's signals found in their last windows. */
export async function resultsOf(
  twinloop: Twinloop,
  query: { readonly monitor: string; readonly signal: string; readonly metric?: string },
): Promise<readonly Series[]> {
  return (await twinloop.post<{ value: readonly Series[] }>('monitorResults', { ...query, windows: 24 }))
    .value
}

interface Run {
  readonly properties: {
    readonly state: string
    readonly signals: readonly { readonly name: string; readonly outcome: string; readonly reason?: string }[]
  }
}

/** The run of a monitor at a time, if there is one. */
export async function runAt(twinloop: Twinloop, monitor: string, at: Date): Promise<Run | undefined> {
  const time = at.toISOString().replace(/\.\d+/, '').replaceAll(/[-:]/g, '')
  return twinloop.find<Run>(`providers/Twinloop/monitorRuns/${monitor}-${time}`)
}
