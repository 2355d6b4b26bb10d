import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { literal } from '../../../analytics/analytics.ts'
import type { Platform } from '../../../kernel/platform.ts'
import type { Resource } from '../../../kernel/resources/resource.ts'
import { collectedFiles, layOut } from '../reading/files.ts'
import type { Window } from '../reading/window.ts'
import { groundTruth } from './labels.ts'

/**
 * Which of these windows of a deployment's requests got labels that can be seen only since a moment of its own: their places
 * in the list. New ones, corrections and repetitions alike; those of requests that nobody made belong to none.
 */
export async function labelledSince(
  platform: Platform,
  deployment: Resource,
  windows: readonly (Window & { readonly since: Date })[],
  signal?: AbortSignal,
): Promise<ReadonlySet<number>> {
  if (windows.length === 0) return new Set()
  const least = (of: (window: Window & { readonly since: Date }) => Date) =>
    new Date(Math.min(...windows.map((window) => of(window).getTime())))
  const whole = {
    from: least(({ from }) => from),
    to: new Date(Math.max(...windows.map(({ to }) => to.getTime()))),
  }
  const files = await collectedFiles(platform, deployment, whole)
  const since = least((window) => window.since).getTime()
  const told = (files.get(groundTruth) ?? []).filter(({ modifiedAt }) => modifiedAt.getTime() >= since)
  // Any collection says when a request came in.
  const [asked = []] = [...files].flatMap(([name, blobs]) =>
    name === groundTruth || blobs.length === 0 ? [] : [blobs],
  )
  if (told.length === 0 || asked.length === 0) return new Set()
  const folder = await mkdtemp(join(platform.config.home, 'collected-'))
  try {
    const [labels, requests] = [
      await layOut(platform.artifacts, told, join(folder, 'labels')),
      await layOut(platform.artifacts, asked, join(folder, 'requests')),
    ]
    const read = (paths: readonly string[], columns: string) =>
      `read_json([${paths.map(literal).join(', ')}], format = 'newline_delimited', maximum_object_size = 67108864, filename = true, columns = { ${columns} })`
    // Since when a label can be seen is known of its file alone: it was said to have come before that was written.
    const written = labels.map((path, i) => `(${literal(path)}, ${moment(told[i]?.modifiedAt ?? whole.to)})`)
    const rows = windows.map(
      ({ from, to, since: after }, i) => `(${i}, ${[from, to, after].map(moment).join(', ')})`,
    )
    return await platform.analytics.session(
      { reads: [folder], ...(signal === undefined ? {} : { signal }) },
      async (session) => {
        const found = await session.all(
          `select distinct w.i from ${read(labels, "correlationid: 'VARCHAR'")} as told
             join (values ${written.join(', ')}) as f(filename, seen) on f.filename = told.filename
             join ${read(requests, "correlationid: 'VARCHAR', time: 'TIMESTAMPTZ'")} as asked on asked.correlationid = told.correlationid
             join (values ${rows.join(', ')}) as w(i, "from", "to", since)
             on asked.time >= w."from" and asked.time < w."to" and f.seen >= w.since`,
        )
        return new Set(found.rows.map(([i]) => Number(i)))
      },
    )
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

const moment = (time: Date) => `timestamptz ${literal(time.toISOString())}`
