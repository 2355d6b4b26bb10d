import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseIgnore } from './ignore.ts'

for (const { rules, path, left } of [
  { rules: '', path: 'train.py', left: false },
  { rules: '', path: '.git/HEAD', left: true },
  { rules: '', path: 'a/__pycache__/x.pyc', left: true },
  { rules: '*.csv', path: 'data/x.csv', left: true },
  { rules: '/x.csv', path: 'data/x.csv', left: false },
  { rules: '/x.csv', path: 'x.csv', left: true },
  { rules: 'data/', path: 'data/x.csv', left: true },
  { rules: 'data/', path: 'data', left: false },
  { rules: 'data/*.csv', path: 'data/deep/x.csv', left: false },
  { rules: 'data/**', path: 'data/deep/x.csv', left: true },
  { rules: '**/tmp', path: 'a/b/tmp/x', left: true },
  { rules: '*.csv\n!keep.csv', path: 'keep.csv', left: false },
  { rules: 'data/\n!data/keep.csv', path: 'data/keep.csv', left: true },
  { rules: 'x[0-9].txt', path: 'x7.txt', left: true },
  { rules: 'x[!0-9].txt', path: 'x7.txt', left: false },
  { rules: '# comment\n\n a+b ', path: ' a+b', left: true },
  { rules: 'a.b', path: 'aXb', left: false },
])
  test(`${JSON.stringify(rules)} ${left ? 'leaves out' : 'keeps'} ${path}`, () => {
    assert.equal(parseIgnore(rules)(path), left)
  })
