import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { mulberry32 } from '../../../../statistics/random/generator.ts'
import type { Report } from '../generator/messages.ts'
import { loadParameters } from '../parameters.ts'
import { scheduleOf, type Due, type Schedule } from '../schedule.ts'
import { designEffect } from './batches.ts'
import { ofChampion, ofErrors, ofLatencies, ofLoad } from './judge.ts'
import { outcomeOf } from './outcome.ts'

const schedule = (of: Partial<Schedule> = {}) =>
  scheduleOf({
    rate: 100,
    durationMs: 10_000,
    warmUpMs: 1000,
    arrival: 'constant',
    arms: ['candidate'],
    bodies: 7,
    seed: 1,
    ...of,
  })

/** A report in which each request took as long as `took` says; `undefined` has no answer. */
const report = (due: readonly Due[], took: (i: number) => number | undefined): Report => ({
  sent: due.map(({ at }) => at),
  answered: due.map(({ at }, i) => {
    const ms = took(i)
    return ms === undefined ? null : at + ms
  }),
  status: due.map((_, i) => (took(i) === undefined ? 0 : 200)),
  answers: {},
  problems: {},
})
const outcome = (took: (i: number) => number | undefined) => {
  const due = schedule({ warmUpMs: 0 })
  return outcomeOf(due, report(due, took), 'candidate')
}

describe('a schedule', () => {
  test('has a request every so often, the first ones to warm up', () => {
    const due = schedule()
    assert.equal(due.filter(({ isWarmUp }) => isWarmUp).length, 100)
    const measured = due.filter(({ isWarmUp }) => !isWarmUp)
    assert.equal(measured.length, 1000)
    assert.equal(measured[0]?.at, 1000)
    assert.equal(measured[0]?.body, 0)
    assert.deepEqual(
      due.map(({ at }) => at),
      due.map(({ at }) => at).toSorted((a, b) => a - b),
    )
  })

  test('of callers who do not know of each other has as many, with gaps that are exponential', () => {
    const of = { arrival: 'poisson', durationMs: 100_000, warmUpMs: 0 } as const
    const due = schedule(of)
    assert.equal(due.length, 10_000)
    const gaps = due.slice(1).map(({ at }, i) => at - (due[i]?.at ?? 0))
    const long = gaps.filter((gap) => gap > 20).length / gaps.length
    assert.ok(Math.abs(long - Math.exp(-2)) < 0.01, String(long))
    assert.deepEqual(due, schedule(of))
    assert.notDeepEqual(due[5], schedule({ ...of, seed: 2 })[5])
  })

  test('of two arms lets them take turns, A B B A, with the same bodies', () => {
    const due = schedule({ arms: ['candidate', 'champion'], warmUpMs: 0 })
    assert.equal(due.length, 2000)
    const order = due.filter((one, i) => one.arm !== due[i - 1]?.arm).map(({ arm }) => arm)
    assert.deepEqual(order, ['candidate', 'champion', 'candidate'])
    const bodies = (arm: string) => due.filter((one) => one.arm === arm).map(({ body }) => body)
    assert.deepEqual(bodies('candidate'), bodies('champion'))
  })
})

describe('figures of a load', () => {
  const given = loadParameters.parse({ p99_ms: 50, max_error_rate: '1%' })
  const verdict = (took: (i: number) => number | undefined) =>
    ofLatencies(outcome(took), given).find(({ name }) => name === 'latency_p99_ms')?.verdict

  /* The table of exceedances: 4 of 1000 show p99, 16 show the opposite. */
  test('show a quantile by few enough exceedances', () => {
    const slow = (every: number) => (i: number) => (i % every === 7 ? 80 : 10)
    assert.equal(verdict(slow(250)), 'pass')
    assert.equal(verdict(slow(200)), 'inconclusive')
    assert.equal(verdict(slow(60)), 'fail')
  })

  test('count what had no answer as infinitely long', () => {
    const lost = outcome((i) => (i % 33 === 0 ? undefined : 10))
    const p99 = ofLatencies(lost, given).find(({ name }) => name === 'latency_p99_ms')
    assert.deepEqual([p99?.estimate, p99?.verdict], [null, 'fail'])
    const errors = ofErrors(lost, given)
    assert.deepEqual([errors.estimate, errors.verdict], [0.031, 'fail'])
    assert.equal(
      ofErrors(
        outcome(() => 1),
        given,
      ).verdict,
      'pass',
    )
    assert.equal(
      ofErrors(
        outcome((i) => (i < 7 ? undefined : 1)),
        given,
      ).verdict,
      'inconclusive',
    )
  })

  test('give requests that were slow together less weight', () => {
    const together = (i: number) => (i >= 500 && i < 516 ? 80 : 10)
    assert.ok(designEffect(Array.from({ length: 1000 }, (_, i) => together(i) > 50)) > 10)
    assert.equal(verdict(together), 'inconclusive')
    const random = mulberry32(3)
    const apart = designEffect(Array.from({ length: 10_000 }, () => random() < 0.01))
    assert.ok(apart < 2.2, String(apart))
  })

  test('are worth nothing where the load was not sent', () => {
    const due = schedule({ warmUpMs: 0 })
    const whole = report(due, () => 10)
    const cut = { ...whole, sent: whole.sent.map((at, i) => (i < 980 ? at : null)) }
    assert.equal(ofLoad(outcomeOf(due, cut, 'candidate'), 100).verdict, 'inconclusive')
    assert.equal(ofLoad(outcomeOf(due, whole, 'candidate'), 100).verdict, 'pass')
  })

  test('compare two deployments by an interval of the ratio', () => {
    const spread = (scale: number) => {
      const random = mulberry32(5)
      return outcome(() => scale * (8 + 4 * random()))
    }
    assert.equal(ofChampion(spread(1), spread(1), 1.5).verdict, 'pass')
    assert.equal(ofChampion(spread(2), spread(1), 1.5).verdict, 'fail')
    assert.equal(ofChampion(spread(1), spread(1), 1).verdict, 'inconclusive')
  })
})
