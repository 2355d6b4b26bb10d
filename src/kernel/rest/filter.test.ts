import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { fieldNamed, readFilter } from './filter.ts'

const fields = { status: 'status.status', displayname: 'properties.displayName' }

describe('a filter of a list', () => {
  test('is conditions joined by and', () => {
    assert.deepEqual(
      readFilter(
        "properties/status in ('Failed','Canceled') and contains(displayName,'it''s') and name ne x-1",
        fields,
      ),
      [
        { path: 'status.status', comparator: 'in', value: ['Failed', 'Canceled'] },
        { path: 'properties.displayName', comparator: 'contains', value: "it's" },
        { path: 'name', comparator: 'ne', value: 'x-1' },
      ],
    )
    assert.deepEqual(readFilter("STARTSWITH(name, '')", fields), [
      { path: 'name', comparator: 'startswith', value: '' },
    ])
  })
  test('compares times of the platform as times', () => {
    assert.deepEqual(readFilter('systemData/createdAt gt 2026-11-23T10:00:00Z', fields), [
      { path: 'createdAt', comparator: 'gt', value: Date.UTC(2026, 10, 23, 10) },
    ])
    assert.throws(
      () => readFilter("systemData/createdAt gt 'yesterday'", fields),
      /where a value is expected/,
    )
  })
  test('says what it did not understand', () => {
    const wrong: readonly (readonly [string, RegExp])[] = [
      [
        "statis eq 'Failed'",
        /'statis', which .* did you mean 'status'\? There are status, displayname, name/,
      ],
      ["status is 'Failed'", /has is where one of eq, ne, gt, ge, lt, le, in is expected/],
      ["status eq 'Failed' or name eq 'a'", /has or where 'and' is expected/],
      ['status eq', /has the end where a value is expected/],
      ["status in ('a'", /has the end where '\)' is expected/],
      ["status eq 'Failed", /cannot be read from ' 'Failed' on/],
      ['contains(name,x)', /has x where a text in '…' is expected/],
      ['constructor eq 1', /'constructor', which/],
      [Array(40).fill("name eq 'a'").join(' and '), /40 conditions; at most 32/],
    ]
    for (const [text, says] of wrong) assert.throws(() => readFilter(text, fields), says, text)
    assert.equal(fieldNamed('properties/toString', fields), undefined)
  })
})
