// Measures Twinloop beside the peer that a user would pick instead, in the same run, and prints a table.
// `npm run bench -- --quick` takes shorter and smaller measurements; results worth keeping go to RESULTS.md.
import { cpus, totalmem } from 'node:os'
import { measureControl } from './control.ts'
import { measureStep } from './pipeline.ts'
import { startMlflow, startTwinloop, type Server } from './servers.ts'
import { measureTracking, type Figure } from './tracking.ts'

const quick = process.argv.includes('--quick')
const runs = quick ? 500 : 10_000
const seconds = quick ? 1 : 5

const figures: Figure[] = []
const note = (server: string, what: string, value: number, unit: string, detail = '') =>
  figures.push({ server, what, value, unit, detail })

async function measure(
  start: () => Promise<Server>,
  more: (server: Server) => Promise<Figure[]>,
  seeds: number,
) {
  const server = await start()
  try {
    console.error(`· ${server.name} is up`)
    note(server.name, 'cold start', server.coldStart, 's')
    note(server.name, 'memory when idle', server.memory(), 'MiB', 'proportional share of all its processes')
    figures.push(...(await measureTracking(server, seeds, seconds)), ...(await more(server)))
  } finally {
    await server.stop()
  }
}

await measure(
  startTwinloop,
  async (server) => [...(await measureControl(server, seconds)), ...(await measureStep(server))],
  runs,
)
if (!process.argv.includes('--alone')) {
  // The peer takes about 23 runs a second in: fewer of them, and said so in the row's name.
  await measure(
    () => startMlflow('one worker'),
    async () => [],
    Math.min(runs, 2000),
  )
  await measure(
    () => startMlflow('default'),
    async () => [],
    Math.min(runs, 500),
  )
}

console.log(
  `${cpus().length} × ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}, ${new Date().toISOString().slice(0, 10)}\n`,
)
console.log('| what | server | figure | detail |\n|---|---|---|---|')
for (const f of figures.toSorted((a, b) => a.what.localeCompare(b.what)))
  console.log(
    `| ${f.what} | ${f.server} | ${f.value.toLocaleString('en', { maximumSignificantDigits: 3 })} ${f.unit} | ${f.detail} |`,
  )
