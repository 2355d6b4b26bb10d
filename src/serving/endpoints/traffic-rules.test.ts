import assert from 'node:assert/strict'
import test from 'node:test'
import { UserError } from '../../kernel/errors.ts'
import { checkTraffic } from './traffic-rules.ts'

const there = ['blue', 'green']
const cases: [string, Record<string, number>, Record<string, number>, RegExp | undefined][] = [
  ['all to one', { blue: 100 }, {}, undefined],
  ['a split', { blue: 90, Green: 10 }, {}, undefined],
  ['nothing', {}, {}, undefined],
  ['a deployment that has gone, with no share', { red: 0, blue: 100 }, {}, undefined],
  ['a mirror', { blue: 100 }, { green: 10 }, undefined],
  ['not 100', { blue: 90 }, {}, /must sum to 100 \(or 0\), not 90/],
  ['an unknown deployment', { bleu: 100 }, {}, /no deployment 'bleu'. Did you mean 'blue'/],
  ['mirroring too much', { blue: 100 }, { green: 60 }, /at most 50 percent/],
  ['mirroring to one that serves', { blue: 100 }, { blue: 10 }, /has traffic of its own/],
  ['mirroring to two', {}, { blue: 10, green: 10 }, /only one deployment/],
]

for (const [what, traffic, mirrorTraffic, expected] of cases)
  test(`traffic: ${what}`, () => {
    const check = () => checkTraffic({ traffic, mirrorTraffic }, there)
    if (expected === undefined) check()
    else
      assert.throws(
        check,
        (error) => error instanceof UserError && error.kind.status === 400 && expected.test(error.message),
      )
  })

test('traffic: every breach is told', () => {
  assert.throws(
    () => checkTraffic({ traffic: { red: 50 }, mirrorTraffic: { black: 60 } }, there),
    (error) => error instanceof UserError && error.details.length === 4,
  )
})
