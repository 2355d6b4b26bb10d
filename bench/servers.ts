import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, watch } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { send } from './load.ts'

const root = join(import.meta.dirname, '..')
/** Python environments of the peers are kept between runs. */
const cache = process.env['TWINLOOP_TEST_CACHE'] ?? join(tmpdir(), 'twinloop-test-cache')

/** A server under measurement. */
export interface Server {
  readonly name: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  /** From the start of its process to its first good answer, in seconds. */
  readonly coldStart: number
  /** Proportional share of memory of its processes now, in MiB. */
  memory(): number
  stop(): Promise<void>
}

/** Starts Twinloop from its sources with an empty home. */
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
  const child = spawn(process.execPath, [join(root, 'src/main.ts'), 'up'], {
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  await Promise.race([written, ended(child, 'twinloop up')])
  const url = (JSON.parse(readFileSync(join(home, 'server.json'), 'utf8')) as { http: string }).http
  await answers(url, '/readyz', child)
  const coldStart = (performance.now() - started) / 1000
  const token = readFileSync(join(home, 'token'), 'utf8').trim()
  return {
    name: 'twinloop',
    url,
    home,
    headers: { authorization: `Bearer ${token}` },
    coldStart,
    memory: () => memoryOf(child.pid ?? 0),
    stop: async () => {
      await stop(child)
      rmSync(home, { recursive: true, force: true })
    },
  }
}

/** Starts `mlflow server` on an empty SQLite file, with its defaults or with one worker. */
export async function startMlflow(variant: 'default' | 'one worker'): Promise<Server> {
  const python = mlflowEnvironment()
  const home = mkdtempSync(join(tmpdir(), 'mlflow-bench-'))
  const port = await freePort()
  const args = [
    '-m',
    'mlflow',
    'server',
    '--host',
    '127.0.0.1',
    '--port',
    String(port),
    '--backend-store-uri',
    `sqlite:///${home}/mlflow.db`,
    '--artifacts-destination',
    `${home}/artifacts`,
  ]
  const started = performance.now()
  const child = spawn(python, variant === 'default' ? args : [...args, '--workers', '1'], {
    cwd: home,
    stdio: 'ignore',
    detached: true,
  })
  const url = `http://127.0.0.1:${port}`
  await answers(url, '/health', child)
  return {
    name: variant === 'default' ? 'mlflow server' : 'mlflow server --workers 1',
    url,
    headers: {},
    coldStart: (performance.now() - started) / 1000,
    memory: () => memoryOf(child.pid ?? 0),
    stop: async () => {
      process.kill(-(child.pid ?? 0), 'SIGKILL')
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
      rmSync(home, { recursive: true, force: true })
    },
  }
}

function mlflowEnvironment(): string {
  const folder = join(cache, 'bench-mlflow-3.18.0')
  const python = join(folder, 'bin/python')
  if (!existsSync(join(folder, 'done'))) {
    mkdirSync(cache, { recursive: true })
    execFileSync('python3', ['-m', 'venv', folder], { stdio: 'inherit' })
    execFileSync(python, ['-m', 'pip', 'install', '--quiet', 'mlflow==3.18.0'], { stdio: 'inherit' })
    execFileSync('touch', [join(folder, 'done')])
  }
  return python
}

async function fileAppears(folder: string, name: string): Promise<void> {
  const appeared = Promise.withResolvers<void>()
  const watcher = watch(folder, () => {
    if (existsSync(join(folder, name))) appeared.resolve()
  })
  await appeared.promise
  watcher.close()
}

async function ended(child: ChildProcess, what: string): Promise<never> {
  const [code] = (await once(child, 'exit')) as [number | null]
  throw new Error(`${what} ended with code ${code} before it was up`)
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

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return
  child.kill('SIGTERM')
  await once(child, 'exit')
}

/** Sum of the proportional set sizes of a process and all below it, in MiB. */
function memoryOf(pid: number): number {
  const parents = new Map<number, number>()
  for (const entry of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const stat = readFileSync(`/proc/${entry}/stat`, 'utf8')
      parents.set(Number(entry), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]))
    } catch {
      // It ended while we looked.
    }
  }
  const below = (root: number): number[] => [
    root,
    ...[...parents].filter(([, parent]) => parent === root).flatMap(([child]) => below(child)),
  ]
  const kilobytes = below(pid).map((p) =>
    Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${p}/smaps_rollup`, 'utf8'))?.[1] ?? 0),
  )
  return kilobytes.reduce((a, b) => a + b, 0) / 1024
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
