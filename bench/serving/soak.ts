import { openLoop } from '../../src/testing/open-loop.ts'
import { shown } from '../figures.ts'
import { memoryMiB } from '../processes.ts'
import { models, type Twinloop } from './twinloop.ts'

const parts = ['gateway', 'instances', 'server'] as const
type Sample = Readonly<Record<(typeof parts)[number], number>>

/** Growth from the middle third to the last that is taken for none: so much (some 200
 * bytes a request in ten minutes), or this share of what there is. */
const flat = { mib: 8, share: 0.05 }
const rate = 200
const everyMs = 2000

/**
 * Loads a native and a Python deployment steadily, open loop, and samples the memory of gateway, instances and server.
 * What is garbage comes and goes; what is kept shows where the memory is smallest: throws if that is more in the last third
 * than in the one before it (heaps grow to their size in the first), or if any request was not answered well.
 */
export async function soak(twinloop: Twinloop, folder: string, body: string, minutes: number): Promise<void> {
  const targets = [
    { rate, ...(await twinloop.deploy('native', models(folder).sklearn, '/invocations')) },
    { rate: rate / 10, ...(await twinloop.deploy('custom', models(folder).custom, '/invocations')) },
  ]
  const instances = twinloop.instancePids()
  const loops = targets.map(({ url, headers, rate }) =>
    openLoop(url, { rate, body, headers: { 'content-type': 'application/json', ...headers } }),
  )
  const began = performance.now()
  const samples: Sample[] = []
  const end = began + minutes * 60_000
  while (performance.now() < end) {
    await new Promise((resolve) => setTimeout(resolve, Math.min(everyMs, end - performance.now())))
    samples.push({
      gateway: memoryMiB([twinloop.gatewayPid]),
      instances: memoryMiB(instances),
      server: memoryMiB([twinloop.server.pid]),
    })
  }
  await Promise.all(loops.map((loop) => loop.stop()))
  const problems: string[] = []
  console.log(`${minutes} minutes at ${targets.map((t) => t.rate).join(' + ')} requests/s, open loop\n`)
  console.log('| smallest | first third | middle third | last third |\n| --- | --- | --- | --- |')
  const length = Math.ceil(samples.length / 3)
  for (const part of parts) {
    const [first = 0, middle = 0, last = 0] = [0, 1, 2].map((third) =>
      Math.min(...samples.slice(third * length, (third + 1) * length).map((sample) => sample[part])),
    )
    console.log(`| ${part} | ${[first, middle, last].map((mib) => `${shown(mib)} MiB`).join(' | ')} |`)
    if (last - middle > Math.max(flat.mib, flat.share * middle))
      problems.push(`the memory of the ${part} grows: ${shown(last - middle)} MiB in a third of the time`)
  }
  for (const [index, { shots }] of loops.entries()) {
    const times = shots.map(({ due, answered }) => answered - due).toSorted((a, b) => a - b)
    const at = (q: number) => shown(times[Math.floor((times.length - 1) * q)] ?? Number.NaN)
    const bad = shots.filter(({ status }) => status !== 200).length
    console.log(
      `\n${targets[index]?.headers['azureml-model-deployment']}: ${shots.length} requests, ${bad} failed, p50 ${at(0.5)} ms, p99 ${at(0.99)} ms`,
    )
    if (bad > 0) problems.push(`${bad} requests were not answered with 200`)
  }
  if (problems.length > 0) throw new Error(`The soak failed: ${problems.join('; ')}.`)
}
