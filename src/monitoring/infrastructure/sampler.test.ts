import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { startTestApp, type TestApp } from '../../testing/app.ts'
import { measureStorage } from './storage.ts'
import { startSampling } from './sampler.ts'

describe('sampling', () => {
  let t: TestApp
  let sampling: ReturnType<typeof startSampling>
  before(async () => {
    t = await startTestApp()
    sampling = startSampling(t.app.platform)
  })
  after(async () => {
    await sampling.stop()
    await t.end()
  })
  const lines = async (name: string, scope?: string) => {
    const now = t.app.platform.clock().getTime()
    const [from, to] = [new Date(now - 60_000), new Date(now + 60_000)]
    return (await t.app.platform.series.query({ name, from, to, ...(scope === undefined ? {} : { scope }) }))
      .lines
  }

  test('machine, server, work, jobs, storage and what expires are kept as series', async () => {
    const { id } = await t.app.platform.resources.get(t.workspace)
    const credential = `/providers/Twinloop/servicePrincipals/ci`
    await t.send('PUT', credential, { properties: {} })
    await t.send('POST', `${credential}/addPassword`, { endDateTime: '2099-01-01T00:00:00Z' })
    await sampling.take()
    const [memory] = await lines('system_memory_utilization_ratio', '')
    assert.ok((memory?.points[0]?.last ?? 0) > 0)
    const [resident] = await lines('process_memory_resident_bytes')
    assert.ok((resident?.points[0]?.last ?? 0) > 2 ** 20)
    assert.deepEqual(
      (await lines('twinloop_jobs_active', id.toLowerCase())).map(({ labels }) => labels['state']),
      ['finalizing', 'preparing', 'queued', 'running'],
    )
    const parts = (await lines('twinloop_storage_usage_bytes')).map(({ labels }) => labels['part'])
    assert.ok(parts.includes('store'), parts.join())
    assert.deepEqual(
      (await lines('twinloop_expires_in_seconds')).map(({ labels }) => labels),
      [
        { kind: 'certificate', name: 'authority' },
        { kind: 'password', name: 'ci' },
      ],
    )
    assert.match(await t.app.platform.metrics.registry.metrics(), /^twinloop_work_due \d/m)
  })

  test('what is read seldom is not read again at once', async () => {
    const count = async (name: string) => (await lines(name))[0]?.points.reduce((sum, p) => sum + p.count, 0)
    const before = await count('twinloop_storage_usage_bytes')
    await sampling.take()
    assert.equal(await count('twinloop_storage_usage_bytes'), before)
  })

  test('storage is counted by part, and a reading that is given up says so', async () => {
    await writeFile(join(t.home, 'artifacts', 'some'), Buffer.alloc(100_000, 1))
    const samples = await measureStorage(t.home, new AbortController().signal)
    const artifacts = samples.find(({ labels }) => labels?.['part'] === 'artifacts')
    assert.ok(artifacts?.kind === 'gauge' && artifacts.value >= 100_000)
    await assert.rejects(measureStorage(t.home, AbortSignal.abort(new Error('enough'))), /enough/)
  })
})
