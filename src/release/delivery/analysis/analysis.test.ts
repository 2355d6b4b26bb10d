import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { bucketsOf } from '../../../statistics/latency/log-buckets.ts'
import { findingsOf } from './findings.ts'
import { latencyQuantile } from './latency.ts'
import { keptLooks, lookAt, type Look } from './look.ts'
import { binned, binsOf } from './prediction-bins.ts'
import { joined, type ArmCounts, type Segment } from './segments.ts'
import { analysisSettings } from './settings.ts'
import { breakerVerdict, judge, type StepClock } from './verdict.ts'

const arm = (requests: number, events: Partial<ArmCounts> = {}): ArmCounts => {
  const { errors = 0, refused = 0, slow = 0 } = events
  return {
    requests,
    assigned: requests,
    errors,
    refused,
    slow,
    independent: { errors, refused, slow },
    latency: {},
    predictions: [],
    ...events,
  }
}
const segment = (canary: ArmCounts, baseline: ArmCounts, more: Partial<Segment> = {}): Segment => ({
  step: 0,
  kind: 'weight',
  share: 10,
  canary,
  baseline,
  compared: 0,
  unlike: 0,
  differences: {},
  ...more,
})
const settings = (analysis: object = {}) => analysisSettings.parse(analysis)
const states = (segments: readonly Segment[], analysis: object = {}) =>
  Object.fromEntries(findingsOf(segments, settings(analysis)).map(({ check, state }) => [check, state]))

describe('what is found of a canary', () => {
  const cases: [string, Segment, object, Record<string, string>][] = [
    [
      'as good as the champion',
      segment(arm(2000, { slow: 100 }), arm(18_000, { slow: 900 })),
      {},
      { error_rate: 'safe', refusal_rate: 'safe', latency: 'safe' },
    ],
    [
      'too few requests',
      segment(arm(100, { slow: 5 }), arm(900, { slow: 45 })),
      {},
      { latency: 'undecided' },
    ],
    ['no request', segment(arm(0), arm(0)), {}, { error_rate: 'undecided', latency: 'undecided' }],
    ['errors', segment(arm(200, { errors: 20 }), arm(1800, { errors: 9 })), {}, { error_rate: 'harmful' }],
    [
      'errors below the floor, however sure',
      segment(arm(500_000, { errors: 300 }), arm(500_000, { errors: 100 })),
      {},
      { error_rate: 'safe' },
    ],
    ['refusals', segment(arm(200, { refused: 30 }), arm(1800)), {}, { refusal_rate: 'harmful' }],
    [
      'slowness against a limit of the plan, of which nobody is beyond',
      segment(arm(2000), arm(18_000)),
      { checks: { latency: { slow_ms: 50 } } },
      { latency: 'safe' },
    ],
    [
      'a limit of errors that only the canary breaks',
      segment(arm(1000, { errors: 40 }), arm(9000, { errors: 9 })),
      { checks: { error_rate: { max: '0.5%' } } },
      { 'error_rate.max': 'harmful' },
    ],
    [
      'a limit that both break',
      segment(arm(1000, { errors: 40 }), arm(9000, { errors: 360 })),
      { checks: { error_rate: { max: '0.5%' } } },
      { 'error_rate.max': 'missed' },
    ],
    [
      'a quantile beyond its limit',
      segment(
        arm(400, { latency: bucketsOf(Array.from({ length: 400 }, (_, i) => (i % 10 === 0 ? 90 : 5))) }),
        arm(400, { latency: bucketsOf(Array.from({ length: 400 }, () => 5)) }),
      ),
      { checks: { p95_ms: { max: 50 } } },
      { p95_ms: 'harmful' },
    ],
    [
      'agreement that nobody asked for',
      segment(arm(50), arm(50), { kind: 'mirror', compared: 50, differences: { 20: 50 } }),
      {},
      { agreement: 'told' },
    ],
    [
      'agreement within a tolerance',
      segment(arm(500), arm(500), { kind: 'mirror', compared: 500, differences: { 0: 450, 10: 50 } }),
      { checks: { agreement: { min: '95%', tolerance: 0.01 } } },
      { agreement: 'safe' },
    ],
    [
      'too little agreement',
      segment(arm(500), arm(500), { kind: 'mirror', compared: 500, unlike: 100, differences: { 0: 400 } }),
      { checks: { agreement: { min: 0.95 } } },
      { agreement: 'harmful' },
    ],
    [
      'predictions of another distribution',
      segment(arm(500, { predictions: [400, 100] }), arm(500, { predictions: [100, 400] })),
      {},
      { drift: 'harmful' },
    ],
    [
      'predictions that surely differ, by little',
      segment(arm(1e6, { predictions: [510_000, 490_000] }), arm(1e6, { predictions: [500_000, 500_000] })),
      {},
      { drift: 'safe' },
    ],
  ]
  for (const [what, of, analysis, expected] of cases)
    test(what, () => {
      const found = states([of], analysis)
      assert.deepEqual({ ...found, ...expected }, found)
    })

  test('evidence of steps adds up, and what callers saw decides what passes', () => {
    const step = segment(arm(100, { errors: 3 }), arm(900, { errors: 2 }))
    assert.equal(states([step])['error_rate'], 'undecided')
    assert.equal(states([step, step, step, step, step])['error_rate'], 'harmful')
    const shadow = segment(arm(2000, { slow: 100 }), arm(10_000, { slow: 500 }), { kind: 'mirror' })
    assert.equal(states([shadow])['latency'], 'safe')
    assert.equal(states([shadow, segment(arm(20), arm(180))])['latency'], 'undecided')
  })
})

