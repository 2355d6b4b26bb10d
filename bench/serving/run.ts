// Measures online scoring beside the servers that a user would pick instead: the same models, requests and machine, in
// one run. Prints a table and, below it, what the design asks for with what was found.
//   --quick      one short round of each
//   --only=word  only the parts whose name holds the word: native, python
//   --soak       instead of all that, a steady load on one endpoint with its memory watched; fails if it grows
//   --minutes=N  of the soak; default 10
// Results worth keeping go to RESULTS.md.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { cpus, loadavg, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { shown, table, type Figure } from '../figures.ts'
import { build } from '../servers.ts'
import { saturate, steadily, type Load, type Result } from './measure.ts'
import { mlflowPython, requirements, startAzureServer, startBare, startMlflowServe } from './peers.ts'
import { startMlserver, versions, type Serving } from './peers.ts'
import { soak } from './soak.ts'
import { models, startWithEndpoint } from './twinloop.ts'

const flag = (name: string) => process.argv.includes(`--${name}`)
const option = (name: string) =>
  process.argv.find((word) => word.startsWith(`--${name}=`))?.slice(name.length + 3)
const only = option('only') ?? ''
/** Requests a second of the open loop that leaves every server time. */
const leisurely = 100

const folder = mkdtempSync(join(tmpdir(), 'serving-bench-'))
const figures: Figure[] = []
const claims: string[] = []
let clientBusy = 0

const trainer = join(import.meta.dirname, 'python/make_models.py')
execFileSync(mlflowPython(), [trainer, folder, ...requirements], { stdio: 'pipe' })
const rows = JSON.parse(readFileSync(join(folder, 'rows.json'), 'utf8')) as {
  columns: string[]
  data: unknown[][]
}
const bodyOf = (count: number) =>
  JSON.stringify({ dataframe_split: { columns: rows.columns, data: rows.data.slice(0, count) } })
const load = (count: number): Load => ({
  body: bodyOf(count),
  seconds: flag('quick') ? 1 : 2,
  rounds: flag('quick') ? 1 : 3,
  folder,
})

function tell(figure: Figure) {
  figures.push(figure)
  console.error(`${figure.server}: ${figure.what}: ${figure.text}`)
}

function record(what: string, results: readonly Result[], each = 1): Map<string, Result> {
  for (const { server, perSecond, p50, p99, cpu, failed, ...rest } of results) {
    clientBusy = Math.max(clientBusy, rest.clientBusy)
    const trouble = failed > 0 ? `, ${failed} failed` : ''
    const text = `**${shown(perSecond * each)}/s**, p50 ${shown(p50)} ms, p99 ${shown(p99)} ms, CPU ${shown(cpu)} ms${trouble}`
    tell({ server, what, text })
  }
  return new Map(results.map((result) => [result.server, result]))
}

/** Sees that each server answers a row well, and alike, before anything is measured; which also warms it up. */
async function agree(servers: readonly Serving[], read: (answer: unknown) => unknown) {
  const { body } = load(20)
  const answers = await Promise.all(
    servers.map(async ({ url, headers, name }) => {
      const answer = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body,
      }).catch((cause: unknown) => {
        throw new Error(`${name} at ${url} does not answer`, { cause })
      })
      if (!answer.ok) throw new Error(`${name} answered ${answer.status}: ${await answer.text()}`)
      return JSON.stringify(read(await answer.json()))
    }),
  )
  if (new Set(answers).size > 1) throw new Error(`The servers differ: ${answers.join(' ')}`)
}

async function withAll(starts: readonly Promise<Serving>[], use: (servers: Serving[]) => Promise<void>) {
  const started = await Promise.allSettled(starts)
  const servers = started.flatMap((s) => (s.status === 'fulfilled' ? [s.value] : []))
  try {
    for (const s of started) if (s.status === 'rejected') throw s.reason
    await use(servers)
  } finally {
    for (const server of servers) await server.stop()
  }
}

function memoryOf(servers: readonly Serving[], what: string) {
  for (const server of servers) {
    const { mib, processes } = server.memory()
    tell({ server: server.name, what, text: `**${shown(mib)} MiB** in ${processes} processes` })
  }
}

const of = (results: ReadonlyMap<string, Result>, name: string): Result => {
  const found = results.get(name)
  if (found === undefined) throw new Error(`nothing was measured of ${name}`)
  return found
}
const claim = (what: string, asked: string, found: string) => claims.push(`| ${what} | ${asked} | ${found} |`)
const predictions = (answer: unknown) => (answer as { predictions: unknown }).predictions

const peerNames = ['mlflow models serve', 'MLServer']

const steadilyAt = async (servers: readonly Serving[], rate: number) =>
  record(`native model, 1 row, open loop, ${rate} requests/s`, await steadily(servers, load(1), rate))

