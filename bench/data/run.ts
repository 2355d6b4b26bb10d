// Profiles a table of 20 columns beside DuckDB's `summarize` and ydata-profiling (minimal), in the same run.
//   --quick      100,000 rows only
//   --alone      without ydata-profiling, which takes long to install and to run
//   --minutes=N  how long ydata-profiling may take for a table; default 10
// All have the same number of cores; Twinloop and DuckDB may use 1 GiB of memory for data and spill the rest.
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { cpus, loadavg, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { shown, table, type Figure } from '../figures.ts'
import { measure, type Measured } from '../measure.ts'
import { build, program, pythonWith, startTwinloop } from '../servers.ts'
import { writeTable } from './table.ts'

const flag = (name: string) => process.argv.includes(`--${name}`)
const minutes = Number(
  process.argv.find((word) => word.startsWith('--minutes='))?.slice('--minutes='.length) ?? 10,
)
const sizes = flag('quick') ? [100_000] : [1_000_000, 10_000_000]
const memoryBytes = 2 ** 30
const peerVersion = '4.18.4'

/** Of what ends before it was looked at a second time only the time is known. */
function textOf({ seconds, cpuSeconds, peakMiB, code, said }: Measured): string {
  if (code === 0 && seconds < 0.5) return `**${shown(seconds)} s**`
  if (code === 0) return `**${shown(seconds)} s**, CPU ${shown(cpuSeconds)} s, peak ${shown(peakMiB)} MiB`
  return code === undefined
    ? `stopped after ${shown(seconds / 60)} min, CPU ${shown(cpuSeconds)} s and peak ${shown(peakMiB)} MiB by then`
    : `failed after ${shown(seconds)} s, peak ${shown(peakMiB)} MiB: ${said.trim().split('\n').at(-1)?.slice(0, 120)}`
}

const figures: Figure[] = []
const tell = (server: string, what: string, measured: Measured) => {
  figures.push({ server, what, text: textOf(measured) })
  console.error(`${server}: ${what}: ${textOf(measured)}`)
}

async function withTwinloop(file: string, what: string) {
  process.env['TWINLOOP_ANALYTICS_MEMORY_BYTES'] = String(memoryBytes)
  const server = await startTwinloop()
  try {
    const env = { TWINLOOP_HOME: server.home }
    const cli = (...words: readonly string[]) => [process.execPath, program, 'data', ...words, '-n', 'table']
    const created = await measure(cli('create', '-t', 'uri_file', '-p', file), { env })
    if (created.code !== 0) throw new Error(created.said)
    const { pid } = server
    const report = join(server.home, 'report.html')
    tell('twinloop data profile', what, await measure(cli('profile', '--report', report), { env, of: pid }))
    tell('twinloop data profile', `${what}, asked again`, await measure(cli('profile'), { env, of: pid }))
  } finally {
    await server.stop()
  }
}

build()
const folder = mkdtempSync(join(tmpdir(), 'twinloop-bench-'))
try {
  for (const rows of sizes) {
    const file = join(folder, `${rows}.parquet`)
    await writeTable(file, rows)
    const what = `${shown(rows)} rows × 20 columns, ${shown(statSync(file).size / 2 ** 20)} MiB of Parquet`
    await withTwinloop(file, what)
    const summarize = [
      process.execPath,
      join(import.meta.dirname, 'summarize.ts'),
      file,
      `${memoryBytes / 2 ** 20}MiB`,
      join(folder, 'spill'),
    ]
    tell("DuckDB's summarize", what, await measure(summarize))
    if (flag('alone')) continue
    const python = pythonWith(`bench-ydata-${peerVersion}`, [
      `ydata-profiling==${peerVersion}`,
      'pyarrow',
      'setuptools<81',
    ])
    const peer = [python, join(import.meta.dirname, 'ydata_minimal.py'), file, join(folder, 'report.html')]
    tell('ydata-profiling, minimal', what, await measure(peer, { timeoutMs: minutes * 60_000 }))
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}

const machine = `${cpus().length} × ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB`
const load = loadavg().map((l) => l.toFixed(1))
console.log(
  `${machine}, load ${load.join(' ')}, Node ${process.versions.node}, ydata-profiling ${peerVersion}, ${new Date().toISOString().slice(0, 10)}\n`,
)
console.log(table(figures))
