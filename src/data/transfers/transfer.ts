import type { Actor } from '../../kernel/access/access.ts'
import type { Platform } from '../../kernel/platform.ts'
import type { Action, ActionContext, Resource } from '../../kernel/resources/resource.ts'
import type { Lost } from '../stores/lost.ts'

/** How an import or export goes; the last three are ends. */
export const transferStatuses = ['Queued', 'Running', 'Completed', 'Failed', 'Canceled'] as const
export type TransferStatus = (typeof transferStatuses)[number]

/** What the platform knows of a transfer of data. */
export interface TransferState {
  readonly status: TransferStatus
  readonly progress: Progress
  /** ISO times. */
  readonly startTime?: string
  readonly endTime?: string
  readonly error?: { readonly code: string; readonly message: string }
  readonly warnings?: readonly string[]
  /** Connections lost in a row, without a part in between; and when the next is tried. */
  readonly lost?: Lost
  readonly cancelRequestedBy?: string
  /** Who asked for it, under whose rights it is done. */
  readonly owner: Pick<Actor, 'id' | 'name' | 'kind'>
}

export interface Progress {
  readonly rows: number
  readonly bytes: number
  readonly parts: number
  /** Rows there will be, where that is known. */
  readonly totalRows?: number
}

export const nothingYet: Progress = { rows: 0, bytes: 0, parts: 0 }

export const hasEnded = (status: TransferStatus): boolean =>
  status === 'Completed' || status === 'Failed' || status === 'Canceled'

/** Of what the platform knows, what clients are not shown. */
export const internalState = ['owner', 'cancelRequestedBy', 'checkpoint'] as const

/** Who acts for a transfer while it runs: whoever asked for it. */
export const ownerOf = (state: TransferState): Actor => ({ ...state.owner, confinedTo: '' })

const running = new WeakMap<Platform, Map<string, AbortController>>()

/** What runs in this server, by key, so that it can be interrupted. */
export function runningIn(platform: Platform): Map<string, AbortController> {
  const map = running.get(platform) ?? new Map<string, AbortController>()
  running.set(platform, map)
  return map
}

/** Asks a transfer to stop; what has ended stays as it ended. */
export const cancel: Action = {
  async run({ platform, resource, actor }: ActionContext) {
    const { status } = (resource as unknown as Resource<object, TransferState>).status
    if (hasEnded(status)) return undefined
    await platform.resources.setStatus(resource.key, { cancelRequestedBy: actor.name })
    runningIn(platform).get(resource.key)?.abort(new Canceled())
    return { accepted: true }
  },
}

export class Canceled extends Error {}
