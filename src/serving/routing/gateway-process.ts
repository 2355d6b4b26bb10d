import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { mkdir, readFile, rm } from 'node:fs/promises'
import { dirname, extname, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import type { ProcessSpec } from '../../compute/compute.ts'
import { networkVariables } from '../../compute/pass-through.ts'
import { errors } from '../../kernel/errors.ts'
import { bracketed, isLoopback, reachable } from '../../kernel/http/listen.ts'
import type { Platform } from '../../kernel/platform.ts'
import { appearance } from './appearance.ts'
import { keepCertificate } from './gateway-certificate.ts'
import { gatewayFolder, socketsFolder } from './folders.ts'

const processId = 'gateway'
const graceMs = 10_000
const backOff = { firstMs: 250, longestMs: 30_000, steadyMs: 60_000 }
/** How long the gateway may take to listen. */
const startMs = 10_000

const own = fileURLToPath(import.meta.url)
const program = join(dirname(own), '..', 'gateway', `main${extname(own)}`)

const listening = z.object({ pid: z.number(), port: z.number(), fingerprint: z.string() })

/**
 * Sees that the gateway runs: keeps the one that a server before this left behind, unless its code or its settings are
 * others; starts it again whenever it dies, until `signal`, which leaves it running. Returns its address once it
 * listens. Throws unavailable, with what the gateway said, if it does not come up.
 */
export async function superviseGateway(platform: Platform, signal: AbortSignal): Promise<string> {
  const { compute, config } = platform
  const folder = gatewayFolder(config.home)
  await mkdir(socketsFolder(config.home), { recursive: true, mode: 0o700 })
  const before = await readListening(folder)
  const fingerprint = fingerprintOf(platform)
  const secure = !isLoopback(config.host)
  if (secure) await keepCertificate(platform, folder, signal)
  const state = await compute.inspect(processId)
  let port = before?.port
  if (state.phase !== 'running' || port === undefined || before?.fingerprint !== fingerprint) {
    await stopGateway(platform)
    // A free port once taken is kept, so that addresses that clients know stay right.
    const wanted = config.gatewayPort || port || 0
    port = await begin(platform, wanted, fingerprint, signal)
    if (port === undefined && wanted !== config.gatewayPort) {
      await stopGateway(platform)
      port = await begin(platform, config.gatewayPort, fingerprint, signal)
    }
  }
  if (port === undefined)
    throw errors.unavailable(`The scoring gateway does not come up: ${await lastWords(folder)}`)
  void keepRunning(platform, port, fingerprint, signal)
  return `${secure ? 'https' : 'http'}://${bracketed(reachable(config.host))}:${port}`
}

/** Ends the gateway and waits until it has gone: for when the whole platform goes down. */
export async function stopGateway({ compute }: Pick<Platform, 'compute'>): Promise<void> {
  await compute.cancel(processId, { graceMs })
  if ((await compute.inspect(processId)).phase === 'unknown') return
  await compute.wait(processId)
  await compute.remove(processId)
}

/** Starts the gateway and waits until it listens: the port, or undefined if it has ended or takes longer than ten seconds. */
async function begin(
  platform: Platform,
  port: number,
  fingerprint: string,
  signal: AbortSignal,
): Promise<number | undefined> {
  const { compute, config } = platform
  const folder = gatewayFolder(config.home)
  await rm(join(folder, 'listening.json'), { force: true })
  const flags = {
    folder,
    host: config.host,
    port: String(port),
    'max-body-bytes': String(config.maxBodyBytes),
    fingerprint,
  }
  const spec: ProcessSpec = {
    id: processId,
    argv: [
      process.execPath,
      program,
      ...(isLoopback(config.host) ? [] : ['--tls']),
      ...Object.entries(flags).map(([name, value]) => `--${name}=${value}`),
    ],
    cwd: folder,
    env: networkVariables(process.env),
    outputFile: join(folder, 'log.txt'),
  }
  await compute.start(spec)
  const settled = new AbortController()
  const either = AbortSignal.any([signal, settled.signal, AbortSignal.timeout(startMs)])
  const ended = compute.wait(processId, either).catch(() => {})
  await Promise.race([appearance(join(folder, 'listening.json'), either), ended])
  settled.abort()
  return (await readListening(folder))?.port
}

/** The message of the last line of the gateway's log. */
async function lastWords(folder: string): Promise<string> {
  const text = await readFile(join(folder, 'log.txt'), 'utf8').catch(() => '')
  const line = text.trimEnd().split('\n').at(-1) ?? ''
  try {
    return (JSON.parse(line) as { message: string }).message
  } catch {
    return line || 'it said nothing'
  }
}

async function keepRunning(platform: Platform, port: number, fingerprint: string, signal: AbortSignal) {
  const { compute, log } = platform
  let inARow = 0
  while (!signal.aborted) {
    try {
      const end = await compute.wait(processId, signal)
      if (end.phase !== 'exited') continue
      const ranMs = end.endedAt.getTime() - (end.startedAt ?? end.endedAt).getTime()
      inARow = ranMs > backOff.steadyMs ? 0 : inARow + 1
      const delay = Math.min(backOff.firstMs * 2 ** (inARow - 1), backOff.longestMs)
      log.warn('the scoring gateway ended and is started again', { ...end, delay })
      await pause(delay, undefined, { signal })
      await compute.remove(processId)
      await begin(platform, port, fingerprint, signal)
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

async function readListening(folder: string) {
  const text = await readFile(join(folder, 'listening.json'), 'utf8').catch(() => '{}')
  return listening.safeParse(JSON.parse(text)).data
}
