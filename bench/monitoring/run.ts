// Drift of 20 columns between a reference and a production of as many rows, beside Evidently and NannyML, in the same run.
//   --quick      100,000 rows only
//   --alone      without the peers
//   --rows=N     only so many rows; default 1,000,000 and 10,000,000
//   --minutes=N  how long a peer may take; default 10
//   --gib=N      how much memory a peer may take; default half of the machine's
// All have the same number of cores, and read the same two Parquet files. Twinloop may use 1 GiB of memory for data and
// spills the rest; it keeps what it computes of a reference, so it is asked twice.
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { shown, table, type Figure } from '../figures.ts'
import { measure, type Measured } from '../measure.ts'
import { build, program, pythonWith, startTwinloop } from '../servers.ts'
import { writeFeatures } from './table.ts'

const flag = (name: string) => process.argv.includes(`--${name}`)
const option = (name: string) =>
  process.argv.find((word) => word.startsWith(`--${name}=`))?.slice(`--${name}=`.length)
const minutes = Number(option('minutes') ?? 10)
const mostMiB = Number(option('gib') ?? totalmem() / 2 ** 31) * 1024
const sizes = option('rows') ? [Number(option('rows'))] : flag('quick') ? [100_000] : [1_000_000, 10_000_000]
const memoryBytes = 2 ** 30
const versions = { evidently: '0.7.23', nannyml: '0.13.1' }

/** What is measured, as Azure ML, Evidently and NannyML call it. Categories are held against each other by Jensen-Shannon's distance. */
const methods = [
  {
    what: 'Jensen-Shannon distance',
    ours: 'jensen_shannon_distance',
    evidently: 'jensenshannon',
    nannyml: 'jensen_shannon',
  },
  {
    what: 'Wasserstein distance of numbers',
    ours: 'normalized_wasserstein_distance',
    evidently: 'wasserstein',
    nannyml: 'wasserstein',
  },
] as const

const figures: Figure[] = []
const claims: string[] = []
const folder = mkdtempSync(join(tmpdir(), 'twinloop-bench-'))

function tell(server: string, what: string, measured: Measured): Measured {
  const { seconds, cpuSeconds, peakMiB, code, said } = measured
  const text =
    code === 0
      ? `**${shown(seconds)} s**, CPU ${shown(cpuSeconds)} s, peak ${shown(peakMiB)} MiB`
      : code === undefined
        ? `**out of ${measured.ranOutOf}**: stopped after ${shown(seconds)} s, CPU ${shown(cpuSeconds)} s and peak ${shown(peakMiB)} MiB by then`
        : `failed after ${shown(seconds)} s, peak ${shown(peakMiB)} MiB: ${said.trim().split('\n').at(-1)?.slice(0, 120)}`
  figures.push({ server, what, text })
  console.error(`${server}: ${what}: ${text}`)
  return measured
}

type Files = { readonly reference: string; readonly production: string }

/** The first run of a monitor, and one that knows the reference. */
interface Own {
  readonly first: Measured
  readonly known: Measured
}

/** A monitor of two data assets, made and run by the command line as a user would; the server is what is watched. */
async function withTwinloop(files: Files, size: string): Promise<ReadonlyMap<string, Own>> {
  process.env['TWINLOOP_ANALYTICS_MEMORY_BYTES'] = String(memoryBytes)
  const server = await startTwinloop()
  const found = new Map<string, Own>()
  try {
    const env = { TWINLOOP_HOME: server.home }
    const cli = async (...words: readonly string[]) => {
      const done = await measure([process.execPath, program, ...words], { env, of: server.pid })
      if (done.code !== 0) throw new Error(done.said)
      return done
    }
    for (const [name, file] of Object.entries(files))
      await cli('data', 'create', '-n', name, '-v', '1', '-t', 'uri_file', '-p', file)
    for (const { what, ours } of methods) {
      const source = (name: string) => ({ input_data: { path: `azureml:${name}:1`, type: 'uri_file' } })
      const file = join(folder, 'monitor.yml')
      const monitor = {
        name: ours,
        trigger: { type: 'recurrence', frequency: 'day', interval: 1, start_time: '2099-01-01T00:00:00' },
        create_monitor: {
          compute: { instance_type: 'standard_e4s_v3', runtime_version: '3.4' },
          monitoring_target: { ml_task: 'classification' },
          monitoring_signals: {
            drift: {
              type: 'data_drift',
              production_data: {
                ...source('production'),
                data_context: 'model_inputs',
                data_window: { lookback_window_size: 'P31D', lookback_window_offset: 'P0D' },
                data_column_names: { time_column: 'time' },
              },
              reference_data: {
                ...source('reference'),
                data_context: 'training',
                data_column_names: { time_column: 'time' },
              },
              features: 'all_features',
              metric_thresholds: {
                numerical: { [ours]: 0.1 },
                categorical: { jensen_shannon_distance: 0.1 },
              },
            },
          },
        },
      }
      writeFileSync(file, JSON.stringify(monitor))
      await cli('schedule', 'create', '--file', file)
      const run = () => cli('monitor', 'run', '--name', ours, '--at', '2026-02-01T00:00:00Z', '--wait')
      const first = tell('Twinloop', `${size}: ${what}`, await run())
      found.set(what, {
        first,
        known: tell('Twinloop', `${size}: ${what}, the reference known`, await run()),
      })
    }
  } finally {
    await server.stop()
  }
  return found
}

