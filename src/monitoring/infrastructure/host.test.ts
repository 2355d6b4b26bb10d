import assert from 'node:assert/strict'
import { tmpdir } from 'node:os'
import { test } from 'node:test'
import { availableIn, readHost, trafficIn } from './host.ts'

test('a machine is measured: processors and network against the reading before, memory and disk as they are', async () => {
  const first = await readHost(tmpdir(), undefined)
  const names = (samples: typeof first.samples) => new Set(samples.map(({ name }) => name))
  assert.ok(!names(first.samples).has('system_cpu_utilization_ratio'), 'one reading says nothing of a rate')
  const { reading } = first
  const earlier = { ...reading, busy: reading.busy - 500, total: reading.total - 1000 }
  const { samples } = await readHost(tmpdir(), earlier)
  const value = (name: string) => {
    const found = samples.find((sample) => sample.name === name)
    return found?.kind === 'gauge' ? found.value : Number.NaN
  }
  for (const name of [
    'system_cpu_utilization_ratio',
    'system_memory_utilization_ratio',
    'system_filesystem_utilization_ratio',
  ])
    assert.ok(value(name) > 0 && value(name) <= 1, `${name} is ${value(name)}`)
})

test("the kernel's own tables are understood", () => {
  assert.equal(availableIn('MemTotal:       100 kB\nMemAvailable:   40 kB\n'), 40 * 1024)
  assert.equal(availableIn('nothing of it'), undefined)
  const text = `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
    lo: 7 1 0 0 0 0 0 0 7 1 0 0 0 0 0 0
  eth0: 1500 9 0 0 0 0 0 0 300 4 0 0 0 0 0 0
 cut0: 1 2`
  assert.deepEqual([...trafficIn(text)], [['eth0', { received: 1500, transmitted: 300 }]])
})
