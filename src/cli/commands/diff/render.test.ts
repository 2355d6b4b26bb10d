import assert from 'node:assert/strict'
import { test } from 'node:test'
import { renderDiff } from './render.ts'
import type { DiffResult } from './result.ts'

const side = { reference: 'azureml:t:1', rows: 10, columns: 2 }
const none = { added: [], removed: [], renamed: [], retyped: [], reordered: false }
const diff: DiffResult = { from: side, to: side, equal: false, schema: none, columns: [], notes: [] }
const text = (of: DiffResult, all = false) =>
  renderDiff(of, { all })
    .map((line) => line.text)
    .join('\n')

test('many columns are cut, unless all are asked for', () => {
  const columns = Array.from({ length: 20 }, (_, i) => ({
    name: `c${i}`,
    kind: 'other',
    same: i > 17,
    distance: 0,
    missing: { from: 0, to: 0 },
  }))
  assert.match(text({ ...diff, columns }), /c14 [^]*3 more changed less: --all shows them\n= c18, c19$/)
  assert.doesNotMatch(text({ ...diff, columns }, true), /more changed/)
})

test('nothing that a file has in it moves the cursor or fills the screen', () => {
  const schema = { ...none, added: [{ name: `\u001B[2J\n\u202E${'x'.repeat(200)}`, type: 'VARCHAR' }] }
  const shown = text({ ...diff, schema })
  assert.ok(!shown.includes('\u001B') && !shown.includes('\u202E'))
  assert.match(shown, /\+ \\u001b\[2J\\u000a\\u202ex+…/)
})

test('duplicates and rows without a key are said', () => {
  const keyed = {
    keys: ['k'],
    added: 0,
    removed: 0,
    changed: 0,
    unchanged: 7,
    duplicates: {
      from: { keys: 1, rows: 2, examples: [['x', 'y']] },
      to: { keys: 0, rows: 0, examples: [] },
    },
    withoutKey: { from: 0, to: 1 },
    changes: [],
    examples: { added: [], removed: [], changed: [] },
  }
  assert.match(
    text({ ...diff, to: { ...side, reference: 'azureml:t:2' }, keyed }),
    /~ 0 changed of 7 that both have\n! t:1 has 1 key more than once \(2 rows, left out\): x y\n! t:2 has 1 row without a key \(left out\)/,
  )
})
