import { createHash } from 'node:crypto'
import { json } from 'node:stream/consumers'
import { BlobMissing } from '../../artifacts/artifacts.ts'
import { containerOf } from '../../data/containers.ts'
import type { Platform } from '../../kernel/platform.ts'
import type { Json } from '../../kernel/resources/resource.ts'
import type { MonitorRun } from '../runs/run.ts'

const folderOf = ({ name }: Pick<MonitorRun, 'name'>): string => `MonitorRuns/${name.toLowerCase()}`

const container = async (platform: Platform, { scope }: Pick<MonitorRun, 'scope'>): Promise<string> =>
  containerOf(await platform.resources.get(scope), 'artifacts')

/** Keeps what a chart of a signal needs; returns its path below the workspace's artifacts. Again, it replaces. */
export async function keepDetails(
  platform: Platform,
  run: MonitorRun,
  signal: string,
  details: Json,
): Promise<string> {
  const name = createHash('sha256').update(signal).digest('hex').slice(0, 16)
  const path = `${folderOf(run)}/${name}.json`
  await platform.artifacts.put(
    { container: await container(platform, run), path },
    Buffer.from(JSON.stringify(details)),
    { contentType: 'application/json' },
  )
  return path
}

/** What was kept; undefined where there is nothing. */
export async function readDetails(
  platform: Platform,
  run: MonitorRun,
  path: string,
): Promise<Json | undefined> {
  try {
    return (await json(
      await platform.artifacts.read({ container: await container(platform, run), path }),
    )) as Json
  } catch (error) {
    if (error instanceof BlobMissing) return undefined
    throw error
  }
}

/** Removes all that was kept of a run. */
export async function removeDetails(platform: Platform, run: MonitorRun): Promise<void> {
  const from = await container(platform, run)
  const { blobs } = await platform.artifacts.list(from, `${folderOf(run)}/`)
  for (const blob of blobs) await platform.artifacts.remove(blob)
}
