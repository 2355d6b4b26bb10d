import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { mayStart, span, type Candidate, type Former } from './may-start.ts'

const [hour, day] = [3_600_000, 86_400_000]
const now = Date.UTC(2026, 10, 23, 12)
const candidate = (more: Partial<Candidate> = {}): Candidate => ({
  cause: 'rule retrain a',
  slot: 'rule retrain',
  coolDownMs: 0,
  budget: undefined,
  isApproved: false,
  ...more,
})
const done = (hoursAgo: number, more: Partial<Former> = {}): Former => ({
  label: '0-retrain of incident 1',
  cause: 'rule retrain a',
  slot: 'rule retrain',
  startedAt: now - hoursAgo * hour,
  counts: true,
  ...more,
})
const verdict = (one: Candidate, former: readonly Former[], mostInAMinute = 60) => {
  const found = mayStart(one, former, { now, mostInAMinute })
  return 'start' in found ? 'start' : Object.entries(found)[0]?.join(': ')
}

describe('whether an action begins', () => {
  const cooled = candidate({ coolDownMs: day })
  const limited = candidate({ budget: { perMs: 30 * day, atMost: 2 } })
  const cases: readonly [string, Candidate, readonly Former[], RegExp | 'start'][] = [
    ['the first', cooled, [], 'start'],
    ['within the cool-down', cooled, [done(2)], /^skip: cool-down until 2026-11-24 10:00 UTC: 0-retrain/],
    ['at its end', cooled, [done(24)], 'start'],
    ['for another alert', cooled, [done(2, { cause: 'rule retrain b' })], 'start'],
    ['after one that came to nothing', cooled, [done(2, { counts: false })], 'start'],
    ['the last counts, not the first', cooled, [done(30), done(2)], /^skip/],
    ['within the budget', limited, [done(2)], 'start'],
    [
      'over the budget, whatever the alert',
      limited,
      [done(2), done(9, { cause: 'b' })],
      /^ask: over budget: done 2 times in 30 days/,
    ],
    ['a budget that is free again', limited, [done(2), done(30 * 24)], 'start'],
    ['over the budget and approved', { ...limited, isApproved: true }, [done(2), done(9)], 'start'],
    ['approved, and cooling down', { ...limited, coolDownMs: day, isApproved: true }, [done(2)], /^skip/],
    [
      'a budget of nothing',
      candidate({ budget: { perMs: day, atMost: 0 } }),
      [],
      /^ask: over budget: done 0 times/,
    ],
  ]
  for (const [what, one, former, expected] of cases)
    test(what, () => {
      const found = verdict(one, former)
      if (expected === 'start') assert.equal(found, expected)
      else assert.match(found ?? '', expected)
    })

  test('a storm is slowed down to so many in a minute, of whatever rules', () => {
    const storm = Array.from({ length: 5 }, (_, i) => done(i / 3600, { slot: 'other', cause: 'other' }))
    assert.equal(verdict(candidate(), storm, 6), 'start')
    const found = mayStart(candidate(), storm, { now, mostInAMinute: 5 })
    assert.deepEqual(found, { wait: 'more than 5 actions began within a minute', again: 56_000 })
  })

  test('times are told in the largest unit that is whole', () => {
    assert.deepEqual([30 * day, day, 36 * hour, 90_000, 60_000].map(span), [
      '30 days',
      '1 day',
      '36 hours',
      '90 seconds',
      '1 minute',
    ])
  })
})
