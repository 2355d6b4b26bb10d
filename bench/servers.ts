import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, watch } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { send } from './load.ts'
import { cpuMs, family, freePort, memoryMiB } from './processes.ts'

const root = join(import.meta.dirname, '..')
/** The program as the package has it, built by `build`. */
export const program = join(root, 'bin/twinloop.js')
export const mlflowVersion = '3.17.2'
/** The peer's Python environment is kept between runs. */
const cache = process.env['TWINLOOP_TEST_CACHE'] ?? join(tmpdir(), 'twinloop-test-cache')

export const build = () =>
  execFileSync(process.execPath, [join(root, 'scripts/build.ts')], { stdio: 'inherit' })

/** A server under measurement. */
export interface Server {
  readonly name: string
  readonly pid: number
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  /** From the start of its process to its first good answer. */
  readonly coldStartMs: number
  /** Of it and all processes below it, now. */
  memory(): { readonly processes: number; readonly mib: number }
  cpuMs(): number
  stop(): Promise<void>
}

/** Waits until a server has done what it does after its start: a second in which it is nearly idle, or a minute. */
export async function settled(server: Server): Promise<void> {
  for (let second = 0; second < 60; second++) {
    const before = server.cpuMs()
    await new Promise((resolve) => setTimeout(resolve, 1000))
    if (server.cpuMs() - before < 100) return
  }
}

/** Starts Twinloop with an empty home, in which the command line finds it. */
export async function startTwinloop(): Promise<Server & { readonly home: string }> {
  const home = mkdtempSync(join(tmpdir(), 'twinloop-bench-'))
  const env = {
    ...process.env,
    TWINLOOP_HOME: home,
    TWINLOOP_PORT: '0',
    TWINLOOP_HTTPS_PORT: '0',
    TWINLOOP_GATEWAY_PORT: '0',
    TWINLOOP_LOG_LEVEL: 'warn',
  }
  const written = fileAppears(home, 'server.json')
  const started = performance.now()
  const profile = process.env['BENCH_PROFILE']
  const child = spawn(
    process.execPath,
    [...(profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`]), program, 'up'],
    { env, stdio: ['ignore', 'ignore', 'pipe'] },
  )
  const said = lastWords(child)
  await Promise.race([written, ended(child, 'twinloop up', said)])
  const url = (JSON.parse(readFileSync(join(home, 'server.json'), 'utf8')) as { http: string }).http
  await answers(url, '/readyz', child)
  const coldStartMs = performance.now() - started
  const token = readFileSync(join(home, 'token'), 'utf8').trim()
  return {
    ...underMeasurement(child),
    name: 'twinloop',
    url,
    home,
    headers: { authorization: `Bearer ${token}` },
    coldStartMs,
    async stop() {
      // The gateway outlives the server, by design; here nothing shall be left.
      const all = family(child.pid ?? 0)
      await end(child, 'SIGTERM')
      for (const pid of all) if (isAlive(pid)) process.kill(pid, 'SIGKILL')
      rmSync(home, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

/** Starts `mlflow server` on an empty SQLite file, with its defaults or with one worker. */
export async function startMlflow(variant: 'default' | 'one worker'): Promise<Server> {
  const python = mlflowEnvironment()
  const home = mkdtempSync(join(tmpdir(), 'mlflow-bench-'))
  const port = await freePort()
  const flags = {
    host: '127.0.0.1',
    port: String(port),
    'backend-store-uri': `sqlite:///${home}/mlflow.db`,
    'artifacts-destination': `${home}/artifacts`,
    ...(variant === 'default' ? {} : { workers: '1' }),
  }
  const started = performance.now()
  const child = spawn(
    python,
    ['-m', 'mlflow', 'server', ...Object.entries(flags).flatMap(([name, value]) => [`--${name}`, value])],
    { cwd: home, stdio: 'ignore' },
  )
  const url = `http://127.0.0.1:${port}`
  await answers(url, '/health', child)
  return {
    ...underMeasurement(child),
    name: variant === 'default' ? 'mlflow server' : 'mlflow server --workers 1',
    url,
    headers: {},
    coldStartMs: performance.now() - started,
    async stop() {
      await endFamily(child)
      rmSync(home, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

const mlflowEnvironment = () => pythonWith(`bench-mlflow-${mlflowVersion}`, [`mlflow==${mlflowVersion}`])

/** Starts a server as a process of its own, which answers `path` when it is ready; what it says goes to log.txt there. */
export async function startProcess(
  name: string,
  argv: readonly string[],
  options: {
    readonly cwd: string
    readonly env?: NodeJS.ProcessEnv
    readonly url: string
    readonly path: string
  },
): Promise<Server> {
  const started = performance.now()
  const log = openSync(join(options.cwd, 'log.txt'), 'a')
  const child = spawn(argv[0] ?? '', argv.slice(1), {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    stdio: ['ignore', log, log],
  })
  closeSync(log)
  await answers(options.url, options.path, child)
  return {
    ...underMeasurement(child),
    name,
    url: options.url,
    headers: {},
    coldStartMs: performance.now() - started,
    stop: () => endFamily(child),
  }
}

/** The Python of an environment with these packages, which is made once and kept. */
export function pythonWith(name: string, packages: readonly string[]): string {
  const folder = join(cache, name)
  const python = join(folder, 'bin/python')
  if (!existsSync(join(folder, 'done'))) {
    mkdirSync(cache, { recursive: true })
    execFileSync('python3', ['-m', 'venv', '--clear', folder], { stdio: 'inherit' })
    execFileSync(python, ['-m', 'pip', 'install', '--quiet', ...packages], { stdio: 'inherit' })
    execFileSync('touch', [join(folder, 'done')])
  }
  return python
}

const underMeasurement = ({ pid = 0 }: ChildProcess): Pick<Server, 'pid' | 'memory' | 'cpuMs'> => ({
  pid,
  memory() {
    const pids = family(pid)
    return { processes: pids.length, mib: memoryMiB(pids) }
  },
  cpuMs: () => cpuMs(family(pid)),
})

async function fileAppears(folder: string, name: string): Promise<void> {
  const appeared = Promise.withResolvers<void>()
  const watcher = watch(folder, () => {
    if (existsSync(join(folder, name))) appeared.resolve()
  })
  await appeared.promise
  watcher.close()
}

/** What a server writes to standard error, kept for the case that it fails. */
function lastWords(child: ChildProcess): () => string {
  let text = ''
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => (text = `${text}${chunk}`.slice(-4000)))
  return () => text
}

async function ended(child: ChildProcess, what: string, said: () => string): Promise<never> {
  const [code] = (await once(child, 'exit')) as [number | null]
  throw new Error(`${what} ended with code ${code}: ${said()}`)
}

/** Asks until the server answers well; a peer offers no other notice. */
async function answers(url: string, path: string, child: ChildProcess): Promise<void> {
  for (;;) {
    if (child.exitCode !== null) throw new Error(`the server at ${url} ended with code ${child.exitCode}`)
    const status = await send(url, { method: 'GET', path }).catch(() => 0)
    if (status === 200) return
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

async function endFamily(child: ChildProcess): Promise<void> {
  const all = family(child.pid ?? 0)
  await end(child, 'SIGKILL')
  for (const pid of all) if (isAlive(pid)) process.kill(pid, 'SIGKILL')
}

async function end(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.kill(signal)
  await gone
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
