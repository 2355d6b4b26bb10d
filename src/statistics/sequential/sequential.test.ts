import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { allNear, near } from '../metrics/testing/rows.ts'
import { drawNormal } from '../random/draws.ts'
import { mulberry32, type Random } from '../random/generator.ts'
import {
  driftEvidence,
  examineGuardrail,
  rateEvidence,
  rateRatioSequence,
  sampleRatioEvidence,
} from './canary.ts'
import { burnIn, oneSidedHalfWidth, sequenceHalfWidth } from './confidence-sequence.ts'
import { meanEvidence, proportionSequence, pValueOf, rejects, splitEvidence } from './evidence.ts'
import { groupSequentialBounds, obrienFleming, pocock } from './group-sequential.ts'
import { msprt, msprtHalfWidth, rateDifference } from './msprt.ts'
import { adwinCuts, cusum, pageHinkley, pageHinkleyStart } from './streams.ts'

const alpha = 0.05
/** How often something happens in so many seeded runs. */
const frequency = (runs: number, happens: (random: Random) => boolean) => {
  let count = 0
  for (let run = 0; run < runs; run++) count += Number(happens(mulberry32(1000 + run)))
  return count / runs
}

/** Traffic of a rollout with so much to the canary, request by request; stops where `look` says so. */
function rollout(
  random: Random,
  {
    share,
    rates,
    requests,
  }: { share: number; rates: readonly [canary: number, baseline: number]; requests: number },
  look: (
    canary: { requests: number; events: number },
    baseline: { requests: number; events: number },
  ) => boolean,
): boolean {
  const [canary, baseline] = [
    { requests: 0, events: 0 },
    { requests: 0, events: 0 },
  ]
  for (let i = 0; i < requests; i++) {
    const [arm, rate] = random() < share ? [canary, rates[0]] : [baseline, rates[1]]
    arm.requests += 1
    if (random() >= rate) continue
    arm.events += 1
    if (look(canary, baseline)) return true
  }
  return false
}

describe('however often one looks', () => {
  test('a healthy canary is rolled back in less than alpha of the rollouts', () => {
    const wrong = frequency(300, (random) =>
      rollout(
        random,
        { share: 0.1, rates: [0.02, 0.02], requests: 5000 },
        (canary, baseline) =>
          examineGuardrail([{ canary, baseline }], { alphaHarm: alpha }).state === 'harmful',
      ),
    )
    assert.ok(wrong <= alpha, `${wrong}`)
  })

  test('a canary with twice the errors is found, and not promoted', () => {
    const states = { harmful: 0, safe: 0 }
    for (let run = 0; run < 60; run++)
      rollout(mulberry32(run), { share: 0.3, rates: [0.06, 0.02], requests: 6000 }, (canary, baseline) => {
        const { state } = examineGuardrail([{ canary, baseline }], { alphaHarm: alpha })
        if (state === 'undecided') return false
        states[state] += 1
        return true
      })
    assert.ok(states.harmful >= 57 && states.safe <= 3, JSON.stringify(states))
  })

  test('a canary at the tolerated ratio is promoted in less than alpha, an equal one nearly always', () => {
    const promoted = (rates: readonly [number, number], runs: number) =>
      frequency(runs, (random) =>
        rollout(
          random,
          { share: 0.3, rates, requests: 14_000 },
          (canary, baseline) =>
            examineGuardrail([{ canary, baseline }], { alphaHarm: 1e-9 }).state === 'safe',
        ),
      )
    assert.ok(promoted([0.04, 0.02], 150) <= alpha)
    assert.ok(promoted([0.02, 0.02], 40) > 0.85)
  })

  test('the interval of the ratio leaves the true one out in less than alpha of the rollouts', () => {
    const missed = frequency(150, (random) =>
      rollout(random, { share: 0.2, rates: [0.03, 0.02], requests: 4000 }, (canary, baseline) => {
        const { lower, upper } = rateRatioSequence([{ canary, baseline }], alpha)
        return lower > 1.5 || upper < 1.5
      }),
    )
    assert.ok(missed <= alpha, `${missed}`)
  })

  test('the mixture test and the sequences keep alpha at every look', () => {
    const peeked = frequency(300, (random) => {
      let [sum, squares, crossed] = [0, 0, false]
      for (let t = 1; t <= 1500 && !crossed; t++) {
        const x = drawNormal(random)
        sum += x
        squares += x * x
        if (t < burnIn) continue
        const [mean, deviation] = [sum / t, Math.sqrt(squares / t - (sum / t) ** 2)]
        crossed =
          rejects(msprt({ estimate: mean, variance: deviation ** 2 / t }, 0.1), alpha / 2) ||
          Math.abs(mean) > sequenceHalfWidth({ count: t, deviation }, { alpha: alpha / 2 })
      }
      return crossed
    })
    assert.ok(peeked <= alpha, `${peeked}`)
    const agreement = frequency(300, (random) => {
      let k = 0
      for (let m = 1; m <= 400; m++) {
        k += Number(random() < 0.98)
        if (m % 5 === 0 && (proportionSequence(k, m).lower > 0.98 || proportionSequence(k, m).upper < 0.98))
          return true
      }
      return false
    })
    assert.ok(agreement <= alpha, `${agreement}`)
  })

  test('answers that have the same distribution are not called drifted, shifted ones are', () => {
    const drifted = (shift: number, runs: number) =>
      frequency(runs, (random) => {
        const [canary, baseline] = [new Float64Array(10), new Float64Array(10)]
        for (let i = 1; i <= 3000; i++) {
          const isCanary = random() < 0.2
          const u = Math.min(0.999, random() ** (isCanary ? 1 + shift : 1))
          const arm = isCanary ? canary : baseline
          arm[Math.floor(u * 10)] = (arm[Math.floor(u * 10)] ?? 0) + 1
          if (i % 50 === 0 && rejects(driftEvidence(canary, baseline), alpha)) return true
        }
        return false
      })
    assert.ok(drifted(0, 200) <= alpha)
    assert.ok(drifted(1, 20) === 1)
  })
})

