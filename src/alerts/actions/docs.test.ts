import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { parse } from 'yaml'
import { parseRule } from '../rules/grammar/parse.ts'
import { actions } from './actions.ts'
import { readActions } from './planning/read.ts'

const page = readFileSync(join(import.meta.dirname, '..', '..', '..', 'docs', 'actions.md'), 'utf8')
const documents = Array.from(page.matchAll(/```yaml\n([\s\S]*?)```/g), ([, text = '']) => text)

test('every example of the page is one', () => {
  assert.equal(documents.length, 6)
  for (const text of documents) {
    const found: unknown = parse(text)
    const {
      type: _,
      name: _name,
      ...words
    } = (Array.isArray(found) ? { when: { metric: 'm', above: 1 }, actions: found } : found) as Readonly<
      Record<string, unknown>
    >
    const { rule, mistakes } = parseRule(words)
    assert.deepEqual(mistakes, [], text)
    assert.deepEqual(readActions(rule?.actions ?? []).mistakes, [], text)
  }
})

test('every kind of action is on the page', () => {
  for (const { name } of actions) assert.ok(page.includes(name), name)
})
