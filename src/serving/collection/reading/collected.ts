import { join } from 'node:path'
import type { Session } from '../../../analytics/analytics.ts'
import type { Platform } from '../../../kernel/platform.ts'
import type { Resource } from '../../../kernel/resources/resource.ts'
import { collectedFiles, inFolder, layOut } from './files.ts'
import { joinViews, makeView } from './views.ts'
import type { Window } from './window.ts'

/** What was collected of a deployment in a window, as views of a session. */
export interface Collected {
  /** Collections of which there is something, by the names of their views. */
  readonly views: readonly string[]
  readonly session: Session
}

/**
 * Opens what was collected of a deployment in a window. Each collection that has something is a view of its name, with
 * the columns `correlationid`, `row` (number of the row in its request), `time` and then its own; of several entries
 * for one row the last counts. The view `collected` has one row for each row of the inputs (of the outputs, where
 * there are no inputs), with those of its outputs and of its labels beside it, however late these came.
 */
export async function withCollected<T>(
  platform: Platform,
  deployment: Resource,
  window: Window,
  use: (collected: Collected) => Promise<T>,
  options: { readonly signal?: AbortSignal; readonly writes?: readonly string[] } = {},
): Promise<T> {
  return inFolder(platform, async (folder) => {
    const files = await collectedFiles(platform, deployment, window)
    return platform.analytics.session({ ...options, reads: [folder] }, async (session) => {
      const views: string[] = []
      for (const [name, blobs] of files) {
        const paths = await layOut(platform.artifacts, blobs, join(folder, name))
        if (await makeView(session, name, paths, window)) views.push(name)
      }
      await joinViews(session, views)
      return use({ session, views })
    })
  })
}
