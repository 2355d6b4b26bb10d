import { createHash, randomUUID } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Platform } from '../../kernel/platform.ts'
import { stableJson } from '../../kernel/resources/row.ts'

/** Rows that were read once, by what they were read from: a Parquet file in the home, and what was found of it. */
export interface Kept<F> {
  readonly file: string
  readonly facts: F
}

/** What was used so lately may be read just now. */
const inUseMs = 3_600_000

/** When there is too much, so much stays that it is not too much again with the next. */
const keepShare = 0.9

/**
 * The file of this key, made by `make` where it is not kept yet: `make` writes the Parquet file at the path that it is
 * given, and may write beside it in the folder. Made once for all who ask at the same time; there whole or not at all,
 * whenever the server is killed. Kept populations take up to `cacheBytes` together; the least lately used go first.
 */
export async function keepRows<F>(
  platform: Platform,
  key: unknown,
  make: (file: string, folder: string) => Promise<F>,
): Promise<Kept<F>> {
  const folder = join(platform.config.home, 'cache', 'populations')
  const name = createHash('sha256').update(stableJson(key)).digest('hex')
  const path = join(folder, name)
  const under = `${platform.config.home}\n${name}`
  const running = (making.get(under) ?? makeOnce(platform, folder, path, make)) as Promise<Kept<F>>
  making.set(under, running)
  return running.finally(() => making.delete(under))
}

const making = new Map<string, Promise<Kept<unknown>>>()

async function makeOnce<F>(
  platform: Platform,
  folder: string,
  path: string,
  make: (file: string, folder: string) => Promise<F>,
): Promise<Kept<F>> {
  const known = await look<F>(path, platform.clock())
  if (known !== undefined) return known
  const working = join(folder, `partial-${randomUUID()}`)
  await mkdir(working, { recursive: true })
  try {
    const made = join(working, 'rows.parquet')
    const facts = await make(made, working)
    const told = join(working, 'facts.json')
    await writeFile(told, JSON.stringify(facts))
    const now = platform.clock()
    await utimes(told, now, now)
    // The facts come last: where they are, the rows are.
    await rename(made, `${path}.parquet`)
    await rename(told, `${path}.json`)
    await evict(folder, platform)
    return { file: `${path}.parquet`, facts }
  } finally {
    await rm(working, { recursive: true, force: true })
  }
}

async function look<F>(path: string, now: Date): Promise<Kept<F> | undefined> {
  try {
    const facts = JSON.parse(await readFile(`${path}.json`, 'utf8')) as F
    await stat(`${path}.parquet`)
    await utimes(`${path}.json`, now, now)
    return { file: `${path}.parquet`, facts }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

/** Removes what was used least lately once there is too much, and what a killed server left half-made. */
async function evict(folder: string, { config, clock }: Platform): Promise<void> {
  const now = clock().getTime()
  const all: { readonly path: string; readonly bytes: number; readonly used: number }[] = []
  for (const name of await readdir(folder)) {
    const path = join(folder, name)
    const found = await stat(path).catch(() => undefined)
    if (found === undefined) continue
    if (name.startsWith('partial-')) {
      if (now - found.mtimeMs > 24 * inUseMs) await rm(path, { recursive: true, force: true })
      continue
    }
    // The facts tell when the rows were used, too: these may be linked, and their own time is that of the bytes.
    const facts = await stat(path.replace(/\.parquet$/, '.json')).catch(() => undefined)
    all.push({ path, bytes: found.nlink > 1 ? 0 : found.size, used: facts?.mtimeMs ?? found.ctimeMs })
  }
  let kept = all.reduce((sum, { bytes }) => sum + bytes, 0)
  if (kept <= config.cacheBytes) return
  for (const { path, bytes, used } of all.toSorted((a, b) => a.used - b.used)) {
    if (kept <= config.cacheBytes * keepShare || now - used < inUseMs) return
    await rm(path, { force: true })
    kept -= bytes
  }
}