async function native(twinloop: Awaited<ReturnType<typeof startWithEndpoint>>) {
  const own = await twinloop.deploy('native', models(folder).sklearn, '/invocations')
  const bare = startBare(folder, twinloop.compiledFolder())
  console.error(`Twinloop serves it by ${await twinloop.runtimeOf('native')}`)
  const peers = [startMlflowServe(folder, 'sklearn'), startMlserver(folder, 'sklearn')]
  await withAll([bare, Promise.resolve(own), ...peers], async (servers) => {
    await agree(servers, predictions)
    await saturate(servers, { ...load(1), seconds: 2, rounds: 1 }, 32)
    const at32 = record('native model, 1 row, 32 connections', await saturate(servers, load(1), 32))
    const at1 = record('native model, 1 row, 1 connection', await saturate(servers, load(1), 1))
    // Nine tenths of what the best peer carries: there it shows how long requests wait for one another.
    const busy = Math.round(0.9 * Math.max(...peerNames.map((peer) => of(at32, peer).perSecond)))
    const [atLeisure, atWork] = [await steadilyAt(servers, leisurely), await steadilyAt(servers, busy)]
    for (const count of [100, 1000])
      record(
        `native model, ${count} rows, 8 connections (rows)`,
        await saturate(servers, load(count), 8),
        count,
      )
    memoryOf(servers, 'native model: memory after that')
    const ours = of(at32, 'Twinloop')
    const limit = of(at32, 'bare Node and ONNX Runtime')
    for (const peer of peerNames) {
      const theirs = of(at32, peer)
      claim(
        `throughput against ${peer}, 1 row, 32 connections`,
        '≥ 10×',
        `${shown(ours.perSecond / theirs.perSecond)}×`,
      )
      claim(`p99 against ${peer}, 1 row, 32 connections`, '≤ 1/10', `1/${shown(theirs.p99 / ours.p99)}`)
      const slower = (steady: ReadonlyMap<string, Result>) =>
        `1/${shown(of(steady, peer).p99 / of(steady, 'Twinloop').p99)}`
      claim(`p99 against ${peer}, 1 row, open loop, ${busy}/s`, '≤ 1/10', slower(atWork))
      claim(`p99 against ${peer}, 1 row, open loop, ${leisurely}/s`, '', slower(atLeisure))
    }
    const share = (a: Result, b: Result) => `${shown((100 * a.perSecond) / b.perSecond)} %`
    claim('share of the bare limit, 32 connections', '≥ 80 %', share(ours, limit))
    claim(
      'share of the bare limit, 1 connection',
      '',
      share(of(at1, 'Twinloop'), of(at1, 'bare Node and ONNX Runtime')),
    )
    claim(
      'single rows by 32 connections',
      '≥ 10,000/s per core, p99 < 10 ms',
      `${shown(ours.perSecond)}/s, p99 ${shown(ours.p99)} ms`,
    )
  })
}

async function python(twinloop: Awaited<ReturnType<typeof startWithEndpoint>>) {
  const { custom, script } = models(folder)
  const bareMs = JSON.parse(
    execFileSync(mlflowPython(), [
      join(import.meta.dirname, 'python/bare_predict.py'),
      folder,
      flag('quick') ? '1' : '4',
    ]).toString(),
  ) as { readonly custom: number; readonly script: number }
  for (const [what, milliseconds] of Object.entries(bareMs))
    tell({
      server: 'bare Python',
      what: kinds[what as keyof typeof kinds](1),
      text: `p50 ${shown(milliseconds)} ms`,
    })
  const ofCustom = twinloop.deploy('custom', custom, '/invocations')
  await withAll([ofCustom, startMlflowServe(folder, 'custom'), startMlserver(folder, 'custom')], (servers) =>
    measurePython('custom', servers, predictions, bareMs.custom),
  )
  await withAll([twinloop.deploy('script', script, '/score'), startAzureServer(folder)], (servers) =>
    measurePython('script', servers, (answer) => answer, bareMs.script),
  )
}

const kinds = {
  custom: (n: number) => `Python model (MLflow, own code), 1 row, ${n} connection${n === 1 ? '' : 's'}`,
  script: (n: number) => `Python model (score.py), 1 row, ${n} connection${n === 1 ? '' : 's'}`,
}

async function measurePython(
  kind: keyof typeof kinds,
  servers: readonly Serving[],
  read: (answer: unknown) => unknown,
  bareMs: number,
) {
  await agree(servers, read)
  await saturate(servers, { ...load(1), seconds: 2, rounds: 1 }, 32)
  const at32 = record(kinds[kind](32), await saturate(servers, load(1), 32))
  const at1 = record(kinds[kind](1), await saturate(servers, load(1), 1))
  memoryOf(servers, `Python model (${kind}): memory after that`)
  const ours = of(at32, 'Twinloop')
  const best = [...at32.values()]
    .filter(({ server }) => server !== 'Twinloop')
    .reduce((a, b) => (b.perSecond > a.perSecond ? b : a))
  claim(
    `Python model (${kind}), 32 connections, against the best: ${best.server}`,
    '≥ 1×',
    `${shown(ours.perSecond / best.perSecond)}×`,
  )
  claim(
    `Python model (${kind}), 1 connection, p50 against the bare ${kind === 'custom' ? 'predict' : 'run()'}`,
    '≤ 1.5×',
    `${shown(of(at1, 'Twinloop').p50 / bareMs)}×`,
  )
}

build()
const twinloop = await startWithEndpoint(folder)
try {
  if (flag('soak')) await soak(twinloop, folder, bodyOf(1), Number(option('minutes') ?? 10))
  else {
    if ('native'.includes(only)) await native(twinloop)
    if ('python'.includes(only)) await python(twinloop)
    const machine = `${cpus().length} × ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB`
    const peers = Object.entries(versions).map(([name, version]) => `${name} ${version}`)
    const busy = `load ${loadavg()
      .map((l) => l.toFixed(1))
      .join(' ')}`
    console.log(
      `${machine}, ${busy}, Node ${process.versions.node}, ${peers.join(', ')}, ${new Date().toISOString().slice(0, 10)}. ` +
        `The client's thread was busy for at most ${shown(clientBusy * 100)} % of the time.\n`,
    )
    console.log(table(figures))
    console.log(`\n| | asked | found |\n| --- | --- | --- |\n${claims.join('\n')}`)
  }
} finally {
  await twinloop.stop()
  rmSync(folder, { recursive: true, force: true })
}
