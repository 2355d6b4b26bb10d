import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { mkdir, readFile, rm } from 'node:fs/promises'
import { dirname, extname, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import type { Compute, ProcessSpec } from '../../compute/compute.ts'
import { networkVariables } from '../../compute/pass-through.ts'
import { errors } from '../../kernel/errors.ts'
import { bracketed, isLoopback, reachable } from '../../kernel/http/listen.ts'
import type { Platform } from '../../kernel/platform.ts'
import { appearance } from './appearance.ts'
import { keepCertificate } from './gateway-certificate.ts'
import { gatewayFolder, socketsFolder } from './folders.ts'

/** Ids of its process: one that follows another takes its listening socket over while those before it still finish. */
const processIds = ['gateway', 'gateway-2', 'gateway-3', 'gateway-4'] as const
type ProcessId = (typeof processIds)[number]

const graceMs = 10_000
/** What one that has been followed gets to finish what it has: longer than any request may take. */
const farewellMs = 200_000
/** And when the whole platform goes down meanwhile. */
const hurryMs = 1000
const backOff = { firstMs: 250, longestMs: 30_000, steadyMs: 60_000 }
/** How long the gateway may take to listen. */
const startMs = 10_000

const own = fileURLToPath(import.meta.url)
const program = join(dirname(own), '..', 'gateway', `main${extname(own)}`)

const listening = z.object({
  pid: z.number(),
  port: z.number(),
  fingerprint: z.string(),
  host: z.string().optional(),
})

type Listening = z.infer<typeof listening>

/** A gateway that runs, or is to. */
interface Place {
  readonly process: ProcessId
  readonly port: number
  readonly fingerprint: string
}

/**
 * Sees that the gateway runs: keeps the one that a server before this left behind, unless its code or its settings are
 * others; starts it again whenever it dies, until `signal`, which leaves it running. One with other code follows the
 * one before it without a caller being refused. Returns its address once it listens. Throws unavailable, with what the
 * gateway said, if it does not come up.
 */
export async function superviseGateway(platform: Platform, signal: AbortSignal): Promise<string> {
  const { config } = platform
  const folder = gatewayFolder(config.home)
  await mkdir(socketsFolder(config.home), { recursive: true, mode: 0o700 })
  const fingerprint = fingerprintOf(platform)
  const secure = !isLoopback(config.host)
  if (secure) await keepCertificate(platform, folder, signal)
  const before = await readListening(folder)
  const current = await findRunning(platform, before)
  const place =
    current?.fingerprint === fingerprint
      ? current
      : ((await follow(platform, current, before?.host, fingerprint, signal)) ??
        (await startAnew(platform, before?.port, fingerprint, signal)))
  for (const process of othersThan(place.process))
    await platform.compute.cancel(process, { graceMs: farewellMs })
  void keepRunning(platform, place, signal)
  return `${secure ? 'https' : 'http'}://${bracketed(reachable(config.host))}:${place.port}`
}

/** Ends the gateway and waits until it has gone: for when the whole platform goes down. */
export async function stopGateway(platform: Platform): Promise<void> {
  const { compute, config } = platform
  const current = await findRunning(platform, await readListening(gatewayFolder(config.home)))
  for (const process of processIds)
    await compute.cancel(process, { graceMs: process === current?.process ? graceMs : hurryMs })
  for (const process of processIds) await forget(compute, process)
}

const othersThan = (process: ProcessId) => processIds.filter((other) => other !== process)

async function forget(compute: Compute, process: ProcessId): Promise<void> {
  if ((await compute.inspect(process)).phase === 'unknown') return
  await compute.wait(process)
  await compute.remove(process)
}

/** The gateway that listens, by what it has said of itself. */
async function findRunning({ compute }: Platform, said: Listening | undefined): Promise<Place | undefined> {
  for (const process of said === undefined ? [] : processIds) {
    const state = await compute.inspect(process)
    if (state.phase === 'running' && state.pid === said?.pid)
      return { process, port: said.port, fingerprint: said.fingerprint }
  }
  return undefined
}

/**
 * Has a new gateway take the listening socket of the one that runs, and lets that one finish what it has. Undefined if
 * it cannot be so: it listens elsewhere than it should, or is of a version that does not hand on its socket.
 */
async function follow(
  platform: Platform,
  current: Place | undefined,
  host: string | undefined,
  fingerprint: string,
  signal: AbortSignal,
): Promise<Place | undefined> {
  const { compute, config, log } = platform
  if (current === undefined || host !== config.host) return undefined
  if (config.gatewayPort !== 0 && config.gatewayPort !== current.port) return undefined
  const process = await freePlace(compute, current.process)
  const port = await begin(platform, process, { from: current.process }, fingerprint, signal)
  if (port === undefined) {
    log.warn('a new scoring gateway could not follow the one that runs', {
      why: await lastWords(platform, process),
    })
    return undefined
  }
  log.info('a new scoring gateway follows the one that ran', { port })
  return { process, port, fingerprint }
}

/** An id that no process has; that of the one that has had longest to finish, if there is none. */
async function freePlace(compute: Compute, current: ProcessId): Promise<ProcessId> {
  const at = processIds.indexOf(current)
  const next = processIds.map((_, i) => processIds[(at + 1 + i) % processIds.length] ?? current)
  const [oldest = current] = next
  for (const process of next.slice(0, -1)) {
    if ((await compute.inspect(process)).phase === 'exited') await compute.remove(process)
    if ((await compute.inspect(process)).phase === 'unknown') return process
  }
  await compute.cancel(oldest, { graceMs: 0 })
  await forget(compute, oldest)
  return oldest
}

/** Ends whatever runs, and starts a gateway where it is to listen. */
async function startAnew(
  platform: Platform,
  before: number | undefined,
  fingerprint: string,
  signal: AbortSignal,
): Promise<Place> {
  const { host, gatewayPort } = platform.config
  const process = processIds[0]
  // A free port once taken is kept, so that addresses that clients know stay right.
  for (const wanted of new Set([gatewayPort || before || 0, gatewayPort])) {
    await stopGateway(platform)
    const port = await begin(platform, process, { host, port: wanted }, fingerprint, signal)
    if (port !== undefined) return { process, port, fingerprint }
  }
  throw errors.unavailable(`The scoring gateway does not come up: ${await lastWords(platform, process)}`)
}

/** Starts the gateway and waits until it listens: the port, or undefined if it has ended or takes longer than ten seconds. */
async function begin(
  platform: Platform,
  process: ProcessId,
  listen: NonNullable<ProcessSpec['listen']>,
  fingerprint: string,
  signal: AbortSignal,
): Promise<number | undefined> {
  const { compute, config } = platform
  const folder = gatewayFolder(config.home)
  await rm(join(folder, 'listening.json'), { force: true })
  const flags = { folder, host: config.host, 'max-body-bytes': String(config.maxBodyBytes), fingerprint }
  const spec: ProcessSpec = {
    id: process,
    argv: [
      globalThis.process.execPath,
      program,
      ...(isLoopback(config.host) ? [] : ['--tls']),
      ...Object.entries(flags).map(([name, value]) => `--${name}=${value}`),
    ],
    cwd: folder,
    env: networkVariables(globalThis.process.env),
    outputFile: logOf(folder, process),
    listen,
  }
  await compute.start(spec)
  const settled = new AbortController()
  const either = AbortSignal.any([signal, settled.signal, AbortSignal.timeout(startMs)])
  const ended = compute.wait(process, either).catch(() => {})
  await Promise.race([appearance(join(folder, 'listening.json'), either), ended])
  settled.abort()
  return (await readListening(folder))?.port
}

const logOf = (folder: string, process: ProcessId) =>
  join(folder, `log${process.slice('gateway'.length)}.txt`)

/** Why it could not be started, or the message of the last line of its log. */
async function lastWords(platform: Platform, process: ProcessId): Promise<string> {
  const state = await platform.compute.inspect(process)
  if (state.phase === 'exited' && state.reason === 'not-executable' && state.message !== undefined)
    return `${state.message} Stop what uses it, or choose another with TWINLOOP_GATEWAY_PORT.`
  const file = logOf(gatewayFolder(platform.config.home), process)
  const line = (await readFile(file, 'utf8').catch(() => '')).trimEnd().split('\n').at(-1) ?? ''
  try {
    return (JSON.parse(line) as { message: string }).message
  } catch {
    return line || 'it said nothing'
  }
}

async function keepRunning(platform: Platform, { process, port, fingerprint }: Place, signal: AbortSignal) {
  const { compute, log, config } = platform
  let inARow = 0
  while (!signal.aborted) {
    try {
      const end = await compute.wait(process, signal)
      if (end.phase !== 'exited') continue
      const ranMs = end.endedAt.getTime() - (end.startedAt ?? end.endedAt).getTime()
      inARow = ranMs > backOff.steadyMs ? 0 : inARow + 1
      const delay = Math.min(backOff.firstMs * 2 ** (inARow - 1), backOff.longestMs)
      log.warn('the scoring gateway ended and is started again', { ...end, delay })
      await pause(delay, undefined, { signal })
      await compute.remove(process)
      // One that it has followed, and that still finishes what it has, holds the socket.
      const phases = await Promise.all(
        othersThan(process).map(async (id) => [id, await compute.inspect(id)] as const),
      )
      const [from] = phases.find(([, { phase }]) => phase === 'running') ?? []
      const listen = from === undefined ? { host: config.host, port } : { from }
      await begin(platform, process, listen, fingerprint, signal)
    } catch (error) {
      if (signal.aborted) return
      log.error('the scoring gateway cannot be supervised', { error })
      await pause(backOff.longestMs, undefined, { signal }).catch(() => {})
    }
  }
}

/** Changes when the gateway has to be replaced: with its code, its Node and its settings. */
function fingerprintOf({ config }: Platform): string {
  const digest = createHash('sha256').update(
    JSON.stringify([process.version, config.host, config.gatewayPort]),
  )
  const folder = dirname(program)
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  for (const file of files.filter((name) => extname(name) === extname(own)).sort())
    digest.update(file).update(readFileSync(join(folder, file)))
  return digest.update(String(config.maxBodyBytes)).digest('hex').slice(0, 16)
}

async function readListening(folder: string): Promise<Listening | undefined> {
  const text = await readFile(join(folder, 'listening.json'), 'utf8').catch(() => '{}')
  return listening.safeParse(JSON.parse(text)).data
}
