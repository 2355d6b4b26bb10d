import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { parse } from 'yaml'
import { readActions } from './actions/planning/read.ts'
import { parsePolicy } from './routing/policy/parse.ts'
import { parseRule } from './rules/grammar/parse.ts'
import { parseSilence } from './silences/silence.ts'

const page = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'alerts.md'), 'utf8')
const documents = Array.from(page.matchAll(/```yaml\n([\s\S]*?)```/g), ([, text = '']) => text)
/** Conditions as the table of the page writes them. */
const conditions = Array.from(page.matchAll(/^\| `(\{ .*? \})` \|/gm), ([, text = '']) => text)

const mistakesIn: Readonly<Record<string, (words: Readonly<Record<string, unknown>>) => readonly object[]>> =
  {
    alert_rule(words) {
      const { rule, mistakes } = parseRule(words)
      return rule === undefined ? mistakes : readActions(rule.actions).mistakes
    },
    alert_routing: (words) => parsePolicy(words).mistakes,
    silence: (words) => parseSilence(words, new Date()).mistakes,
  }

test('every example of the page is one', () => {
  assert.equal(documents.length, 4)
  for (const text of documents) {
    const { type, name: _, ...words } = parse(text) as Readonly<Record<string, unknown>>
    assert.deepEqual(mistakesIn[String(type)]?.(words), [], text)
  }
})

test('every condition of the table is one', () => {
  assert.equal(conditions.length, 6)
  for (const text of conditions) {
    const when: unknown = parse(text.replace('bad: …, all: …', 'bad: failures_total, all: requests_total'))
    assert.deepEqual(parseRule({ when }).mistakes, [], text)
  }
})
