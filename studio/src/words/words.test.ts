import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { shortened, plural } from './names.ts'
import { bytes, count, exact, metric, percent, rate } from './numbers.ts'
import { gateLooks, jobLooks, lookOf, releaseLooks } from './status.ts'
import { between, duration, when } from './time.ts'

describe('numbers', () => {
  test('are as precise as they have to be, and missing ones are no numbers', () => {
    assert.deepEqual([0.71288, 12.4, 0, 1234, 1e-7, 123456789, -0.5, null, undefined, NaN].map(metric), [
      '0.7129',
      '12.40',
      '0',
      '1,234',
      '1.000e-7',
      '1.235e+8',
      '-0.5000',
      '–',
      '–',
      '–',
    ])
    assert.deepEqual([999, 9999, 12_400, 3_500_000, undefined].map(count), [
      '999',
      '9,999',
      '12.4k',
      '3.5M',
      '–',
    ])
    assert.deepEqual([336776, null].map(exact), ['336,776', '–'])
    assert.deepEqual([percent(0.0123, 2), percent(1), percent(null)], ['1.23 %', '100.0 %', '–'])
  })
  test('have units', () => {
    assert.deepEqual([0, 1023, 1536, 1197445, 5 * 2 ** 40].map(bytes), [
      '0 B',
      '1023 B',
      '1.5 KiB',
      '1.1 MiB',
      '5.0 TiB',
    ])
    assert.deepEqual([0, 0.052, 12.44, 1204].map(rate), ['0/s', '0.052/s', '12.4/s', '1,204/s'])
  })
})

describe('times', () => {
  const now = new Date('2026-11-23T10:00:00Z')
  const ago = (ms: number) => when(new Date(now.getTime() - ms), now, 'utc')
  test('of a day are told by how long ago, older ones by their date', () => {
    assert.deepEqual([1000, 30_000, 240_000, 3 * 3_600_000, 30 * 3_600_000, 400 * 86_400_000].map(ago), [
      'just now',
      '30 s ago',
      '4 min ago',
      '3 h ago',
      '22 Nov 04:00',
      '19 Oct 2025 10:00',
    ])
    assert.equal(when(new Date(now.getTime() + 7_200_000), now), 'in 2 h')
  })
  test('durations have the two units that matter', () => {
    assert.deepEqual([840, 12_400, 185_000, 8_040_000, 273_600_000, undefined].map(duration), [
      '840 ms',
      '12.4 s',
      '3 m 05 s',
      '2 h 14 m',
      '3 d 4 h',
      '–',
    ])
    assert.equal(between('2026-11-23T09:59:00Z', undefined, now), 60_000)
    assert.equal(between(undefined, undefined, now), undefined)
  })
})

describe('states', () => {
  test('every state of the server has a look', () => {
    // As the server has them: src/training/jobs/status.ts, src/release/releases/release.ts.
    const jobs = 'NotStarted Queued Preparing Running Finalizing CancelRequested Completed Failed Canceled'
    assert.deepEqual(Object.keys(jobLooks).sort(), jobs.split(' ').sort())
    const releases =
      'running blocked waiting delivering succeeded failed refused expired superseded cancelled rolled_back'
    assert.deepEqual(Object.keys(releaseLooks).sort(), releases.split(' ').sort())
    // The last is none of the server's: a step that a release which has ended did not come to.
    const gates = 'pending running passed failed inconclusive error waived skipped'
    assert.deepEqual(Object.keys(gateLooks).sort(), gates.split(' ').sort())
  })
  test('what is not known is never taken to be good', () => {
    for (const state of ['Splendid', '', null, undefined, 'constructor'])
      assert.equal(lookOf('job', state).family, 'off')
    assert.equal(lookOf('job', 'Splendid').word, 'Splendid')
  })
})

test('long names keep their beginnings and ends, and count letters', () => {
  assert.equal(shortened('flight-delay', 40), 'flight-delay')
  assert.equal(shortened('a'.repeat(30) + 'z'.repeat(30), 20), `${'a'.repeat(13)}…${'z'.repeat(6)}`)
  assert.equal(shortened('🛫'.repeat(50), 10), `${'🛫'.repeat(6)}…${'🛫'.repeat(3)}`)
  assert.deepEqual([plural(1, 'job'), plural(1200, 'job')], ['1 job', '1,200 jobs'])
})