describe('how much worse the canary is', () => {
  const of = (check: string, segments: readonly Segment[], analysis: object = {}) =>
    findingsOf(segments, settings(analysis)).find((finding) => finding.check === check)
  test('is told with an interval that says what the check says', () => {
    const safe = of('latency', [segment(arm(2000, { slow: 100 }), arm(18_000, { slow: 900 }))])
    assert.equal(safe?.difference?.estimate, 0)
    // Twice the champion's 5 % are 5 points more.
    assert.equal(safe.difference.margin, 0.05)
    assert.ok((safe.difference.upper ?? 1) < 0.05 && (safe.difference.lower ?? 1) < 0)
    assert.deepEqual(safe.difference.n, { canary: 2000, champion: 18_000 })
    const few = of('latency', [segment(arm(100, { slow: 5 }), arm(900, { slow: 45 }))])
    assert.ok((few?.difference?.upper ?? 1) > 0.05)
    const harmful = of('error_rate', [segment(arm(200, { errors: 20 }), arm(1800, { errors: 9 }))])
    assert.ok((harmful?.difference?.lower ?? 0) > 0)
  })
  test('lies below the margin just where the check passes', () => {
    for (const [slow, theirs, analysis] of [
      [14, 32, { ratio: 3 }],
      [10, 200, { ratio: 3, checks: { latency: { slow_ms: 50 } } }],
      [60, 90, { ratio: 2, checks: { latency: { slow_ms: 50 } } }],
      [20, 900, {}],
      [150, 900, {}],
    ] as const) {
      const found = of('latency', [segment(arm(1386, { slow }), arm(2782 * 4, { slow: theirs }))], analysis)
      const { upper, margin = 0 } = found?.difference ?? {}
      assert.equal((upper ?? Infinity) <= margin, found?.state === 'safe', JSON.stringify(found))
    }
  })
  test('without a single event is bounded by the requests that went well', () => {
    const none = of('error_rate', [segment(arm(1000), arm(9000))])
    assert.equal(none?.state, 'safe')
    assert.ok((none.difference?.upper ?? 1) < 0.01 && none.difference?.margin === 0.01)
    assert.ok((of('error_rate', [segment(arm(100), arm(900))])?.difference?.upper ?? 0) > 0.01)
    assert.equal(of('error_rate', [segment(arm(0), arm(900))])?.difference, undefined)
  })
})