describe('the interval of the ratio', () => {
  const stretch = (canary: [number, number], baseline: [number, number]) => ({
    canary: { requests: canary[0], events: canary[1] },
    baseline: { requests: baseline[0], events: baseline[1] },
  })
  test('ends where the guardrail decides', () => {
    for (const [k, m] of [
      [20, 100],
      [35, 100],
      [8, 100],
      [50, 900],
    ] as const) {
      const stretches = [stretch([1000, k], [9000, m])]
      const { lower, upper } = rateRatioSequence(stretches, alpha)
      assert.ok(lower < (9 * k) / m && (9 * k) / m < upper)
      near(rateEvidence(stretches, lower), Math.log(1 / alpha), 1e-6)
      near(rateEvidence(stretches, upper), Math.log(1 / alpha), 1e-6)
      const { state } = examineGuardrail(stretches, { alphaHarm: alpha, alphaPromote: alpha })
      assert.equal(state, lower > 1 ? 'harmful' : upper < 2 ? 'safe' : 'undecided')
    }
  })
  test('is everything before the first event, and open where an arm had none', () => {
    assert.deepEqual(rateRatioSequence([stretch([10, 0], [90, 0])], alpha), { lower: 0, upper: Infinity })
    assert.deepEqual(rateRatioSequence([stretch([0, 0], [90, 9])], alpha), { lower: 0, upper: Infinity })
    const none = rateRatioSequence([stretch([1000, 0], [1000, 30])], alpha)
    assert.ok(none.lower === 0 && none.upper < 1)
    const only = rateRatioSequence([stretch([1000, 30], [1000, 0])], alpha)
    assert.ok(only.lower > 1 && only.upper === Infinity)
  })
})

describe('evidence', () => {
  test('is the ratio of the mixture and the hypothesis', () => {
    // Of one event with q = ½ and prior (5, 5): both outcomes are as likely as under the hypothesis.
    near(splitEvidence(1, 1, 0.5), 0)
    // Two events of two: (5·6)/(10·11) ÷ ¼.
    near(splitEvidence(2, 2, 0.5), Math.log(30 / 110 / 0.25))
    near(pValueOf(Math.log(40)), 1 / 40)
    assert.equal(pValueOf(-3), 1)
    near(meanEvidence([Math.log(3), Math.log(5)]), Math.log(4))
    assert.equal(meanEvidence([]), 0)
    assert.ok(Number.isNaN(splitEvidence(1, 2, 0)))
  })

  test('of stretches with another split adds up', () => {
    const one = { canary: { requests: 100, events: 3 }, baseline: { requests: 900, events: 9 } }
    const other = { canary: { requests: 500, events: 12 }, baseline: { requests: 500, events: 5 } }
    near(rateEvidence([one, other]), rateEvidence([one]) + rateEvidence([other]))
    assert.equal(rateEvidence([]), 0)
    const idle = { canary: { requests: 0, events: 0 }, baseline: { requests: 10, events: 1 } }
    assert.equal(examineGuardrail([idle], { alphaHarm: alpha }).state, 'undecided')
  })

  test('a difference below the floor is no harm', () => {
    const much = [
      { canary: { requests: 100_000, events: 400 }, baseline: { requests: 100_000, events: 200 } },
    ]
    assert.equal(examineGuardrail(much, { alphaHarm: alpha }).state, 'harmful')
    assert.notEqual(examineGuardrail(much, { alphaHarm: alpha, floor: 0.01 }).state, 'harmful')
  })

  test('of a broken split comes soon', () => {
    assert.ok(!rejects(sampleRatioEvidence(1000, 9000, 0.1), 0.001))
    assert.ok(rejects(sampleRatioEvidence(1300, 8700, 0.1), 0.001))
  })

  test('intervals of a chance hold the estimate', () => {
    assert.deepEqual(proportionSequence(0, 0), { lower: 0, upper: 1 })
    const { lower, upper } = proportionSequence(980, 1000)
    assert.ok(lower < 0.98 && lower > 0.955 && upper > 0.98 && upper < 0.995)
    assert.equal(proportionSequence(20, 20).upper, 1)
  })
})

