import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { lastLines } from './instances.ts'

test('the last lines of a log, also where it has just rolled', async (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'twinloop-'))
  context.after(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'log.txt')
  assert.equal(await lastLines(file, 5), '')
  writeFileSync(`${file}.1`, 'a\nb\nc, cut in')
  writeFileSync(file, ' two\nd\n')
  assert.equal(await lastLines(file, 1), 'd')
  assert.equal(await lastLines(file, 2), 'c, cut in two\nd')
  assert.equal(await lastLines(file, 100), 'a\nb\nc, cut in two\nd')
  writeFileSync(file, Array.from({ length: 600_000 }, (_, i) => `line ${i}`).join('\n'))
  const many = (await lastLines(file, 10_000)).split('\n')
  assert.deepEqual([many.length, many[0], many.at(-1)], [10_000, 'line 590000', 'line 599999'])
})