describe('looks', () => {
  const look = (at: number, verdict: 'go on' | 'next' = 'go on') =>
    lookAt(
      { weight: 10, forMs: 1 },
      segment(arm(100), arm(1000, { errors: 3 }), { share: 10 }),
      { verdict, why: '', findings: findingsOf([segment(arm(100), arm(900))], settings()) },
      { step: 0, now: at },
    )
  test('tell of the split of callers, and of copies none', () => {
    const { split } = look(0)
    assert.deepEqual([split?.canary, split?.champion], [100, 1000])
    assert.ok((split?.against ?? 0) < 1)
    const mirrored = lookAt(
      { mirror: 10, forMs: 1 },
      segment(arm(100), arm(1000), { kind: 'mirror' }),
      { verdict: 'go on', why: '', findings: [] },
      { step: 0, now: 0 },
    )
    assert.equal(mirrored.split, undefined)
  })
  test('are kept of the whole delivery, however long it is', () => {
    let kept: ReturnType<typeof keptLooks> = []
    // Held, it finds every time that it could go on.
    for (let i = 0; i < 1000; i++) kept = keptLooks(kept, look(i, i === 37 || i > 400 ? 'next' : 'go on'))
    const times = kept.map((each) => Date.parse(String(each['at'])))
    assert.ok(kept.length <= 100 && kept.length > 40, `${kept.length}`)
    assert.ok((times[0] ?? 99) < 10 && times.at(-1) === 999)
    assert.ok(times.includes(37) && times.includes(401))
    assert.deepEqual(
      times,
      times.toSorted((a, b) => a - b),
    )
    const [first] = kept as unknown as readonly Look[]
    assert.equal(first?.findings[0]?.difference?.margin, 0.01)
    assert.equal(first.findings[0].says, undefined)
  })
})

describe('what is done about it', () => {
  const good = segment(arm(1000, { slow: 50 }), arm(9000, { slow: 450 }))
  const clock: StepClock = { elapsedMs: 600_000, forMs: 600_000, missedLooks: 0, isSplitByTurn: true }
  const verdict = (of: Segment, changes: Partial<StepClock> = {}, analysis: object = {}) => {
    const { verdict: found, why } = judge([of], settings(analysis), { ...clock, ...changes })
    return `${found}: ${why}`
  }
  test('the next step, when it has seen enough for long enough', () => {
    assert.match(verdict(good), /^next/)
    assert.match(verdict(good, { elapsedMs: 500_000 }), /^go on: 100 s of the step are left/)
    assert.match(
      verdict(segment(arm(499, { slow: 25 }), arm(4500, { slow: 225 }))),
      /^go on: 499 of at least 500 requests/,
    )
    const few = segment(arm(600, { slow: 2 }), arm(5400, { slow: 18 }))
    assert.match(verdict(few), /^go on: 2 of at least 20 slow requests are to be expected/)
  })
  test('at the deadline nothing, or back, but never forward', () => {
    const few = segment(arm(10), arm(90))
    assert.match(verdict(few, { elapsedMs: 3_600_000 }), /^hold: Not decided within 60 minutes: 10 of/)
    assert.match(verdict(few, { elapsedMs: 3_600_000 }, { on_deadline: 'rollback' }), /^rollback: Not/)
  })
  test('nothing, while callers are not split as asked for', () => {
    const odd = segment(arm(3000, { slow: 150 }), arm(7000, { slow: 350 }))
    assert.match(verdict(odd), /^hold: The traffic is not split as asked for: 3000 of 10000 requests at 10 %/)
    assert.match(verdict(odd, { isSplitByTurn: false }), /^next/)
  })
  test('looks may miss an absolute limit as often as the plan lets them', () => {
    const slow = segment(arm(1000, { slow: 50, errors: 60 }), arm(9000, { slow: 450, errors: 540 }))
    const limit = { checks: { error_rate: { max: '1%' } } }
    assert.match(verdict(slow, {}, limit), /^hold: .* and the champion misses it, too/)
    const alone = segment(arm(1000, { slow: 50, errors: 60 }), arm(9000, { slow: 450, errors: 89 }))
    const analysis = {
      ...limit,
      failure_limit: 1,
      ratio: 20,
      checks: { error_rate: { max: '1%', floor: '50%' } },
    }
    assert.match(verdict(alone, {}, analysis), /^go on/)
    assert.match(verdict(alone, { missedLooks: 1 }, analysis), /^rollback: error_rate.max/)
  })
})

