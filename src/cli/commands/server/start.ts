import { spawn } from 'node:child_process'
import { watch } from 'node:fs'
import { mkdir, open, readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { readServerFile, readToken } from '../../client/connect.ts'
import { askForSignInLink } from '../../client/sign-in.ts'
import type { ServerFile } from '../../client/connect.ts'
import { Failure, messageOf } from '../../failure.ts'
import { paint } from '../../io.ts'
import type { Io } from '../../io.ts'
import { isAlive } from './process.ts'

/** Settings of a server as flags give them; undefined ones come from `TWINLOOP_*` variables or their defaults. */
export type Given = Readonly<Record<string, string | number | undefined>> & { readonly home: string }

/** Tells a server that it was started in the background. */
const background = 'TWINLOOP_IN_BACKGROUND'

/** Nothing that a server does before it is ready takes as long as this. */
const readyWithinMs = 60_000

/** Runs the server in this process until it is interrupted. */
export async function runServer(given: Given, io: Io): Promise<undefined> {
  await refuseSecond(given.home)
  const [{ createApp }, { readConfig }, { fileSchemas }] = await Promise.all([
    import('../../../app.ts'),
    import('../../../config.ts'),
    import('../../yaml/schemas/files.ts'),
  ])
  let app: Awaited<ReturnType<typeof createApp>>
  let addresses: Awaited<ReturnType<typeof app.start>>
  try {
    app = await createApp(readConfig(io.env, given), { schemas: fileSchemas })
    addresses = await app.start()
  } catch (error) {
    throw new Failure(explain(error), { cause: error })
  }
  const seconds = (performance.now() / 1000).toFixed(1)
  io.stderr(
    [
      `${paint(io, 'green', '✓')} Twinloop on ${paint(io, 'bold', addresses.urls.http)}, up in ${seconds} s`,
      // In the background, who started it prints a link of its own; this would stay in the log.
      ...(io.env[background] === undefined ? [`  sign in: ${addresses.signInUrl}  (works once)`] : []),
      '  in another shell: twinloop job create -f pipeline.yml --stream',
      '  Ctrl-C stops it; jobs that run go on',
      '',
    ].join('\n'),
  )
  await interrupted(io.signal)
  io.stderr('stopping\n')
  await app.stop()
  return undefined
}

/** Starts the server in the background; resolves with its addresses once it is ready. Its log is `{home}/server.log`. */
export async function startDetached(given: Given, io: Io): Promise<ServerFile> {
  const home = resolve(given.home)
  await refuseSecond(home)
  await mkdir(home, { recursive: true, mode: 0o700 })
  const logPath = join(home, 'server.log')
  const log = await open(logPath, 'a', 0o600)
  const before = (await log.stat()).size
  const flags = Object.entries(given)
    .filter(([name, value]) => value !== undefined && name !== 'home')
    .flatMap(([name, value]) => [flagOf(name), String(value)])
  const child = spawn(
    process.execPath,
    [...process.execArgv, process.argv[1] ?? '', 'up', '--home', home, ...flags],
    {
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
      env: { ...io.env, [background]: '1' },
    },
  )
  const ready = Promise.withResolvers<ServerFile>()
  const fail = async (what: string) => {
    const said = (await readFile(logPath, 'utf8')).slice(before).trim().split('\n').slice(-12).join('\n  ')
    ready.reject(new Failure(`${what}${said === '' ? '' : `:\n  ${said}`}`, { hint: `its log: ${logPath}` }))
  }
  child.once('error', (error) =>
    ready.reject(new Failure(`cannot start: ${messageOf(error)}`, { cause: error })),
  )
  child.once(
    'exit',
    (code, signal) => void fail(`the server ended while starting (${signal ?? `exit code ${code}`})`),
  )
  const look = async () => {
    const server = await readServerFile(home)
    if (server !== undefined && server.pid === child.pid && (await isReady(server.http)))
      ready.resolve(server)
  }
  const watcher = watch(home, () => void look())
  const late = setTimeout(
    () => void fail(`the server is not ready after ${readyWithinMs / 1000} s`),
    readyWithinMs,
  )
  try {
    await look()
    const server = await ready.promise
    const token = (await readToken(home)) ?? ''
    const { url } = await askForSignInLink({ url: server.http, token, signal: io.signal })
    io.stderr(`${paint(io, 'green', '✓')} Twinloop on ${server.http}\n  sign in: ${url}  (works once)\n`)
    return server
  } finally {
    watcher.close()
    clearTimeout(late)
    child.removeAllListeners('exit')
    child.unref()
    await log.close()
  }
}

async function isReady(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/readyz`)).ok
  } catch {
    return false
  }
}

async function refuseSecond(home: string): Promise<void> {
  const server = await readServerFile(resolve(home))
  if (
    server !== undefined &&
    isAlive(server.pid) &&
    server.pid !== process.pid &&
    (await isReady(server.http))
  )
    throw new Failure(`a server runs already at ${server.http} (process ${server.pid})`, {
      hint: 'twinloop down stops it',
    })
}

function explain(error: unknown): string {
  const { code, port } = error as { code?: string; port?: number }
  if (code === 'EADDRINUSE')
    return `port ${port} is taken by another program; choose one, e.g. twinloop up --port 0`
  if (code === 'EACCES') return `${messageOf(error)}; the home folder must be yours`
  return messageOf(error)
}

function interrupted(signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  if (signal.aborted) resolve()
  signal.addEventListener('abort', () => resolve(), { once: true })
  return promise
}

const flagOf = (name: string) => {
  const flag = { resourceGroup: 'resource-group', workspace: 'workspace-name' }[name] ?? name
  return `--${flag.replaceAll(/[A-Z]/g, (c) => `-${c.toLowerCase()}`)}`
}
