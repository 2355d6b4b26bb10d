import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { wholeCharacters } from '../commands/job/stream.ts'
import { Failure } from '../failure.ts'
import { collect } from './collect.ts'
import { guidOf } from './upload.ts'
import { safeJoin } from './download.ts'

let folder: string
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'twinloop-'))
  for (const [name, text] of [
    ['a/x.py', 'x'],
    ['a/deep/y.py', 'y'],
    ['a/skip.log', 'z'],
    ['a/.gitignore', '*.log\n'],
    ['b/x.py', 'x'],
    ['b/deep/y.py', 'y'],
    ['b/.gitignore', '*.log\n'],
    ['lib/shared.py', 's'],
  ] as const) {
    mkdirSync(join(folder, name, '..'), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
  symlinkSync(join(folder, 'a'), join(folder, 'a/deep/round'))
  mkdirSync(join(folder, 'empty'))
})
after(() => rmSync(folder, { recursive: true, force: true }))

test('a folder is its files less the ignored, wherever it lies, and links in a circle end', async () => {
  const [a, b] = await Promise.all([collect(join(folder, 'a')), collect(join(folder, 'b'))])
  assert.deepEqual(
    a.files.map((f) => f.name),
    ['.gitignore', 'deep/y.py', 'x.py'],
  )
  assert.equal(a.hash, b.hash)
  writeFileSync(join(folder, 'b/x.py'), 'X')
  assert.notEqual((await collect(join(folder, 'b'))).hash, a.hash)
  assert.match(guidOf(a.hash), /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
})

test('what is included from elsewhere lies beside', async () => {
  const { files } = await collect(join(folder, 'a/x.py'), [
    join(folder, 'lib'),
    join(folder, 'lib/shared.py'),
  ])
  assert.deepEqual(
    files.map((f) => f.name),
    ['lib/shared.py', 'shared.py', 'x.py'],
  )
})

test('nothing to upload is a failure that says so', async () => {
  await assert.rejects(collect(join(folder, 'empty')), /has no files to upload/)
  await assert.rejects(collect(join(folder, 'nowhere')), /there is no .*nowhere to upload/)
})

test('a download never leaves its folder', () => {
  assert.equal(safeJoin('/d', 'a/b.txt'), '/d/a/b.txt')
  for (const name of ['../x', 'a/../../x', '../dd/x']) assert.throws(() => safeJoin('/d', name), Failure)
})

test('a log is printed in whole characters', () => {
  const bytes = new TextEncoder().encode('aé€😀')
  for (let length = 0; length <= bytes.length; length++) {
    const whole = wholeCharacters(bytes.subarray(0, length))
    assert.equal('aé€😀'.startsWith(new TextDecoder('utf-8', { fatal: true }).decode(whole)), true)
    assert.ok(length - whole.length < 4)
  }
  assert.equal(wholeCharacters(bytes).length, bytes.length)
})