describe('what does not wait', () => {
  const names = { candidate: 'green', champion: 'blue' }
  const figures = (green: [number, number], blue: [number, number], pairs: [number, number] = [0, 0]) => {
    const of = ([requests, errors]: [number, number]) => ({ recent: { requests, errors } })
    return {
      arms: { green: of(green), blue: of(blue) },
      pairs: { compared: pairs[0], unlike: pairs[1], differences: {} },
    } as unknown as Parameters<typeof breakerVerdict>[0]
  }
  test('half of the last fifty requests', () => {
    assert.equal(breakerVerdict(figures([50, 24], [50, 0]), names), undefined)
    assert.equal(breakerVerdict(figures([40, 40], [50, 0]), names), undefined)
    assert.equal(breakerVerdict(figures([50, 25], [50, 0]), names)?.verdict, 'rollback')
    assert.equal(breakerVerdict(figures([50, 25], [50, 40]), names)?.verdict, 'hold')
  })
  test('answers of another shape', () => {
    assert.equal(breakerVerdict(figures([50, 0], [50, 0], [19, 19]), names), undefined)
    assert.match(breakerVerdict(figures([50, 0], [50, 0], [20, 10]), names)?.why ?? '', /another shape/)
  })
})

test('bins of predictions are tenths of the champion, or its classes', () => {
  const numbers = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`n:${i - 50}`, 10]))
  const tenths = binsOf(numbers)
  assert.ok(tenths && 'ends' in tenths && tenths.ends.length === 9)
  assert.deepEqual(
    binned(numbers, tenths),
    Array.from({ length: 10 }, () => 100),
  )
  assert.equal(binned({ 'n:999': 3, 'c:late': 1 }, tenths).at(-1), 4)
  const classes = binsOf({ 'c:late': 70, 'c:on time': 40 })
  assert.deepEqual(classes, { classes: ['c:late', 'c:on time'] })
  assert.deepEqual(binned({ 'c:on time': 2, 'c:early': 5 }, { classes: ['c:late', 'c:on time'] }), [0, 2, 5])
  assert.equal(binsOf({ 'n:1': 99 }), undefined)
})

test('stretches of one step are one', () => {
  const one = segment(arm(10, { errors: 1, latency: { 3: 10 }, predictions: [1, 2] }), arm(90), {
    compared: 4,
    differences: { 0: 4 },
  })
  const both = joined(one, one)
  assert.deepEqual(
    [both.canary.requests, both.canary.independent.errors, both.canary.latency, both.canary.predictions],
    [20, 2, { 3: 20 }, [2, 4]],
  )
  assert.deepEqual([both.compared, both.differences], [8, { 0: 8 }])
})

test('quantiles have the intervals of order statistics, and failed requests none', () => {
  const latencies = bucketsOf(Array.from({ length: 1000 }, (_, i) => i + 1))
  const { estimate, interval } = latencyQuantile(latencies, 0.99)
  // Ranks 983 and 997, each within the 2 % of a bucket.
  assert.ok(Math.abs((estimate ?? 0) / 990 - 1) < 0.021)
  assert.ok(
    Math.abs((interval.lower ?? 0) / 983 - 1) < 0.021 && Math.abs((interval.upper ?? 0) / 997 - 1) < 0.021,
  )
  assert.equal(latencyQuantile(bucketsOf([1, Infinity]), 0.99).estimate, null)
  assert.equal(latencyQuantile({}, 0.5).estimate, null)
})
