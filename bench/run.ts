// Measures Twinloop beside the peer that a user would pick instead, in the same run, and prints a table.
//   --quick     shorter and smaller measurements
//   --large     searches of 100,000 runs too
//   --alone     without the peer
//   --only=word only the parts whose name holds the word: start, control, pipeline, logging, search, memory
// With BENCH_PROFILE=folder Twinloop's server leaves a CPU profile there. Results worth keeping go to RESULTS.md.
import { cpus, loadavg, totalmem } from 'node:os'
import { measureControl } from './control.ts'
import { shown, table, type Figure } from './figures.ts'
import { measureStep } from './pipeline.ts'
import { median } from './processes.ts'
import { build, mlflowVersion, settled, startMlflow, startTwinloop, type Server } from './servers.ts'
import { measureCommandLine, measureMemory, measureWithGateway } from './start.ts'
import { measureLogging, measureSearch } from './tracking.ts'

const flag = (name: string) => process.argv.includes(`--${name}`)
const only = process.argv.find((word) => word.startsWith('--only='))?.slice('--only='.length) ?? ''
const seconds = flag('quick') ? 1 : 5
const times = flag('quick') ? 3 : 11
/** The peer takes few runs a second in, so it is compared at the smallest size. */
const sizes = flag('quick') ? [200, 2000] : [1000, 10_000, ...(flag('large') ? [100_000] : [])]

const figures: Figure[] = []

/** One part of the measurement on a server that is up; what it finds is shown at once, and in the table at the end. */
async function part(name: string, take: () => Promise<readonly Figure[]> | readonly Figure[]) {
  if (!name.includes(only)) return
  for (const figure of await take()) {
    figures.push(figure)
    console.error(`${figure.server}: ${figure.what}: ${figure.text}`)
  }
}

async function withServer<S extends Server>(start: () => Promise<S>, use: (server: S) => Promise<void>) {
  const server = await start()
  try {
    await use(server)
  } finally {
    await server.stop()
  }
}

/** Starts a server some times over; the figure is the middle one. */
async function measureStart(start: () => Promise<Server>, times: number): Promise<Figure[]> {
  const all: number[] = []
  let name = ''
  for (let i = 0; i < times; i++)
    await withServer(start, async (server) => {
      name = server.name
      all.push(server.coldStartMs)
    })
  const text = `**${shown(median(all) / 1000)} s** (best ${shown(Math.min(...all) / 1000)}), of ${times}`
  return [{ server: name, what: 'server ready, from the start of its process', text }]
}

build()
await part('start', () => measureStart(startTwinloop, times))
await withServer(startTwinloop, async (server) => {
  await settled(server)
  await part('start', async () => [
    measureMemory(server, 'memory when idle'),
    await measureWithGateway(server),
    ...measureCommandLine(server, times),
  ])
  await part('control', () => measureControl(server, seconds))
  await part('pipeline', () => measureStep(server, flag('quick') ? 10 : 30))
  await part('logging', () => measureLogging(server, seconds))
  await part('search', () => measureSearch(server, sizes, seconds))
  await part('memory', () => [measureMemory(server, 'memory after all that')])
})
if (!flag('alone'))
  for (const variant of ['one worker', 'default'] as const) {
    await part('start', () => measureStart(() => startMlflow(variant), flag('quick') ? 1 : 3))
    await withServer(
      () => startMlflow(variant),
      async (server) => {
        await settled(server)
        await part('start', () => [measureMemory(server, 'memory when idle')])
        await part('logging', () => measureLogging(server, seconds))
        await part('search', () => measureSearch(server, sizes.slice(0, 1), seconds))
        await part('memory', () => [measureMemory(server, 'memory after all that')])
      },
    )
  }

const machine = `${cpus().length} × ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB`
const load = loadavg().map((l) => l.toFixed(1))
console.log(
  `${machine}, load ${load.join(' ')}, Node ${process.versions.node}, mlflow ${mlflowVersion}, ${new Date().toISOString().slice(0, 10)}\n`,
)
console.log(table(figures))
