import type { Actor } from '../../../kernel/access/access.ts'
import type { Platform } from '../../../kernel/platform.ts'
import type { Json, Resource } from '../../../kernel/resources/resource.ts'
import type { DataSource, Monitor, PlannedSignal } from '../../monitors/monitor.ts'

/** For which signal of which monitor populations are opened, and when. */
export interface PopulationsOf {
  readonly platform: Platform
  readonly signal: AbortSignal
  readonly workspaceId: string
  readonly actor: Actor
  readonly monitor: Monitor
  readonly planned: PlannedSignal
  /** The run's time. */
  readonly at: Date
  readonly model: Resource | undefined
}

/** A stretch of time: from the first moment up to the second, and without it. */
export interface TimeWindow {
  readonly from: Date
  readonly to: Date
}

/** What was written of a part, and how its columns are known to belong. */
export interface Written {
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly truth: readonly string[]
  readonly own: readonly string[]
  readonly notes: readonly string[]
}

/** One thing that is opened: what was collected of the deployment (all collections of it together), or a table. */
export interface Part {
  /** How it is called in a message. */
  readonly shown: string
  readonly source: DataSource
  readonly window: TimeWindow | undefined
  /** Column that its rows are joined by. */
  readonly correlationId: string | undefined
  /** The same as long as it would be read with the same rows. Throws NoData where there is nothing any more. */
  identity(): Promise<Json>
  /** Writes its rows as a Parquet file in the folder. Throws NoData where there are none. */
  write(file: string, folder: string): Promise<Written>
}

/** Which rows a source is to give in a run at this time; undefined: all. */
export function windowOf({ window }: DataSource, at: Date): TimeWindow | undefined {
  if (window.kind === 'whole') return undefined
  if (window.kind === 'static') return { from: window.from, to: window.to }
  const to = at.getTime() - window.offsetMs
  return { from: new Date(to - window.sizeMs), to: new Date(to) }
}

/** `between 2013-05-01T00:00:00Z and 2013-06-01T00:00:00Z` */
export const windowInWords = ({ from, to }: TimeWindow): string => `between ${moment(from)} and ${moment(to)}`

const moment = (at: Date) => at.toISOString().replace('.000Z', 'Z')
