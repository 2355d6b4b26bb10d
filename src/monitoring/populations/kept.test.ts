import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, test } from 'node:test'
import type { Platform } from '../../kernel/platform.ts'
import { keepRows } from './kept.ts'
import { NoData } from './population.ts'

describe('rows that are kept', () => {
  const hour = 3_600_000
  let home: string
  let now: number
  let made: string[]
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'twinloop-'))
    now = Date.UTC(2026, 0, 1)
    made = []
  })
  afterEach(() => rmSync(home, { recursive: true, force: true }))

  const keep = (key: string, bytes = 10, cacheBytes = 1e6) =>
    keepRows(
      { config: { home, cacheBytes }, clock: () => new Date(now) } as unknown as Platform,
      key,
      async (file) => {
        made.push(key)
        writeFileSync(file, 'x'.repeat(bytes))
        return { of: key }
      },
    )
  const files = () => readdirSync(join(home, 'cache', 'populations'))
  const parquet = () => files().filter((name) => name.endsWith('.parquet')).length

  test('are made once, also for those who ask at the same time, and found again', async () => {
    const all = await Promise.all(['a', 'a', 'b', 'a'].map((key) => keep(key)))
    const again = await keep('a')
    // Which of them is the first to be made is not said.
    assert.deepEqual(made.toSorted(), ['a', 'b'])
    assert.equal(new Set([...all, again].map(({ file }) => file)).size, 2)
    assert.deepEqual(again.facts, { of: 'a' })
  })

  test('leave nothing when they cannot be made, and are tried again', async () => {
    const platform = { config: { home, cacheBytes: 1e6 }, clock: () => new Date(now) } as unknown as Platform
    const fail = () =>
      keepRows(platform, 'a', async (file) => {
        writeFileSync(file, 'half')
        throw new NoData('none')
      })
    await assert.rejects(fail(), NoData)
    assert.deepEqual(files(), [])
    assert.deepEqual((await keep('a')).facts, { of: 'a' })
  })

  test('go when there is too much, the least lately used first, but none that may be read', async () => {
    for (const key of ['a', 'b', 'c']) {
      await keep(key, 400, 1000)
      now += 2 * hour
    }
    assert.equal(parquet(), 2, 'a has gone')
    await keep('b', 400, 1000)
    now += 2 * hour
    await keep('d', 400, 1000)
    made = []
    await keep('b', 400, 1000)
    assert.deepEqual(made, [], 'b was used later than c')
    for (const key of ['e', 'f', 'g']) await keep(key, 400, 1000)
    assert.ok(parquet() >= 4, 'of the same hour')
  })

  test('a file without its facts was being made when the server was killed: it is made anew', async () => {
    const { file } = await keep('a')
    rmSync(file.replace(/parquet$/, 'json'))
    const partial = join(home, 'cache', 'populations', 'partial-x')
    await mkdir(partial)
    await keep('a')
    assert.deepEqual(made, ['a', 'a'])
  })
})
