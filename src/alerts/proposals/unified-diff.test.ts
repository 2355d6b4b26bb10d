import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { unifiedDiff } from './unified-diff.ts'

test('a difference is as diff -u has it', () => {
  const before = 'a\nb\nc\nd\ne\nf\ng\nh\ni\n'
  assert.equal(unifiedDiff(before, before, 'x'), '')
  assert.equal(
    unifiedDiff(before, before.replace('b', 'B'), 'x.yml'),
    '--- a/x.yml\n+++ b/x.yml\n@@ -1,5 +1,5 @@\n a\n-b\n+B\n c\n d\n e\n',
  )
  assert.equal(unifiedDiff('', 'a\n', 'x'), '--- a/x\n+++ b/x\n@@ -0,0 +1,1 @@\n+a\n')
})

test('patch makes the one text of the other, whatever they are', () => {
  const folder = mkdtempSync(join(tmpdir(), 'twinloop-'))
  const text = fc
    .array(fc.constantFrom('a', 'b', 'c', 'd: 1'), { minLength: 1, maxLength: 25 })
    .map((lines) => `${lines.join('\n')}\n`)
  try {
    fc.assert(
      fc.property(text, text, (before, after) => {
        writeFileSync(join(folder, 'x'), before)
        const diff = unifiedDiff(before, after, 'x')
        if (diff !== '') execFileSync('git', ['apply', '--unidiff-zero', '-'], { cwd: folder, input: diff })
        assert.equal(readFileSync(join(folder, 'x'), 'utf8'), after)
      }),
      { numRuns: 25 },
    )
  } finally {
    rmSync(folder, { recursive: true })
  }
})
