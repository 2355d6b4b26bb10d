import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { startTestApp, type TestApp } from '../../testing/app.ts'
import { ownPython, useOwnPython } from '../../testing/own-python.ts'
import { startSampling } from './sampler.ts'

describe('what jobs take', () => {
  let t: TestApp
  before(async () => {
    t = await startTestApp()
    useOwnPython(t.home)
  })
  after(() => t.end())

  test('is measured while they run, survives the server, is told by Azure Monitor and to nobody who scrapes', async () => {
    const id = `${t.workspace}/jobs/burn`
    const [door, burnt] = [join(t.home, 'door'), join(t.home, 'burnt')]
    execFileSync('mkfifo', [door])
    const script = `held = bytearray(b'x') * (96 << 20)
import os, time
os.fork()
while time.process_time() < 0.5: pass
open('${burnt}.%d' % os.getpid(), 'w')
open('${door}').read()`
    const command = `python3 - <<'EOF'\n${script}\nEOF`
    await t.send('PUT', id, { properties: { jobType: 'Command', command, environmentId: ownPython } })
    await t.until(id, ({ status }) => status === 'Running')
    const burning = async () => {
      return (await readdir(t.home)).filter((name) => name.startsWith('burnt.')).length < 2
    }
    while (await burning()) await new Promise((resolve) => setImmediate(resolve))
    const first = startSampling(t.app.platform)
    await first.take()
    await first.stop()

    const asked = async (name: string, query = '') => {
      const path = `${id}/providers/Microsoft.Insights/metrics?metricnames=${name}&timespan=PT10M&aggregation=maximum,count${query}`
      const { status, body } = await t.send('GET', path)
      assert.equal(status, 200, JSON.stringify(body))
      return body.value[0].timeseries[0]?.data ?? []
    }
    const [memory] = await asked('twinloop_job_memory_usage_bytes')
    assert.ok(memory.maximum > 96 << 20 && memory.maximum < 180 << 20, `${memory.maximum} bytes`)
    const [cores] = await asked('twinloop_job_cpu_usage_cores')
    assert.ok(cores.maximum > 0, `${cores.maximum} cores`)
    const [limit] = await asked('twinloop_job_memory_limit_bytes')
    assert.ok(limit.maximum >= memory.maximum)
    const fine = await asked('twinloop_job_memory_usage_bytes', '&interval=PT10S')
    assert.ok(fine.length >= 1)

    // Another server goes on with what it finds.
    const second = startSampling(t.app.platform)
    await second.take()
    await second.stop()
    const readings = (await asked('twinloop_job_memory_usage_bytes')) as readonly { count: number }[]
    assert.equal(
      readings.reduce((sum, { count }) => sum + count, 0),
      2,
    )

    assert.equal(
      t.app.platform.series.totals(new Date(0)).some(({ name }) => name.startsWith('twinloop_job_')),
      false,
    )
    assert.equal(
      (await t.app.platform.series.described()).some(({ name }) => name.startsWith('twinloop_job_')),
      false,
    )
    const own = await t.send('GET', `${id}/providers/Microsoft.Insights/metricDefinitions`)
    assert.ok(
      own.body.value.some(
        (one: { name: { value: string } }) => one.name.value === 'twinloop_job_cpu_usage_cores',
      ),
    )

    await writeFile(door, '')
    await t.until(id, ({ status }) => status === 'Completed')
    const { usage } = (await t.send('GET', id)).body.properties
    assert.ok(usage.cpuSeconds >= 0.9, JSON.stringify(usage))
    assert.ok(usage.peakMemoryBytes > 96 << 20)

    const refused = await t.send(
      'GET',
      `${id}/providers/Microsoft.Insights/metrics?metricnames=twinloop_job_cpu_usage_core`,
    )
    assert.match(refused.body.error.message, /Did you mean 'twinloop_job_cpu_usage_cores'/)
  })
})
