import assert from 'node:assert/strict'
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { disk } from '../../../../src/cli/yaml/disk.ts'
import { makeKinds } from '../../parts/make-kinds.ts'
import { readDocument } from './documents/read.ts'
import { shapesOf } from './documents/kinds/shapes.ts'

const folder = join(import.meta.dirname, 'templates')

test('there is an example for every kind, and nothing is wrong with any', async () => {
  const names = readdirSync(folder).map((name) => name.replace('.yml', ''))
  assert.deepEqual(names.toSorted(), Object.keys(makeKinds).toSorted())
  for (const kind of Object.keys(makeKinds) as (keyof typeof makeKinds)[]) {
    const text = readFileSync(join(folder, `${kind}.yml`), 'utf8')
    const { problems } = await readDocument(text, shapesOf[kind], disk, kind)
    assert.deepEqual(
      problems.map(({ message }) => message),
      [],
      kind,
    )
  }
})
