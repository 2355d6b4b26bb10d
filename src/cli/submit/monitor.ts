import { resolve } from 'node:path'
import { monitorDefinition } from '../bodies/monitor.ts'
import type { Client, Json } from '../client/client.ts'
import { isLocalPath } from '../yaml/checks/check.ts'
import { uploadData } from '../upload/assets.ts'
import type { Monitor } from '../yaml/shapes/monitor.ts'

/** Azure's definition of a monitor; local data that it names are uploaded, as a job's inputs are. */
export async function monitorOf(
  client: () => Promise<Client>,
  monitor: Monitor,
  folder: string,
): Promise<Json> {
  const uploaded = new Map<string, string>()
  // Asked twice: first which paths there are, then for the body with where they went.
  const paths = new Set<string>()
  monitorDefinition(monitor, (path) => {
    if (isLocalPath(path)) paths.add(path)
    return path
  })
  for (const path of paths) uploaded.set(path, await uploadData(await client(), resolve(folder, path)))
  return monitorDefinition(monitor, (path) => uploaded.get(path) ?? path)
}
