import assert from 'node:assert/strict'
import { test } from 'node:test'
import { typeKind } from './type-kind.ts'

test('every type of DuckDB has a kind', () => {
  for (const [type, kind] of [
    ['TINYINT', 'integer'],
    ['UINTEGER', 'integer'],
    ['UHUGEINT', 'integer'],
    ['DECIMAL(38,10)', 'decimal'],
    ['DOUBLE', 'float'],
    ['BOOLEAN', 'boolean'],
    ['DATE', 'date'],
    ['TIMESTAMP_NS', 'timestamp'],
    ['TIMESTAMP WITH TIME ZONE', 'timestamp'],
    ['TIME', 'time'],
    ['TIME WITH TIME ZONE', 'time'],
    ["ENUM('a', 'b')", 'text'],
    ['UUID', 'text'],
    ['JSON', 'json'],
    ['INTEGER[]', 'nested'],
    ['DECIMAL(3,1)[2][]', 'nested'],
    ['STRUCT(a INTEGER)', 'nested'],
    ['MAP(VARCHAR, DATE)', 'nested'],
    ['BLOB', 'opaque'],
    ['INTERVAL', 'other'],
  ] as const)
    assert.equal(typeKind(type), kind, type)
})
