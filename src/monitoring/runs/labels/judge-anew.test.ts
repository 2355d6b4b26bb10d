import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Platform } from '../../../kernel/platform.ts'
import { collectingEndpoint } from '../../../serving/testing/collecting-endpoint.ts'
import { startTestApp, type TestApp } from '../../../testing/app.ts'
import { onLabels } from './judge-anew.ts'

const dayMs = 86_400_000
const rows = 60

test('labels that come after others are judged along with them', async () => {
  const woken: unknown[] = []
  const platform = {
    config: { judgeLabelsAfterSeconds: 300 },
    clock: () => new Date('2026-01-01T00:01:00Z'),
    wake: (...given: readonly unknown[]) => woken.push(given),
  } as unknown as Platform
  const event = { data: { endpointId: '/e' }, time: new Date('2026-01-01T00:00:00Z') }
  await onLabels.handle(event as never, platform)
  assert.deepEqual(woken, [['monitoring/labels', '/e', 240_000]])
})

describe('labels that come when their window has been judged', () => {
  let t: TestApp
  const now = Date.now()
  const ends = [0, 1].map((i) => new Date(Math.floor((now - (2 - i) * dayMs) / 1000) * 1000))
  before(async () => {
    t = await startTestApp({ judgeLabelsAfterSeconds: 0 })
    const { platform } = t.app
    const flights = await collectingEndpoint({ platform, workspaceId: t.workspace }, 'flights', ['blue'])
    for (const [window, end] of ends.entries())
      await flights.write(
        'blue',
        Array.from({ length: rows }, (_, i) => ({
          id: `w${window}-${i}`,
          at: new Date(end.getTime() - 3_600_000 - i * 1000),
          inputs: [{ said: i % 2 }],
        })),
      )
    const schedule = await ok('PUT', `${t.workspace}/schedules/good`, {
      trigger: { triggerType: 'Recurrence', frequency: 'Day', interval: 1 },
      isEnabled: false,
      action: { actionType: 'CreateMonitor', monitorDefinition: definition },
    })
    await ok('PUT', `${t.workspace}/providers/Twinloop/alertRules/worse`, {
      when: { signal: 'performance', metric: 'accuracy', below: 0.8 },
    })
    for (const at of ends)
      await ok('PUT', idOf(at), {
        monitor: 'good',
        at: at.toISOString(),
        periodMs: dayMs,
        definition: schedule.properties.action.monitorDefinition as object,
      })
  })
  after(() => t.end())

  const columns = { prediction_column: 'said', target_column: 'late' }
  const target = () => ({
    taskType: 'Classification',
    deploymentId: `${t.workspace}/onlineEndpoints/flights/deployments/blue`,
  })
  const definition = {
    computeConfiguration: { computeType: 'ServerlessSpark' },
    get monitoringTarget() {
      return target()
    },
    signals: {
      performance: {
        signalType: 'ModelPerformance',
        productionData: [{ dataContext: 'model_inputs', columns }],
        metricThreshold: { modelType: 'Classification', metric: 'Accuracy', threshold: { value: 0.8 } },
        maturity: { labelled: 0.9, delay: 'PT1S' },
      },
    },
  }
  async function ok(method: string, path: string, properties?: object) {
    const answer = await t.send(method, path, method === 'PUT' ? { properties } : properties)
    assert.ok(answer.status < 300, `${path}: ${JSON.stringify(answer.body)}`)
    return answer.body
  }
  const idOf = (at: Date) =>
    `${t.workspace}/providers/Twinloop/monitorRuns/good-${at.toISOString().replace(/\.\d+/, '').replaceAll(/[-:]/g, '')}`
  /** The truth of some rows of a window: as it was said, or not. */
  const tell = (window: number, [from, to]: readonly [number, number], isRight: boolean) =>
    ok('POST', `${t.workspace}/onlineEndpoints/flights/labels`, {
      labels: Array.from({ length: to - from }, (_, i) => ({
        correlationId: `w${window}-${from + i}`,
        values: { late: isRight ? (from + i) % 2 : 1 - ((from + i) % 2) },
      })),
    })
  /** A window once it has been judged so often: its outcome, accuracy, share of labels, and what is provisional. */
  async function judged(window: number, attempt: number) {
    const id = idOf(ends[window] as Date)
    const run = await t.until(id, (p) => {
      const [signal] = p['signals'] as readonly { readonly attempt?: number }[]
      return p['state'] === 'Completed' && (signal?.attempt ?? 1) === attempt
    })
    const [signal] = run['signals'] as readonly { readonly outcome: string; readonly provisional?: number }[]
    const { value } = (await ok('POST', `${id}/values`, {})) as {
      value: readonly { readonly metric: string; readonly value: number }[]
    }
    const of = (metric: string) => value.find((one) => one.metric === metric)?.value
    return [signal?.outcome, of('accuracy'), of('labelled'), (signal?.provisional ?? 0) > 0, run['breached']]
  }
  const incidents = async () =>
    (
      (await ok('GET', `${t.workspace}/providers/Twinloop/incidents`)) as {
        value: readonly { readonly properties: { readonly state: string } }[]
      }
    ).value.map(({ properties }) => properties.state)

  test('have it judged anew, and no other; an alert of it fires once', async () => {
    const none = ['no_data', undefined, undefined, false, false]
    assert.deepEqual(await judged(0, 1), none)
    // The second window was computed later, and the first, which had no label either, once more after it.
    assert.deepEqual(await judged(1, 1), none)
    assert.deepEqual(await judged(0, 2), none)

    await tell(1, [0, 30], true)
    assert.deepEqual(await judged(1, 2), ['computed', 1, 0.5, true, false])
    await tell(1, [30, 60], false)
    assert.deepEqual(await judged(1, 3), ['computed', 0.5, 1, false, true])
    await t.until(`${t.workspace}/providers/Twinloop/incidents/1`, ({ state }) => state === 'Firing')

    // Sent again, they are what they were.
    await tell(1, [30, 60], false)
    assert.deepEqual(await judged(1, 4), ['computed', 0.5, 1, false, true])
    assert.deepEqual(await incidents(), ['Firing'])

    // Of no request; then the first window, which nobody has touched till then.
    await tell(7, [0, 5], false)
    await tell(0, [0, 60], true)
    assert.deepEqual(await judged(0, 3), ['computed', 1, 1, false, false])
    assert.deepEqual((await judged(1, 4))[1], 0.5)

    // Corrected: of two labels of a row the last counts.
    await tell(1, [30, 60], true)
    assert.deepEqual(await judged(1, 5), ['computed', 1, 1, false, false])
    await t.until(`${t.workspace}/providers/Twinloop/incidents/1`, ({ state }) => state === 'Resolved')
    assert.deepEqual(await incidents(), ['Resolved'])
  })
})
