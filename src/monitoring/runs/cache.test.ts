import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import type { Platform } from '../../kernel/platform.ts'
import { cached, tidy } from './cache.ts'

describe('what signals have computed before', () => {
  const home = mkdtempSync(join(tmpdir(), 'twinloop-'))
  after(() => rmSync(home, { recursive: true }))
  const platform = { config: { home }, clock: () => new Date() } as unknown as Platform

  test('is computed once for a key, and never kept where that failed', async () => {
    let times = 0
    const compute = async () => ({ n: ++times })
    await assert.rejects(
      cached(platform, 'a', () => Promise.reject(new Error('not now'))),
      /not now/,
    )
    assert.deepEqual(await cached(platform, 'a', compute), { n: 1 })
    assert.deepEqual(await cached(platform, 'a', compute), { n: 1 })
    assert.deepEqual(await cached(platform, 'b', compute), { n: 2 })
  })

  test('is forgotten by when it was used last', async () => {
    const folder = mkdtempSync(join(home, 'tidy-'))
    for (const [name, age] of [
      ['old', 3],
      ['older', 4],
      ['new', 1],
    ] as const) {
      writeFileSync(join(folder, name), 'x'.repeat(10))
      utimesSync(join(folder, name), 1000 - age, 1000 - age)
    }
    await tidy(folder, 20)
    assert.deepEqual(readdirSync(folder).toSorted(), ['new', 'old'])
    await tidy(folder, 20)
    assert.equal(readdirSync(folder).length, 2)
  })
})
