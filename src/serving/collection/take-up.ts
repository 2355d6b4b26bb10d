import { mkdirSync, watch } from 'node:fs'
import { readdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { datastoreUri } from '../../data/locations.ts'
import { scopeId } from '../../kernel/resources/arm-id.ts'
import type { Platform } from '../../kernel/platform.ts'
import { eventsOf, rolledPath, type Source } from './events.ts'
import { readDescription, type Place, type SpoolMetadata } from './places.ts'
import { readSpool, spoolsFolder, writerOf } from './spool.ts'

/** How often writers are looked for that have died and left a file open. */
const lookMs = 30_000

/**
 * Takes up what is collected for as long as the server runs: each file that a writer has closed becomes files of its
 * collections in the workspace's blob store, and is then removed. Killed in between, it writes the same files again.
 */
export function startTakingUp(platform: Platform): void {
  const folder = spoolsFolder(platform.config.home)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  let isWanted = false
  let working: Promise<void> | undefined
  const work = () => {
    isWanted = true
    working ??= (async () => {
      while (isWanted) {
        isWanted = false
        await takeUp(platform).catch((error: unknown) =>
          platform.log.warn('collected data cannot be taken up', { error }),
        )
      }
      working = undefined
    })()
  }
  const watcher = watch(folder, { recursive: true }, (_, name) => {
    if (name?.endsWith('.jsonl')) work()
  })
  const timer = setInterval(work, lookMs).unref()
  work()
  running.set(platform, async () => {
    watcher.close()
    clearInterval(timer)
    await working
  })
}

/** Leaves what is collected from here on to the next server. */
export const stopTakingUp = async (platform: Platform): Promise<void> => running.get(platform)?.()

const running = new WeakMap<Platform, () => Promise<void>>()

/** Takes up every file that is whole. */
export async function takeUp(platform: Platform): Promise<void> {
  const root = spoolsFolder(platform.config.home)
  for (const name of await readdir(root).catch(() => [])) {
    const folder = join(root, name)
    const described = await readDescription(folder)
    const workspace = described === undefined ? undefined : scopeId(described.deployment)
    if (workspace !== undefined && (await platform.resources.find(workspace)) === undefined) {
      await rm(folder, { recursive: true, force: true })
      continue
    }
    for (const file of (await readdir(folder)).toSorted()) {
      const whole = await closed(folder, file)
      if (whole === undefined || described === undefined) continue
      await takeUpFile(platform, join(folder, whole), whole, described)
    }
  }
}

/** Name of a file that is not written any more; one whose writer has died is closed in its place. */
async function closed(folder: string, file: string): Promise<string | undefined> {
  if (file.endsWith('.jsonl')) return file
  const writer = writerOf(file)
  if (writer === undefined || isAlive(writer)) return undefined
  const whole = file.replace(/open$/, 'jsonl')
  await rename(join(folder, file), join(folder, whole))
  return whole
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

async function takeUpFile(platform: Platform, path: string, file: string, described: SpoolMetadata) {
  const { lines, broken } = readSpool(await readFile(path, 'utf8'))
  if (broken > 0) platform.log.warn('collected lines cannot be read', { file, broken })
  const rates = Object.entries(described.collections).map(([name, { rate }]) => [name, rate] as const)
  const source: Source = { ...described, collections: new Map(rates) }
  const files = new Map<string, { readonly place: Place; readonly lines: string[] }>()
  for (const { collection, at, line } of lines.flatMap((spooled) => eventsOf(spooled, source))) {
    const place = described.collections[collection]
    if (place === undefined) continue
    const blob = `${place.path}/${rolledPath(at, described.rolling)}/${file}`
    const one = files.get(`${place.container} ${blob}`) ?? { place: { ...place, path: blob }, lines: [] }
    one.lines.push(line)
    files.set(`${place.container} ${blob}`, one)
  }
  for (const { place, lines: collected } of files.values())
    await platform.artifacts.put(place, Buffer.from(`${collected.join('\n')}\n`), {
      contentType: 'application/jsonl',
    })
  for (const place of Object.values(described.collections)) await ensureAsset(platform, place)
  await rm(path, { force: true })
}

/** The data asset by which a collection is found among the workspace's data. */
async function ensureAsset(platform: Platform, { asset, path }: Place): Promise<void> {
  if ((await platform.resources.find(asset)) !== undefined) return
  const properties = {
    dataType: 'uri_folder',
    dataUri: datastoreUri('workspaceblobstore', `${path}/`),
    description: 'Collected from the requests of a deployment.',
  }
  await platform.resources.put(platform.identity('serving'), asset, { properties })
}
