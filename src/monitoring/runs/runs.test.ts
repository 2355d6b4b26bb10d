import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import { startTestApp, type TestApp } from '../../testing/app.ts'
import { NoData } from '../populations/population.ts'
import { windowsOf } from '../results/results.ts'
import { runReconciler } from './reconcile.ts'
import { asRun } from './run.ts'
import { found, listFakeSignal } from './testing/fake-signal.ts'

describe('runs of monitors', () => {
  let t: TestApp
  const fake = listFakeSignal()
  before(async () => {
    t = await startTestApp()
  })
  after(async () => {
    fake.end()
    await t.end()
  })
  beforeEach(() => fake.steps.clear())

  const idOf = (monitor: string, at: string) =>
    `${t.workspace}/providers/Twinloop/monitorRuns/${monitor}-${at.replace(/\.\d+/, '').replaceAll(/[-:]/g, '')}`
  const definition = (...names: readonly string[]) => ({
    computeConfiguration: { computeType: 'ServerlessSpark' },
    signals: Object.fromEntries(
      names.map((name) => [name, { signalType: 'FakeDrift', productionData: { uri: 'azureml:rows:1' } }]),
    ),
  })
  const put = async (
    monitor: string,
    at: string,
    names: readonly string[] = ['drift'],
    more: object = {},
  ) => {
    const properties = { monitor, at, periodMs: 86_400_000, definition: definition(...names), ...more }
    const { status, body } = await t.send('PUT', idOf(monitor, at), { properties })
    assert.ok(status < 300, JSON.stringify(body))
  }
  const ended = (monitor: string, at: string) =>
    t.until(idOf(monitor, at), (p) => p['state'] !== undefined && p['state'] !== 'Running')
  const values = async (monitor: string, signal = 'fake_drift') =>
    (
      await windowsOf(t.app.platform, t.workspace, {
        monitor,
        signal,
        metric: 'jensen_shannon_distance',
        windows: 10,
      })
    ).map(({ labels, windows }) => ({
      labels,
      windows: windows.map(({ at, value }) => [at.toISOString(), value]),
    }))
  const day = (n: number) => `2026-01-0${n}T00:00:00Z`

  test('every signal is computed; one that fails or has no data stands by itself, and the run says which', async () => {
    fake.steps.set('above', async () => found(0.31234, { details: { bins: [1, 2] } }))
    fake.steps.set('broken', async () => {
      throw new Error('no such thing')
    })
    fake.steps.set('empty', async () => {
      throw new NoData('Nothing was collected.')
    })
    await put('mixed', day(1), ['above', 'broken', 'empty', 'fine'])
    const run = await ended('mixed', day(1))
    assert.equal(run['state'], 'Completed')
    assert.equal(run['breached'], true)
    const signals = run['signals'] as readonly Record<string, unknown>[]
    assert.deepEqual(
      signals.map(({ name, outcome, reason, breached, worst }) => [name, outcome, reason, breached, worst]),
      [
        ['above', 'computed', undefined, 1, 'distance jensen_shannon_distance 0.3123 > 0.1'],
        ['broken', 'error', 'no such thing', 0, undefined],
        ['empty', 'no_data', 'Nothing was collected.', 0, undefined],
        ['fine', 'computed', undefined, 0, undefined],
      ],
    )
    assert.match(
      String((run['tags'] as Record<string, string>)['azureml_modelmonitor_threshold_breached']),
      /above/,
    )
    const { body } = await t.send('POST', `${idOf('mixed', day(1))}/details`, { signal: 'above' })
    assert.deepEqual(body.details, { bins: [1, 2] })
    const of = (await t.send('POST', `${idOf('mixed', day(1))}/values`, {})).body.value
    assert.deepEqual(
      of.map((v: Record<string, unknown>) => [v['signal'], v['value'], v['breached']]),
      [
        ['above', 0.31234, true],
        ['fine', 0.05, false],
      ],
    )
  })

  test('windows come in any order and again, and what is read is in the order of time, with gaps as no value', async () => {
    for (const [n, value] of [
      [3, 0.3],
      [1, 0.1],
      [2, undefined],
    ] as const) {
      fake.steps.set('drift', async () => {
        if (value === undefined) throw new NoData('Nothing was collected.')
        return found(value)
      })
      await put('series', day(n))
      await ended('series', day(n))
    }
    assert.deepEqual(await values('series'), [
      {
        labels: {
          monitor: 'series',
          signal: 'drift',
          metric: 'jensen_shannon_distance',
          feature: 'distance',
        },
        windows: [
          ['2026-01-03T00:00:00.000Z', 0.3],
          ['2026-01-02T00:00:00.000Z', null],
          ['2026-01-01T00:00:00.000Z', 0.1],
        ],
      },
    ])
    fake.steps.set('drift', async () => found(0.7))
    assert.equal((await t.send('POST', `${idOf('series', day(1))}/retry`, {})).status, 202)
    await ended('series', day(1))
    assert.deepEqual((await values('series'))[0]?.windows.at(-1), ['2026-01-01T00:00:00.000Z', 0.7])
    assert.deepEqual(await values('series', 'absent'), [])
  })

  test('a run goes on where it was killed, before and after each of its steps', async () => {
    const { platform } = t.app
    let steps = 0
    const begun = Promise.withResolvers<void>()
    const held = Promise.withResolvers<void>()
    fake.steps.set('drift', async (context) => {
      const { state, at } = context
      steps += 1
      if (steps === 1) {
        begun.resolve()
        await held.promise
      }
      const n = Number(state['n'] ?? 0)
      const before = await context.history(5)
      assert.ok(before.every((window) => window.at < at))
      return n < 2 ? { state: { n: n + 1 }, doing: `step ${n + 1}`, again: 0 } : found(0.2)
    })
    await put('killed', day(2))
    const key = idOf('killed', day(2)).toLowerCase()
    // Another server takes up the same run as it is, again and again, while this one stands still.
    const look = async () =>
      runReconciler.reconcile(await platform.resources.get(key), {
        platform,
        signal: new AbortController().signal,
      })
    await begun.promise
    for (let i = 0; i < 4; i++) await look()
    const told = asRun(await platform.resources.get(key))
    assert.equal(told.status.state, 'Completed')
    held.resolve()
    const run = await ended('killed', day(2))
    assert.equal(run['state'], 'Completed')
    assert.deepEqual((await values('killed'))[0]?.windows, [['2026-01-02T00:00:00.000Z', 0.2]])
  })

  test('what is cancelled ends, and keeps what it has found', async () => {
    const begun = Promise.withResolvers<void>()
    fake.steps.set('slow', async (context) => {
      const done = context.inBackground('work', async (signal) => {
        begun.resolve()
        await new Promise((resolve) => signal.addEventListener('abort', resolve))
      })
      return done === undefined ? { doing: 'waits' } : found(1)
    })
    await put('cancelled', day(1), ['quick', 'slow'])
    await begun.promise
    await t.until(idOf('cancelled', day(1)), (p) => JSON.stringify(p).includes('"computed"'))
    assert.equal((await t.send('DELETE', idOf('cancelled', day(1)))).status, 409)
    assert.equal((await t.send('POST', `${idOf('cancelled', day(1))}/cancel`, {})).status, 202)
    const run = await ended('cancelled', day(1))
    assert.equal(run['state'], 'Canceled')
    assert.equal(run['reason'], 'administrator cancelled it.')
    assert.deepEqual(
      (run['signals'] as readonly Record<string, unknown>[]).map(({ outcome }) => outcome),
      ['computed', 'error'],
    )
    assert.equal((await t.send('DELETE', idOf('cancelled', day(1)))).status < 300, true)
    assert.deepEqual(await values('cancelled'), [])
  })

  test('provisional values of earlier windows are computed again after the next run, and judged once labels are in', async () => {
    let late = true
    fake.steps.set('performance', async ({ at }) => {
      const isFirst = at.toISOString().startsWith('2026-01-01')
      const value = isFirst && late ? { provisional: true } : { breached: true }
      return {
        result: {
          outcome: 'computed',
          values: [{ metric: 'jensen_shannon_distance', value: 0.5, n: 3, ...value }],
          notes: [],
        },
      }
    })
    await put('late', day(1), ['performance', 'other'])
    const first = await ended('late', day(1))
    assert.equal((first['signals'] as readonly Record<string, unknown>[])[0]?.['provisional'], 1)
    late = false
    await put('late', day(2), ['performance', 'other'])
    const again = await t.until(idOf('late', day(1)), (p) => {
      const signals = p['signals'] as readonly Record<string, unknown>[]
      return p['state'] === 'Completed' && signals[0]?.['attempt'] === 2
    })
    assert.equal(again['breached'], true)
    const signals = again['signals'] as readonly Record<string, unknown>[]
    assert.deepEqual(
      signals.map(({ attempt, provisional }) => [attempt, provisional]),
      [
        [2, 0],
        [undefined, 0],
      ],
    )
  })

  test('a run is what its name says, of a monitor that can be read', async () => {
    const refused = async (id: string, properties: object, why: RegExp) => {
      const { status, body } = await t.send('PUT', id, { properties })
      assert.equal(status, 400, JSON.stringify(body))
      assert.match(body.error.message, why)
    }
    const good = { monitor: 'm', at: day(1), periodMs: 1000, definition: definition('a') }
    await refused(idOf('other', day(1)), good, /is called m-20260101T000000Z/)
    await refused(
      idOf('m', day(1)),
      { ...good, definition: { signals: { a: { signalType: 'FakeDrfit' } } } },
      /signals\.a\.signalType: "FakeDrfit" is not a kind of signal; did you mean fake_drift\?/,
    )
    await refused(
      idOf('m', day(1)),
      { ...good, definition: { signals: { a: { signalType: 'FakeDrift', levle: 3 } } } },
      /signals\.a/,
    )
  })
})
