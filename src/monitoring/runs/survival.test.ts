import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { createApp, type App } from '../../app.ts'
import { readConfig } from '../../config.ts'
import { createLog } from '../../kernel/log.ts'
import { childId, workspaceId } from '../../kernel/resources/arm-id.ts'
import { windowsOf } from '../results/results.ts'
import { asRun, type MonitorRun } from './run.ts'
import { found, listFakeSignal } from './testing/fake-signal.ts'

describe('runs of monitors, when a server goes', () => {
  const home = mkdtempSync(join(tmpdir(), 'twinloop-'))
  const config = readConfig({}, { home, port: 0, httpsPort: 0, gatewayPort: 0 })
  const workspace = workspaceId(config.subscription, config.resourceGroup, config.workspace)
  const fake = listFakeSignal()
  after(() => {
    fake.end()
    rmSync(home, { recursive: true, force: true })
  })
  const start = async (): Promise<App> => {
    const app = await createApp(config, { log: createLog({ level: 'error' }) })
    await app.start()
    return app
  }
  const run = 'm-20260101T000000Z'
  const id = childId(workspace, 'providers', 'Twinloop', 'monitorRuns', run)
  const ended = async ({ platform }: App): Promise<MonitorRun> => {
    const gone = new AbortController()
    const events = platform.events.tail(-1, gone.signal)[Symbol.asyncIterator]()
    for (let next = events.next(); ; next = events.next()) {
      const now = asRun(await platform.resources.get(id))
      if (now.status.state !== 'Running') {
        gone.abort()
        return now
      }
      await next
    }
  }

  test('work in the background is begun anew by the next one, and what was kept of a step is there', async () => {
    const begun = Promise.withResolvers<void>()
    let servers = 1
    fake.steps.set('slow', async (context) => {
      if (context.state['first'] === undefined)
        return { state: { first: servers }, doing: 'begins', again: 0 }
      assert.equal(context.state['first'], 1)
      const done = context.inBackground('work', async (signal) => {
        if (servers > 1) return 0.7
        begun.resolve()
        return new Promise<number>((_, reject) =>
          signal.addEventListener('abort', () => reject(new Error('gone'))),
        )
      })
      return done === undefined ? { doing: 'works' } : found(await done)
    })
    const source = { productionData: { uri: 'azureml:rows:1' }, signalType: 'FakeDrift' }
    const properties = {
      monitor: 'm',
      at: '2026-01-01T00:00:00Z',
      periodMs: 86_400_000,
      definition: { signals: { slow: source, quick: source } },
    }
    const first = await start()
    await first.platform.resources.put(first.platform.identity('monitoring'), id, { properties })
    await begun.promise
    await first.stop()
    servers = 2
    const second = await start()
    const after = await ended(second)
    assert.deepEqual(
      after.status.signals.map(({ name, outcome, attempt }) => [name, outcome, attempt]),
      [
        ['slow', 'computed', undefined],
        ['quick', 'computed', undefined],
      ],
    )
    const [series] = await windowsOf(second.platform, workspace, {
      signal: 'slow',
      metric: 'jensen_shannon_distance',
      windows: 5,
    })
    assert.deepEqual(
      series?.windows.map(({ value, breached }) => [value, breached]),
      [[0.7, true]],
    )
    await second.stop({ everything: true })
  })
})