/* Literal figures of bounds and widths: the same definitions integrated apart from here, in Python with SciPy 1.17.1. */
describe('formulas', () => {
  test('bounds of a group-sequential test', () => {
    allNear(groupSequentialBounds([0.2, 0.4, 0.6, 0.8, 1]), [4.877, 3.357, 2.68, 2.29, 2.031], 1e-3)
    allNear(groupSequentialBounds([1 / 3, 2 / 3, 1]), [3.71, 2.511, 1.993], 1e-3)
    allNear(groupSequentialBounds([1]), [1.959963984540054], 1e-9)
    allNear([obrienFleming(1, 0.05), pocock(1, 0.05)], [0.05, 0.05])
    const first = groupSequentialBounds([0.5, 1], { spending: pocock })
    assert.ok((first[0] ?? 9) < (groupSequentialBounds([0.5, 1])[0] ?? 0))
    assert.throws(() => groupSequentialBounds([0.5, 0.4]), /Information 0.4 is to be above 0.5/)
  })

  test('widths of sequences', () => {
    near(sequenceHalfWidth({ count: 1000, deviation: 1 }), 0.096, 1e-3)
    assert.ok(oneSidedHalfWidth({ count: 1000, deviation: 1 }) < 0.096)
    assert.equal(sequenceHalfWidth({ count: 99, deviation: 1 }), Infinity)
  })

  test('the mixture test rejects just where its interval leaves 0 out', () => {
    const variance = 1e-4
    const reach = msprtHalfWidth(variance, 0.01, alpha)
    near(msprt({ estimate: reach, variance }, 0.01), -Math.log(alpha))
    assert.ok(msprt({ estimate: reach, variance }, 0.01, 'one') > msprt({ estimate: reach, variance }, 0.01))
    assert.ok(msprt({ estimate: -reach, variance }, 0.01, 'one') < 0)
    const { estimate, variance: of } = rateDifference(
      { requests: 100, events: 3 },
      { requests: 900, events: 9 },
    )
    near(estimate, 0.02)
    near(of, (13 / 1002) * (989 / 1002) * (1 / 100 + 1 / 900))
    assert.equal(msprt({ estimate: 1, variance: 0 }, 0.01), 0)
  })
})

describe('streams', () => {
  test('sums rise with a shift, and stay down without one', () => {
    const random = mulberry32(6)
    const run = (shift: number) => {
      let sum = 0
      for (let i = 1; i <= 3000; i++) {
        sum = cusum(sum, drawNormal(random) + shift)
        if (sum > 4) return i
      }
      return 3000
    }
    const lengths = (shift: number, runs: number) =>
      Array.from({ length: runs }, () => run(shift)).reduce((a, b) => a + b, 0) / runs
    near(lengths(0, 300), 335, 0.2)
    near(lengths(1, 300), 8.4, 0.1)
  })

  test('Page and Hinkley’s falls behind a rising mean', () => {
    let state = pageHinkleyStart
    for (let i = 0; i < 100; i++) state = pageHinkley(state, i < 50 ? 0 : 1)
    assert.ok(state.sum - state.least > 20)
    near(state.mean, 0.5)
  })

  test('ADWIN cuts where parts differ by more than chance', () => {
    const parts = (after: number) => ({
      before: { count: 500, mean: 0.2 },
      after: { count: 500, mean: after },
      variance: 0.16,
    })
    assert.deepEqual(
      [0.2, 0.25, 0.35].map((mean) => adwinCuts(parts(mean))),
      [false, false, true],
    )
  })
})
