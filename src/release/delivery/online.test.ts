import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { createDelivery, createWorld, type Behaviour, type World } from './testing/world.ts'

const candidate = 'flight-delay-2'
const all = (name: string) => ({ traffic: { [name]: 100 }, mirror: {} })

/** A world whose candidate behaves as the champion, but for this. */
function worldWith(candidateIs: (world: World) => Partial<Behaviour>, seed = 1) {
  const world = createWorld(seed)
  world.behaviours[candidate] = { ...world.sound, ...candidateIs(world) }
  return world
}

describe('a delivery', () => {
  test('of a model as good as the champion goes through its steps and ends with all traffic', async () => {
    const world = createWorld()
    const delivery = createDelivery(world, { keepMs: 300_000 })
    await delivery.until(() => delivery.record.state === 'succeeded')
    assert.deepEqual(world.writes, [
      { traffic: { blue: 100 }, mirror: { [candidate]: 20 } },
      { traffic: { blue: 90, [candidate]: 10 }, mirror: {} },
      { traffic: { blue: 50, [candidate]: 50 }, mirror: {} },
      all(candidate),
    ])
    assert.match(delivery.happened.join('\n'), /Requests are slow beyond 1\d(\.\d)? ms/)
    assert.equal(delivery.record.verdict, `${candidate} has all traffic.`)
    const looks = delivery.record.looks ?? []
    assert.ok(looks.length > 10 && looks.length <= 100)
    assert.equal(looks.at(-1)?.['verdict'], 'next')
    // The former champion is kept warm as long as the plan says, and then goes.
    assert.ok('blue' in world.deployments)
    const promoted = world.now
    await delivery.until(() => delivery.again === undefined)
    assert.deepEqual(Object.keys(world.deployments), [candidate])
    assert.ok(world.now - promoted >= 300_000)
  })

  test('without a champion gets all traffic when it is ready and has answered', async () => {
    const world = createWorld()
    Object.assign(world, { exists: false, shares: { traffic: {}, mirror: {} }, deployments: {} })
    const delivery = createDelivery(world)
    await delivery.until(() => delivery.again === undefined, { minutes: 1 })
    assert.equal(delivery.record.state, 'succeeded')
    assert.deepEqual(world.writes, [all(candidate)])
  })

  test('of what serves with all traffic already is done at once', async () => {
    const world = createWorld()
    world.deployments['blue'] = { state: 'ready', model: 'm/2' }
    const delivery = createDelivery(world)
    await delivery.look()
    assert.equal(delivery.record.state, 'succeeded')
    assert.deepEqual(world.writes, [])
  })

  const failures: [string, (world: World) => Partial<Behaviour>, RegExp, number][] = [
    [
      'that fails at every request',
      () => ({ errors: 1 }),
      /failed \d+ of its last 50 requests|error_rate/,
      0,
    ],
    ['that fails at 5 % of the requests', () => ({ errors: 0.05 }), /^error_rate: .* errors against/, 0],
    ['that refuses what the champion takes', () => ({ refused: 0.2 }), /^refusal_rate:/, 0],
    [
      'that is twice as slow',
      (world) => ({ ms: () => 2 * world.sound.ms() }),
      /^latency: .* slow requests/,
      0,
    ],
    ['whose instances all die', () => ({ up: 0 }), /no instance that takes requests|error_rate|failed/, 0],
  ]
  for (const [what, how, why] of failures)
    test(`of a model ${what} goes back to the champion by itself`, async () => {
      const world = worldWith(how)
      const delivery = createDelivery(world)
      await delivery.until(() => delivery.record.state === 'rolled_back')
      assert.deepEqual(world.shares, all('blue'))
      assert.match(String(delivery.record.verdict), why)
      assert.match(String(delivery.record.verdict), /blue has all traffic again/)
      // Nobody can have it go on; what failed is kept for an hour, for its logs.
      await delivery.look('resume')
      await delivery.look('promote')
      assert.deepEqual(world.shares, all('blue'))
      await delivery.until(() => delivery.again === undefined, { minutes: 70 })
      assert.deepEqual(Object.keys(world.deployments), ['blue'])
    })

  test('whose plan leaves failures to people holds, until one aborts', async () => {
    const world = worldWith(() => ({ errors: 0.3 }))
    const delivery = createDelivery(world, { onFailure: 'hold' })
    await delivery.until(() => delivery.record.state === 'paused')
    const { shares } = world
    world.pass(60_000)
    await delivery.look()
    assert.deepEqual(world.shares, shares)
    assert.match(String(delivery.record.doing), /The plan leaves it to people/)
    await delivery.look('abort')
    await delivery.until(() => delivery.record.state === 'rolled_back')
    assert.deepEqual(world.shares, all('blue'))
  })

  test('of a deployment that does not come up, or does not answer, fails and touches no traffic', async () => {
    const broken = createWorld()
    const first = createDelivery(broken)
    await first.until(() => candidate in broken.deployments)
    broken.deployments[candidate] = { state: 'failed', message: 'No module named lightgbm', model: 'm/2' }
    await first.until(() => first.record.state === 'failed')
    assert.match(String(first.record.verdict), /did not come up: No module named lightgbm/)
    const silent = createWorld()
    silent.trial = { outcome: 'failed', says: 'It does not answer: 424' }
    const second = createDelivery(silent)
    await second.until(() => second.record.state === 'failed')
    assert.deepEqual([...broken.writes, ...silent.writes], [])
  })

  test('is held where there is nothing to compare with, and goes on when somebody says so', async () => {
    const world = createWorld()
    world.rate = 0
    const delivery = createDelivery(world)
    await delivery.until(() => delivery.record.state === 'paused')
    assert.match(String(delivery.record.doing), /There is nothing to compare with: 0 of 200 requests/)
    assert.deepEqual(world.writes, [])
    await delivery.look('promote')
    await delivery.until(() => delivery.record.state === 'succeeded')
  })

  test('never promotes at a deadline: too few requests hold it', async () => {
    const world = createWorld()
    const delivery = createDelivery(world, { analysis: { warm_up: '5s', interval: '10s', deadline: '5m' } })
    await delivery.until(() => delivery.step === 1)
    world.rate = 1
    await delivery.until(() => delivery.record.state === 'paused')
    assert.match(String(delivery.record.doing), /Not decided within 5 minutes: \d+ of at least 500 requests/)
    world.rate = 100
    await delivery.look('resume')
    await delivery.until(() => delivery.record.state === 'succeeded')
  })

  test('holds while the gateway is silent, and goes on where its counts begin anew', async () => {
    const world = createWorld()
    const delivery = createDelivery(world, {
      analysis: { warm_up: '5s', interval: '10s', min_requests: 1500 },
    })
    await delivery.until(() => delivery.step === 1)
    await delivery.until(() => (delivery.record.looks ?? []).filter((l) => l['step'] === 2).length >= 3)
    world.speaks = false
    world.pass(30_000)
    await delivery.look()
    assert.match(String(delivery.record.doing), /held: The gateway tells nothing/)
    const seen = () => Number(Object.values(delivery.record.looks?.at(-1)?.['requests'] ?? {})[0] ?? 0)
    const before = seen()
    world.speaks = true
    world.restart('second')
    await delivery.until(() => seen() > before)
    await delivery.until(() => delivery.record.state === 'succeeded')
  })

  test('that finds the traffic changed by somebody else holds and does not fight', async () => {
    const world = createWorld()
    const delivery = createDelivery(world)
    await delivery.until(() => world.shares.traffic[candidate] === 10)
    const theirs = { traffic: { blue: 70, [candidate]: 30 }, mirror: {} }
    Object.assign(world, { shares: theirs, changedBy: 'ada@example.org' })
    await delivery.look()
    assert.equal(delivery.record.state, 'paused')
    assert.match(String(delivery.record.doing), /^ada@example.org changed the traffic: blue 70 %/)
    for (let i = 0; i < 5; i++) {
      world.pass(10_000)
      await delivery.look()
    }
    assert.deepEqual(world.shares, theirs)
    await delivery.look('resume')
    await delivery.look()
    assert.deepEqual(world.shares, { traffic: { blue: 90, [candidate]: 10 }, mirror: {} })
    await delivery.until(() => delivery.record.state === 'succeeded')
  })

  test('pauses, goes on, is promoted and aborted as people ask', async () => {
    const world = createWorld()
    const delivery = createDelivery(world)
    await delivery.until(() => delivery.step === 1)
    await delivery.look('pause')
    const { shares } = world
    for (let i = 0; i < 200; i++) {
      world.pass(1000)
      await delivery.look()
    }
    assert.deepEqual(world.shares, shares)
    assert.equal(delivery.record.state, 'paused')
    await delivery.look('resume')
    await delivery.until(() => delivery.step === 2)
    await delivery.look('promote')
    await delivery.until(() => delivery.record.state === 'succeeded')
    assert.deepEqual(world.shares, all(candidate))

    const other = createWorld()
    const aborted = createDelivery(other)
    await aborted.until(() => aborted.step === 2)
    await aborted.look('abort')
    await aborted.until(() => aborted.record.state === 'rolled_back')
    assert.deepEqual(other.shares, all('blue'))
  })

  test('goes back also while it is paused, or the plan pauses it', async () => {
    for (const steps of [undefined, [{ weight: 10, forMs: 1000 }, { pause: true as const }]]) {
      const world = createWorld()
      const delivery = createDelivery(world, steps === undefined ? {} : { steps })
      await delivery.until(() => delivery.step === 1)
      if (steps === undefined) await delivery.look('pause')
      await delivery.until(() => delivery.record.state === 'paused')
      world.behaviours[candidate] = { ...world.sound, errors: 0.5 }
      await delivery.until(() => delivery.record.state === 'rolled_back', { minutes: 5 })
    }
  })

  test('goes on after a pause that the plan has, when somebody resumes it', async () => {
    const world = createWorld()
    const delivery = createDelivery(world, {
      steps: [{ weight: 10, forMs: 1000 }, { pause: true }, { weight: 50, forMs: 1000 }],
    })
    await delivery.until(() => delivery.record.state === 'paused')
    assert.match(String(delivery.record.doing), /The plan pauses here/)
    await delivery.look('resume')
    await delivery.until(() => delivery.record.state === 'succeeded')
    assert.deepEqual(
      world.writes.map(({ traffic }) => traffic[candidate]),
      [10, 50, 100],
    )
  })

  test('waits while both fail, and while callers are not split as asked for', async () => {
    const both = createWorld()
    const first = createDelivery(both)
    await first.until(() => first.step === 1 && both.shares.traffic[candidate] === 10)
    both.behaviours[candidate] = both.behaviours['blue'] = { ...both.sound, errors: 0.99 }
    both.pass(60_000)
    await first.look()
    assert.equal(first.record.state, 'running')
    assert.match(String(first.record.doing), /Both the candidate and the champion fail/)
    assert.equal(both.shares.traffic[candidate], 10)
  })

  test('drifting predictions hold it, and go on when somebody accepts them', async () => {
    const world = worldWith((w) => ({ prediction: () => Math.round(130 + 20 * w.normal()) }))
    const delivery = createDelivery(world)
    await delivery.until(() => delivery.record.state === 'paused')
    assert.match(String(delivery.record.doing), /drift: predictions are 0\.\d+ from the champion's/)
    await delivery.look('resume')
    await delivery.until(() => delivery.record.state === 'succeeded')
  })

  test('agreement below what the plan asks for goes back in the shadow', async () => {
    const world = createWorld()
    world.agreement = 0.8
    const delivery = createDelivery(world, {
      analysis: { warm_up: '5s', interval: '10s', checks: { agreement: { min: '90%', tolerance: 0.01 } } },
    })
    await delivery.until(() => delivery.record.state === 'rolled_back')
    assert.match(String(delivery.record.verdict), /^agreement: 7\d|8\d/)
    assert.equal(world.writes.filter(({ traffic }) => (traffic[candidate] ?? 0) > 0).length, 0)
  })

  test('an absolute limit that only the candidate breaks goes back', async () => {
    const world = worldWith((w) => ({ ms: () => (w.normal() > 1.5 ? 80 : w.sound.ms()) }))
    const delivery = createDelivery(world, {
      analysis: {
        warm_up: '5s',
        interval: '10s',
        checks: { p99_ms: { max: 50 }, latency: { floor: '50%' } },
      },
    })
    await delivery.until(() => delivery.record.state === 'rolled_back')
    assert.match(String(delivery.record.verdict), /^p99_ms: .* take longer than 50 ms/)
  })

  test('breaking after its promotion it goes back as long as the champion is warm', async () => {
    const world = createWorld()
    const delivery = createDelivery(world)
    await delivery.until(() => delivery.record.state === 'succeeded')
    world.behaviours[candidate] = { ...world.sound, errors: 0.9 }
    await delivery.until(() => delivery.record.state === 'rolled_back', { minutes: 5 })
    assert.deepEqual(world.shares, all('blue'))
  })

  test('a freeze that begins meanwhile stops its steps, but no way back', async () => {
    const world = createWorld()
    const freeze = [{ from: '2026-11-23T06:02:00', forMs: 3600_000, timeZone: 'UTC', reason: 'month end' }]
    const delivery = createDelivery(world, { freeze })
    await delivery.until(() => String(delivery.record.doing).startsWith('held: frozen'), { minutes: 60 })
    assert.match(String(delivery.record.doing), /frozen until 2026-11-23T07:02:00.000Z: month end/)
    world.behaviours[candidate] = { ...world.sound, errors: 0.9 }
    await delivery.until(() => delivery.record.state === 'rolled_back', { minutes: 5 })
  })

  test('does not begin where the traffic is split already', async () => {
    const world = createWorld()
    world.deployments['green'] = { state: 'ready', model: 'm/0' }
    world.shares = { traffic: { blue: 60, green: 40 }, mirror: {} }
    const delivery = createDelivery(world)
    await delivery.look()
    assert.equal(delivery.record.state, 'paused')
    assert.match(String(delivery.record.doing), /split among blue and green/)
    world.shares = all('blue')
    await delivery.until(() => delivery.record.state === 'succeeded')
  })

  test('comes to the same end however often the server is killed before a record is kept', async () => {
    for (const errors of [0, 0.2]) {
      const world = worldWith(() => ({ errors }))
      const delivery = createDelivery(world)
      let count = 0
      await delivery.until(() => ['succeeded', 'rolled_back'].includes(delivery.record.state), {
        isLost: () => ++count % 3 !== 0,
      })
      assert.equal(delivery.record.state, errors === 0 ? 'succeeded' : 'rolled_back')
      assert.deepEqual(world.shares, all(errors === 0 ? candidate : 'blue'))
      assert.equal(delivery.happened.filter((what) => what.includes('changed the traffic')).length, 0)
    }
  })
})

test('of a dozen healthy deliveries, looked at every second, none is rolled back', async () => {
  for (let seed = 1; seed <= 12; seed++) {
    const world = createWorld(seed)
    world.behaviours['blue'] = world.behaviours[candidate] = { ...world.sound, errors: 0.01 }
    const delivery = createDelivery(world)
    await delivery.until(() => delivery.record.state !== 'running' && delivery.record.state !== 'pending')
    assert.equal(delivery.record.state, 'succeeded', `seed ${seed}: ${delivery.record.doing}`)
  }
})
