import { createHash, randomUUID } from 'node:crypto'
import { mkdir, readFile, readdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Platform } from '../../kernel/platform.ts'
import type { Json } from '../../kernel/resources/resource.ts'

/** What is kept beyond this is forgotten, the least recently used first; it can be computed again. */
const mostBytes = 256 * 1024 * 1024
/** Looked at only now and then, since it takes a walk. */
const tidyEvery = 200

const written = new WeakMap<Platform, number>()

/** What was computed under a key before, or is now; several servers of one home share it. */
export async function cached(platform: Platform, key: string, compute: () => Promise<Json>): Promise<Json> {
  const folder = join(platform.config.home, 'cache', 'monitoring')
  const file = join(folder, `${createHash('sha256').update(key).digest('hex')}.json`)
  const found = await readFile(file, 'utf8').catch(() => undefined)
  if (found !== undefined) {
    const now = platform.clock()
    await utimes(file, now, now).catch(() => {})
    return JSON.parse(found) as Json
  }
  const value = await compute()
  await mkdir(folder, { recursive: true })
  const own = `${file}.${randomUUID()}`
  await writeFile(own, JSON.stringify(value))
  await rename(own, file)
  const count = (written.get(platform) ?? 0) + 1
  written.set(platform, count)
  if (count % tidyEvery === 0) await tidy(folder, mostBytes)
  return value
}

/** Removes the files that were used longest ago, until what is left is within the limit. */
export async function tidy(folder: string, limit: number): Promise<void> {
  const files = await Promise.all(
    (await readdir(folder)).map(async (name) => {
      const path = join(folder, name)
      const found = await stat(path).catch(() => undefined)
      return { path, size: found?.size ?? 0, used: found?.mtimeMs ?? 0 }
    }),
  )
  let left = files.reduce((sum, { size }) => sum + size, 0)
  for (const { path, size } of files.toSorted((a, b) => a.used - b.used)) {
    if (left <= limit) return
    await rm(path, { force: true })
    left -= size
  }
}
