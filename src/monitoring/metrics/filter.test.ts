import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { matches, readFilter } from './filter.ts'

describe('a filter of metrics', () => {
  test('names what labels have to be, with alternatives and with any', () => {
    const conditions = readFilter(
      "deployment eq 'blue' and (status eq '200' or status eq '429') and host eq '*'",
    )
    assert.deepEqual(conditions, [
      { label: 'deployment', values: ['blue'] },
      { label: 'status', values: ['200', '429'] },
      { label: 'host', values: '*' },
    ])
    const labels = { deployment: 'blue', status: '429', host: 'a' }
    assert.ok(matches(labels, conditions))
    assert.ok(!matches({ ...labels, status: '500' }, conditions))
    assert.ok(!matches({ deployment: 'blue', status: '200' }, conditions), 'any value is a value')
    assert.deepEqual(readFilter(''), [])
  })

  test('values hold anything', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 30 }), (value) => {
        fc.pre(value !== '*')
        assert.deepEqual(readFilter(`name eq '${value.replaceAll("'", "''")}'`), [
          { label: 'name', values: [value] },
        ])
      }),
    )
  })

  test('what cannot be read is refused, with where', () => {
    for (const [text, says] of [
      ['name', /from 'name' on/],
      ["a eq 'b", /from 'a eq 'b' on/],
      ["a eq 'b' and", /cannot be read/],
      ["a eq 'b' then c eq 'd'", /cannot be read/],
      ["(a eq 'b'", /cannot be read/],
      ["a eq 'b')", /cannot be read/],
      ["a eq 'b' or c eq 'd'", /joins 'a' and 'c' by 'or'/],
    ] as const)
      assert.throws(() => readFilter(text), says)
  })
})
