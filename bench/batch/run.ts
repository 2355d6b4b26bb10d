// Scores rows in bulk beside a plain pandas script and bare ONNX Runtime in Python, on the same models, in the same run.
//   --rows=N  rows of each table; default 1,000,000
// Twinloop's figure is the command of its batch scoring job, as the job runs it: driver, workers and all below them.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { cpus, loadavg, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { shown, table, type Figure } from '../figures.ts'
import { measure } from '../measure.ts'
import { pythonWith } from '../servers.ts'

const rows = Number(
  process.argv.find((word) => word.startsWith('--rows='))?.slice('--rows='.length) ?? 1_000_000,
)
const root = join(import.meta.dirname, '../..')
const python = pythonWith('bench-batch-1', [
  'mlflow==3.17.2',
  'pandas==3.1.1',
  'scikit-learn==1.9.1',
  'lightgbm==4.7.0',
  'pyarrow==25.0.1',
  'onnxruntime==1.27.0',
])
const workers = Math.min(2, cpus().length)
const folder = mkdtempSync(join(tmpdir(), 'twinloop-bench-'))
const figures: Figure[] = []
// MLflow's own bookkeeping is no part of this, and leaves nothing beside the sources.
process.env['MLFLOW_TRACKING_URI'] = `file://${folder}/mlruns`

async function score(server: string, what: string, argv: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const { seconds, cpuSeconds, peakMiB, code, said } = await measure(argv, { env })
  const text =
    code === 0
      ? `**${shown(rows / seconds)} rows/s** (${shown(seconds)} s), CPU ${shown(cpuSeconds)} s, peak ${shown(peakMiB)} MiB`
      : `failed: ${said.trim().split('\n').at(-1)}`
  figures.push({ server, what, text })
  console.error(`${server}: ${what}: ${text}`)
}

/** Compiles a model as a deployment does, and proves it. */
function compile(model: string): string {
  const compiled = join(folder, `${model}.compiled`)
  mkdirSync(compiled)
  const compiler = join(root, 'python/compile_model.py')
  execFileSync(python, [compiler, '--model', join(folder, model), '--out', compiled], { stdio: 'ignore' })
  const prover = join(root, 'src/serving/deployments/native/prove-main.ts')
  const { problem } = JSON.parse(execFileSync(process.execPath, [prover, compiled]).toString()) as {
    problem?: string
  }
  if (problem !== undefined) throw new Error(problem)
  return compiled
}

function twinloop(model: string, kind: string, compiled: string | undefined) {
  const output = join(folder, `${model}.${kind}.${compiled === undefined ? 'python' : 'onnx'}`)
  const settings = { concurrency: workers, output_file_name: `out.${kind}`, timeout: 600 }
  const flags = { data: join(folder, `${model}.${kind}`), model: join(folder, model), output, compiled }
  const argv = [
    python,
    join(root, 'python/batch.py'),
    ...Object.entries(flags).flatMap(([name, value]) => (value === undefined ? [] : [`--${name}`, value])),
  ]
  const env = {
    TWINLOOP_NODE: process.execPath,
    TWINLOOP_PROGRAMS: join(root, 'src'),
    TWINLOOP_BATCH_PROGRAM: 'serving/batch/native/main.ts',
    TWINLOOP_BATCH_SETTINGS: JSON.stringify(settings),
  }
  return { argv, env, file: join(output, `out.${kind}`) }
}

try {
  execFileSync(python, ['-W', 'ignore', join(import.meta.dirname, 'make.py'), folder, String(rows)])
  for (const [model, name] of [
    ['boosting', 'HistGradientBoosting, 100 trees, 9 numbers'],
    ['pipeline', 'LightGBM, 100 trees, behind one-hot of 2 texts, 9 numbers'],
  ] as const) {
    const compiled = compile(model)
    for (const kind of ['parquet', 'csv']) {
      const data = join(folder, `${model}.${kind}`)
      const what = `${name}; ${kind} of ${shown(statSync(data).size / 2 ** 20)} MiB`
      const out = (by: string) => join(folder, `${model}.${by}.${kind}`)
      const own = [twinloop(model, kind, compiled), twinloop(model, kind, undefined)] as const
      await score('Twinloop, onnx', what, own[0].argv, own[0].env)
      await score('Twinloop, Python', what, own[1].argv, own[1].env)
      const script = join(import.meta.dirname, 'pandas_script.py')
      await score('pandas script', what, [
        python,
        '-W',
        'ignore',
        script,
        join(folder, model),
        data,
        out('pandas'),
      ])
      const bare = join(import.meta.dirname, 'bare_onnx.py')
      await score('bare ONNX Runtime', what, [python, bare, compiled, data, out('bare'), String(workers)])
      for (const { file } of own) if (!existsSync(file)) throw new Error(`${file} is not there`)
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}

const machine = `${cpus().length} × ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB`
const load = loadavg().map((l) => l.toFixed(1))
console.log(
  `${machine}, load ${load.join(' ')}, Node ${process.versions.node}, ${shown(rows)} rows, ${workers} workers, ${new Date().toISOString().slice(0, 10)}\n`,
)
console.log(table(figures))
