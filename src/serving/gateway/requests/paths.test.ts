import assert from 'node:assert/strict'
import test from 'node:test'
import { readPath } from './paths.ts'

const cases: [string, unknown][] = [
  ['/dev/flights/score', { key: 'dev/flights', resource: { kind: 'score' } }],
  ['/DEV/Flights/invocations', { key: 'dev/flights', resource: { kind: 'invocations' } }],
  ['/dev/flights/', { key: 'dev/flights', resource: { kind: 'root' } }],
  ['/s1/g/dev/flights/ping', { key: 's1/g/dev/flights', resource: { kind: 'ping' } }],
  ['/dev/flights/v2', { key: 'dev/flights', resource: { kind: 'v2' } }],
  ['/dev/flights/v2/health/live', { key: 'dev/flights', resource: { kind: 'live' } }],
  ['/dev/flights/v2/models/m', { key: 'dev/flights', resource: { kind: 'model', model: 'm' } }],
  ['/dev/flights/v2/models/score', { key: 'dev/flights', resource: { kind: 'model', model: 'score' } }],
  [
    '/dev/flights/v2/models/My%20m/versions/3/infer',
    { key: 'dev/flights', resource: { kind: 'infer', model: 'My m', version: '3' } },
  ],
  [
    '/dev/flights/v2/models/%zz/ready',
    { key: 'dev/flights', resource: { kind: 'model-ready', model: '%zz' } },
  ],
  ['/gone/score', { key: 'gone', resource: { kind: 'score' } }],
  ['/dev/flights/score/more', undefined],
  ['/dev/flights/v2/models/m/versions/3/other', undefined],
  ['/score', undefined],
  ['/dev/flights/constructor', undefined],
]

for (const [path, expected] of cases)
  test(`path ${path}`, () => {
    const known = (key: string) => key === 'dev/flights' || key === 's1/g/dev/flights'
    assert.deepEqual(readPath(path, known), expected)
  })
