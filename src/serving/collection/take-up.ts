import { mkdirSync, watch } from 'node:fs'
import { readdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { datastoreUri } from '../../data/locations.ts'
import { scopeId } from '../../kernel/resources/arm-id.ts'
import type { Platform } from '../../kernel/platform.ts'
import { recordCollectedData } from '../deployments/lineage.ts'
import { stableJson } from '../../kernel/resources/row.ts'
import { eventsOf, rolledPath, type Source } from './events.ts'
import { readDescription, type Place, type SpoolMetadata } from './places.ts'
import { beganAt } from '../../compute/machine.ts'
import { readSpool, spoolsFolder, writerOf, type Spooled, type Writer } from './spool.ts'

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
    // What cannot be taken up of one deployment keeps nobody waiting for that of another.
    await takeUpSpool(platform, join(root, name)).catch((error: unknown) =>
      platform.log.warn('collected data cannot be taken up', { spool: name, error }),
    )
  }
}

async function takeUpSpool(platform: Platform, folder: string): Promise<void> {
  const described = await readDescription(folder)
  if (described === undefined) return
  const workspace = scopeId(described.deployment)
  if (workspace !== undefined && (await platform.resources.find(workspace)) === undefined)
    return rm(folder, { recursive: true, force: true })
  let isWritten = false
  for (const file of (await readdir(folder)).toSorted()) {
    const whole = await closed(folder, file)
    if (whole !== undefined) await takeUpFile(platform, join(folder, whole), whole, described)
    isWritten ||= whole === undefined && file.endsWith('.open')
  }
  if (isWritten || (await platform.resources.find(described.deployment)) !== undefined) return
  await rm(folder, { recursive: true, force: true })
}

/** Name of a file that is not written any more; one whose writer has died is closed in its place. */
async function closed(folder: string, file: string): Promise<string | undefined> {
  if (file.endsWith('.jsonl')) return file
  const writer = writerOf(file)
  if (writer === undefined || (await isAlive(writer))) return undefined
  const whole = file.replace(/open$/, 'jsonl')
  await rename(join(folder, file), join(folder, whole))
  return whole
}

/** Whether it is still that process: in a container the next one often has the id of the one before. */
async function isAlive({ pid, since }: Writer): Promise<boolean> {
  try {
    process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
  const began = await beganAt(pid)
  return began === undefined || began < since + clocksApartMs
}

/** Processes' beginnings are told in hundredths of a second, by another clock. */
const clocksApartMs = 2000

async function takeUpFile(platform: Platform, path: string, file: string, described: SpoolMetadata) {
  const { lines, broken } = readSpool(await readFile(path, 'utf8'))
  let unread = broken
  const rates = Object.entries(described.collections).map(([name, { rate }]) => [name, rate] as const)
  const source: Source = { ...described, collections: new Map(rates) }
  // A body nested too deeply to be written again is lost by itself, and not with its neighbours.
  const understood = (spooled: Spooled) => {
    try {
      return eventsOf(spooled, source)
    } catch {
      unread++
      return []
    }
  }
  const files = new Map<string, { readonly place: Place; readonly lines: string[] }>()
  for (const { collection, at, line } of lines.flatMap(understood)) {
    const place = described.collections[collection]
    if (place === undefined) continue
    const blob = `${place.path}/${rolledPath(at, described.rolling)}/${file}`
    const one = files.get(`${place.container} ${blob}`) ?? { place: { ...place, path: blob }, lines: [] }
    one.lines.push(line)
    files.set(`${place.container} ${blob}`, one)
  }
  if (unread > 0)
    platform.log.warn('collected lines cannot be read', { deployment: described.deployment, file, unread })
  for (const { place, lines: collected } of files.values())
    await platform.artifacts.put(place, Buffer.from(`${collected.join('\n')}\n`), {
      contentType: 'application/jsonl',
    })
  for (const place of Object.values(described.collections)) await ensureAsset(platform, place)
  await recordCollected(platform, described)
  await rm(path, { force: true })
}

/** Writes into lineage which data a deployment's requests have become: once while this server runs. */
async function recordCollected(platform: Platform, { deployment, collections }: SpoolMetadata) {
  const assets = Object.fromEntries(Object.entries(collections).map(([name, { asset }]) => [name, asset]))
  const known = told.get(platform) ?? new Map<string, string>()
  told.set(platform, known)
  const text = stableJson(assets)
  if (known.get(deployment) === text) return
  await platform.store.transaction((db) =>
    recordCollectedData(db, deployment, assets, platform.clock().getTime()),
  )
  known.set(deployment, text)
}

const told = new WeakMap<Platform, Map<string, string>>()

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
