import { execFile } from 'node:child_process'
import { mkdir, readFile, rm } from 'node:fs/promises'
import { dirname, extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { compilation } from '../../gateway/instances/native/compiled.ts'
import type { Proof, Verdict } from './verdict.ts'

const own = fileURLToPath(import.meta.url)
const compiler = fileURLToPath(new URL('../../../../python/compile_model.py', import.meta.url))
const prover = join(dirname(own), `prove-main${extname(own)}`)

/** What compiling and proving may take. */
const limits = { compileMs: 10 * 60_000, proveMs: 2 * 60_000, outputBytes: 16 * 1024 * 1024 }

const finding = z.object({
  rows: z.number(),
  leftToPython: z.number(),
  maxDifference: z.number(),
  problem: z.string().optional(),
  sha256: z.string(),
  onnxruntime: z.string(),
})

export interface CompileOptions {
  /** Folder of the model, as it is served. */
  readonly model: string
  /** Interpreter and variables that it is served with. */
  readonly python: string
  readonly variables: Readonly<Record<string, string | undefined>>
  /** Folder that the compiled model is written to. */
  readonly folder: string
  /** Files (JSON Lines) of real rows for the proof. */
  readonly rows: readonly string[]
  readonly say: (line: string) => Promise<void>
  readonly signal: AbortSignal
}

/**
 * Compiles a model to ONNX in its own environment and has both answer the rows of a proof. The verdict is `onnx` only
 * if they answer the same. Throws nothing but what `signal` aborts with.
 */
export async function compileModel(options: CompileOptions): Promise<Verdict> {
  const { folder, say, signal } = options
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  await say('Compiling the model to ONNX.')
  const made = await run(options.python, compileArguments(options), {
    env: { ...options.variables, AZUREML_MODEL_DIR: options.model },
    timeoutMs: limits.compileMs,
    signal,
  })
  if (made.output.trim() !== '') await say(made.output.trim())
  if (made.failure) return { kind: 'python', because: `compiling it ${made.failure}` }
  const text = await readFile(join(folder, 'compiled.json'), 'utf8').catch(() => '{}')
  const compiled = compilation.parse(JSON.parse(text))
  if (!compiled.compiled) return { kind: 'python', because: compiled.reason }

  await say(`Proving it on ${compiled.rows.real + compiled.rows.made} rows.`)
  const proven = await run(process.execPath, [prover, folder], {
    env: { PATH: process.env['PATH'] },
    timeoutMs: limits.proveMs,
    signal,
  })
  if (proven.failure) {
    await say(proven.errors.trim())
    return { kind: 'python', because: `running what it was compiled to ${proven.failure}` }
  }
  const found = finding.parse(JSON.parse(proven.output))
  if (found.problem) return { kind: 'python', because: `what it was compiled to differs: ${found.problem}` }
  const proof: Proof = {
    rows: found.rows,
    realRows: compiled.rows.real,
    leftToPython: found.leftToPython,
    maxDifference: found.maxDifference,
    sha256: found.sha256,
    versions: { ...compiled.versions, onnxruntime: found.onnxruntime },
  }
  return { kind: 'onnx', folder, proof }
}

const compileArguments = ({ model, folder, rows }: CompileOptions) => [
  '-B',
  compiler,
  '--model',
  model,
  '--out',
  folder,
  ...rows.flatMap((file) => ['--rows', file]),
]

/** Runs a program to its end: what it wrote, and how it failed, if it did. */
function run(
  program: string,
  args: readonly string[],
  { env, timeoutMs, signal }: { env: NodeJS.ProcessEnv; timeoutMs: number; signal: AbortSignal },
): Promise<{ output: string; errors: string; failure?: string }> {
  return new Promise((resolve, reject) => {
    const options = { env, timeout: timeoutMs, signal, maxBuffer: limits.outputBytes, killSignal: 'SIGKILL' }
    execFile(program, [...args], { ...options, killSignal: 'SIGKILL' }, (error, output, errors) => {
      if (signal.aborted) return reject(signal.reason as Error)
      if (error === null) return resolve({ output, errors })
      const { killed, code, signal: by } = error
      const failure = killed
        ? `took more than ${timeoutMs / 1000} s`
        : `ended with ${by ?? `exit code ${code}`}`
      resolve({ output, errors, failure })
    })
  })
}
