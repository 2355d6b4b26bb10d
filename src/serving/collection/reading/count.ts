import { join } from 'node:path'
import type { Platform } from '../../../kernel/platform.ts'
import type { Resource } from '../../../kernel/resources/resource.ts'
import { groundTruth } from '../labels/labels.ts'
import { collectedFiles, inFolder, layOut } from './files.ts'
import { primaries, readLines, rowsInLine } from './newest.ts'
import type { Window } from './window.ts'

/** How many rows a window has, and of how many of them the truth is known by now. */
export interface Counted {
  readonly total: number
  readonly labelled: number
}

/** Counts what was collected in a window: all of it is read, but nothing of it is looked into. */
export async function countRows(platform: Platform, deployment: Resource, window: Window): Promise<Counted> {
  return inFolder(platform, async (folder) => {
    const files = await collectedFiles(platform, deployment, window)
    return platform.analytics.session({ reads: [folder] }, async (session) => {
      const linesIn = async (name: string) => {
        const blobs = files.get(name) ?? []
        const paths = await layOut(platform.artifacts, blobs, join(folder, name))
        return paths.length === 0 ? undefined : readLines(name, paths)
      }
      for (const name of primaries) {
        const lines = await linesIn(name)
        if (lines === undefined) continue
        await session.run(
          `create or replace table requests as select correlationid, max(${rowsInLine}) as n
             from (${lines}) where time >= $1 and time < $2 group by 1`,
          [window.from, window.to],
        )
        const { rows } = await session.all('select coalesce(sum(n), 0)::bigint from requests')
        const total = Number(rows[0]?.[0] ?? 0)
        if (total === 0) continue
        const labels = await linesIn(groundTruth)
        if (labels === undefined) return { total, labelled: 0 }
        const labelled = await session.all(
          `select count(*)::bigint from (
             select distinct correlationid, unnest(case when first_row is null then range(${rowsInLine}) else [first_row] end) as r
             from (${labels})) as l
           join requests using (correlationid) where r < n`,
        )
        return { total, labelled: Number(labelled.rows[0]?.[0] ?? 0) }
      }
      return { total: 0, labelled: 0 }
    })
  })
}
