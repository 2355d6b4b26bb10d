import { openLoop } from '../../src/testing/open-loop.ts'
import { shown } from '../figures.ts'
import { memoryMiB } from '../processes.ts'
import { models, type Twinloop } from './twinloop.ts'

const parts = ['gateway', 'instances', 'server'] as const
type Sample = Readonly<Record<(typeof parts)[number] | 'minute', number>>

/** Growth over the last two thirds that is taken for none: so much, or this share of what there is. */
const flat = { mib: 4, share: 0.05 }
const rate = 200
const everyMs = 2000

/**
 * Loads a native and a Python deployment steadily, open loop, and samples the memory of gateway, instances and server.
 * The first third is left out: heaps grow to their size. Throws if any of them then goes on growing, or if any
 * request was not answered well.
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
      minute: (performance.now() - began) / 60_000,
      gateway: memoryMiB([twinloop.gatewayPid]),
      instances: memoryMiB(instances),
      server: memoryMiB([twinloop.server.pid]),
    })
  }
  await Promise.all(loops.map((loop) => loop.stop()))
  const problems: string[] = []
  console.log(`${minutes} minutes at ${targets.map((t) => t.rate).join(' + ')} requests/s, open loop\n`)
  console.log('| | first third | last third | slope |\n| --- | --- | --- | --- |')
  const later = samples.slice(Math.floor(samples.length / 3))
  for (const part of parts) {
    const [first, last] = [
      samples.slice(0, samples.length - later.length),
      later.slice(-Math.ceil(later.length / 2)),
    ]
    const mean = (of: readonly Sample[]) => of.reduce((sum, s) => sum + s[part], 0) / of.length
    const slope = 60 * slopeOf(later.map((s) => [s.minute, s[part]]))
    const grown = (slope / 60) * minutes * (2 / 3)
    console.log(
      `| ${part} | ${shown(mean(first))} MiB | ${shown(mean(last))} MiB | ${shown(slope)} MiB an hour |`,
    )
    if (grown > Math.max(flat.mib, flat.share * mean(last)))
      problems.push(`the memory of the ${part} grows by ${shown(slope)} MiB an hour`)
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

/** Least squares: what the second grows by for each unit of the first. */
function slopeOf(points: readonly (readonly [number, number])[]): number {
  const mean = (at: 0 | 1) => points.reduce((sum, point) => sum + point[at], 0) / points.length
  const [x, y] = [mean(0), mean(1)]
  const above = points.reduce((sum, point) => sum + (point[0] - x) * (point[1] - y), 0)
  return above / points.reduce((sum, point) => sum + (point[0] - x) ** 2, 0)
}