async function besides(files: Files, size: string, ours: ReadonlyMap<string, Own>): Promise<void> {
  const pythons = {
    evidently: pythonWith(`bench-evidently-${versions.evidently}`, [
      `evidently==${versions.evidently}`,
      'pandas<3',
      'pyarrow',
    ]),
    nannyml: pythonWith(`bench-nannyml-${versions.nannyml}`, [
      `nannyml==${versions.nannyml}`,
      'statsmodels==0.15.0',
      'pyarrow',
    ]),
  }
  for (const method of methods)
    for (const [name, title] of [
      ['evidently', 'Evidently'],
      ['nannyml', 'NannyML'],
    ] as const) {
      const script = join(import.meta.dirname, `${name}_drift.py`)
      const argv = [pythons[name], script, files.reference, files.production, method[name]]
      const result = join(folder, `${name}.json`)
      const peer = await measure([...argv, result], { timeoutMs: minutes * 60_000, mostMiB })
      tell(title, `${size}: ${method.what}`, peer)
      const own = ours.get(method.what)
      if (own === undefined || (peer.code !== 0 && peer.ranOutOf === undefined)) continue
      claims.push(`| ${size}: ${method.what}, against ${title} | ≥ 20× faster | ${ratios(peer, own)} |`)
    }
}

/** How many times as long a peer took, and how much memory, as far as it came. */
function ratios(peer: Measured, { first, known }: Own): string {
  const atLeast = peer.ranOutOf === undefined ? '' : 'more than '
  const times = (own: Measured) => `${atLeast}${shown(peer.seconds / own.seconds)}×`
  const cpu = `${atLeast}${shown(peer.cpuSeconds / first.cpuSeconds)}×`
  const memory = `${atLeast}${shown(peer.peakMiB / first.peakMiB)}×`
  const stopped = peer.ranOutOf === undefined ? '' : ` (it ran out of ${peer.ranOutOf})`
  return `${times(first)}, the reference known ${times(known)}; CPU ${cpu}, memory ${memory}${stopped}`
}

build()
try {
  for (const rows of sizes) {
    const files = {
      reference: join(folder, `reference-${rows}.parquet`),
      production: join(folder, `production-${rows}.parquet`),
    }
    await writeFeatures(files.reference, rows, 0, 0)
    await writeFeatures(files.production, rows, rows, 0.05)
    const size = `${shown(rows)} × 20 and as many, ${shown((2 * statSync(files.reference).size) / 2 ** 20)} MiB of Parquet`
    const ours = await withTwinloop(files, size)
    if (!flag('alone')) await besides(files, size, ours)
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}

const machine = `${cpus().length} × ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB`
const load = loadavg().map((l) => l.toFixed(1))
console.log(
  `${machine}, load ${load.join(' ')}, Node ${process.versions.node}, Evidently ${versions.evidently}, NannyML ${versions.nannyml}, ${new Date().toISOString().slice(0, 10)}\n`,
)
console.log(table(figures))
if (claims.length > 0) console.log(`\n| | asked | found |\n| --- | --- | --- |\n${claims.join('\n')}`)
