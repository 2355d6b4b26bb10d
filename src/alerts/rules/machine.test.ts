import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { evaluate, fingerprintOf, type Alerts, type Finding, type Holding } from './machine.ts'

const minute = 60_000
const rule = (more: Partial<Holding> = {}): Holding => ({ forMs: 0, keepFiringForMs: 0, limit: 0, ...more })
const one: readonly Finding[] = [{ labels: { endpoint: 'flights' }, value: 7 }]

/** Evaluates minute after minute; `1` is true. Answers with the state after each, `-` where there is no alert. */
function walk(holding: Holding, found: string, every = minute): string {
  let alerts: Alerts = new Map()
  return Array.from(found, (isTrue, i) => {
    ;({ alerts } = evaluate(alerts, isTrue === '1' ? one : [], holding, i * every))
    return [...alerts.values()][0]?.state.charAt(0) ?? '-'
  }).join('')
}

describe('the states of alerts', () => {
  const cases: [string, Partial<Holding>, string, string][] = [
    ['without `for` it fires at once', {}, '0110', '-ffr'],
    ['with `for` it is pending first', { forMs: 2 * minute }, '11111', 'ppfff'],
    ['what does not hold long enough never fires', { forMs: 2 * minute }, '110110', 'pp-pp-'],
    ['a gap begins the time anew', { forMs: 2 * minute }, '1101110', 'pp-ppfr'],
    ['it is kept firing', { keepFiringForMs: 2 * minute }, '1000', 'fffr'],
    ['true while kept, it never ceased', { keepFiringForMs: 2 * minute }, '1010000', 'fffffrr'],
    ['both', { forMs: minute, keepFiringForMs: minute }, '110100', 'pffffr'],
    ['resolved is remembered for a quarter of an hour', {}, `1${'0'.repeat(18)}`, `f${'r'.repeat(16)}--`],
    ['resolved and true again is a new alert', { forMs: minute }, '110110', 'pfrpfr'],
  ]
  for (const [what, holding, found, expected] of cases)
    test(what, () => assert.equal(walk(rule(holding), found), expected))

  test('transitions are told once, with the times', () => {
    const holding = rule({ forMs: minute })
    const first = evaluate(new Map(), one, holding, 0)
    const second = evaluate(first.alerts, one, holding, minute)
    const third = evaluate(second.alerts, one, holding, 2 * minute)
    const last = evaluate(third.alerts, [], holding, 3 * minute)
    const told = (step: typeof first) => step.transitions.map(({ to }) => to)
    assert.deepEqual([first, second, third, last].map(told), [['pending'], ['firing'], [], ['resolved']])
    const [alert] = last.alerts.values()
    assert.deepEqual(alert, {
      labels: { endpoint: 'flights' },
      value: 7,
      state: 'resolved',
      activeAt: 0,
      firedAt: minute,
      resolvedAt: 3 * minute,
    })
  })

  test('alerts of one rule are independent of one another', () => {
    const of = (...names: string[]) => names.map((name) => ({ labels: { name }, value: 1 }))
    const first = evaluate(new Map(), of('a', 'b'), rule(), 0)
    const second = evaluate(first.alerts, of('b', 'c'), rule(), minute)
    assert.deepEqual(
      [...second.alerts].map(([key, { state }]) => [key, state]),
      [
        [fingerprintOf({ name: 'a' }), 'resolved'],
        [fingerprintOf({ name: 'b' }), 'firing'],
        [fingerprintOf({ name: 'c' }), 'firing'],
      ],
    )
  })

  test('two findings of the same labels, and more than the limit, are errors of the rule', () => {
    const twice = [...one, { labels: { endpoint: 'flights' }, value: 8 }]
    assert.throws(() => evaluate(new Map(), twice, rule(), 0), /tell them apart/)
    assert.throws(
      () => evaluate(new Map(), [...one, { labels: {}, value: 1 }], rule({ limit: 1 }), 0),
      /limit is 1/,
    )
  })

  test('whatever is found when, and however the clock jumps, an alert fires only after it has held, and ends resolved', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.boolean(), fc.integer({ min: -5 * minute, max: 20 * minute })), {
          maxLength: 40,
        }),
        fc.integer({ min: 0, max: 10 * minute }),
        fc.integer({ min: 0, max: 10 * minute }),
        (steps, forMs, keepFiringForMs) => {
          const holding = rule({ forMs, keepFiringForMs })
          let [alerts, now]: [Alerts, number] = [new Map(), 0]
          for (const [isTrue, jump] of steps) {
            now += jump
            const before = alerts
            const step = evaluate(before, isTrue ? one : [], holding, now)
            alerts = step.alerts
            for (const { alert, to } of step.transitions) {
              if (to === 'firing') assert.ok(now - alert.activeAt >= forMs)
              const was = [...before.values()][0]?.state
              if (to === 'resolved') assert.equal(was, 'firing')
              assert.notEqual(to, was)
            }
          }
        },
      ),
    )
  })
})
