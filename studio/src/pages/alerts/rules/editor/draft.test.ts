import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { actionKind, comparisonOf, conditionKinds, kindOf, newRule } from './conditions.ts'
import { asWritten, at, edited, readDraft, readList, readPairs, textOf, writePairs } from './draft.ts'

const text = `# who is on call knows
type: alert_rule
name: slow
when:
  metric: latency_seconds
  abov: 1
`

describe('the text of a rule', () => {
  test('is read with its mistakes at their lines', () => {
    const { name, words, mistakes } = readDraft(text)
    assert.equal(name, 'slow')
    assert.deepEqual(Object.keys(words ?? {}), ['when'])
    assert.ok(mistakes.length > 0)
    assert.match(mistakes.map(({ message }) => message).join(' '), /above/)
    assert.ok(
      mistakes.every(({ line = 0 }) => line >= 4 && line <= 6),
      JSON.stringify(mistakes),
    )
  })

  test('that is no YAML, or no map, has one mistake', () => {
    const broken = readDraft('a: [1')
    assert.equal(broken.words, undefined)
    assert.equal(broken.mistakes.length, 1)
    assert.equal(readDraft('just words').mistakes.length, 1)
  })

  test('of a new rule says what is to be filled in', () => {
    assert.deepEqual(
      readDraft(newRule).mistakes.map(({ message }) => message),
      ['The rule has no name yet.', 'when.metric is not filled in yet.'],
    )
  })

  test('is edited where something is changed, and nowhere else', () => {
    const once = edited(text, ['when', 'abov'], undefined)
    const next = edited(once, ['when', 'above'], '250ms')
    assert.match(next, /^# who is on call knows\n/)
    assert.deepEqual(readDraft(next).mistakes, [])
    assert.equal(at(readDraft(next).words, ['when', 'above']), '250ms')
  })

  test('loses maps that are left empty', () => {
    const labelled = edited(text, ['annotations', 'runbook_url'], 'https://x')
    assert.match(labelled, /annotations/)
    assert.doesNotMatch(edited(labelled, ['annotations', 'runbook_url'], ''), /annotations/)
  })

  test('of a rule that is there is what makes it', () => {
    const kept = textOf('slow', {
      when: { metric: 'a', above: 1 },
      evaluation: { state: 'inactive' },
      warnings: [],
    })
    const { name, words, mistakes } = readDraft(kept)
    assert.deepEqual([name, words, mistakes], ['slow', { when: { metric: 'a', above: 1 } }, []])
  })

  test('has values as they are written', () => {
    assert.deepEqual(['0.68', ' 5% ', '250ms', '', '-1'].map(asWritten), [0.68, '5%', '250ms', undefined, -1])
    assert.deepEqual(readPairs('endpoint=flights, status = 500, nonsense'), {
      endpoint: 'flights',
      status: '500',
    })
    assert.equal(writePairs({ a: 'b', c: 1 }), 'a=b, c=1')
    assert.deepEqual(readList('a, , b'), ['a', 'b'])
  })
})

describe('the form of a rule', () => {
  test('knows every kind of condition by what a new one says', () => {
    for (const [kind, { start }] of Object.entries(conditionKinds)) assert.equal(kindOf(start), kind)
    assert.equal(kindOf(undefined), 'metric')
  })

  test('knows the comparison and the kind of an action', () => {
    assert.equal(comparisonOf({ metric: 'a', at_most: 0 }), 'at_most')
    assert.deepEqual(['rollback', { notify: {} }, null].map(actionKind), ['rollback', 'notify', ''])
  })
})
