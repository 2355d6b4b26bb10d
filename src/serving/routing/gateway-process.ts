import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { mkdir, readFile, rm } from 'node:fs/promises'
import { dirname, extname, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import type { ProcessSpec } from '../../compute/compute.ts'
import { networkVariables } from '../../compute/pass-through.ts'
import { bracketed, isLoopback, reachable } from '../../kernel/http/listen.ts'
import type { Platform } from '../../kernel/platform.ts'
import { appearance } from './appearance.ts'
import { keepCertificate } from './gateway-certificate.ts'
import { gatewayFolder, socketsFolder } from './folders.ts'

const processId = 'gateway'
const graceMs = 10_000
const backOff = { firstMs: 250, longestMs: 30_000, steadyMs: 60_000 }
/** Exit code by which the gateway says that its port is taken. */
const portTaken = 98

const own = fileURLToPath(import.meta.url)
const program = join(dirname(own), '..', 'gateway', `main${extname(own)}`)

const listening = z.object({ pid: z.number(), port: z.number(), fingerprint: z.string() })

/**
 * Sees that the gateway runs: keeps the one that a server before this left behind, unless its code or its settings are
 * others; starts it again whenever it dies, until `signal`, which leaves it running. Returns its address, for which it
 * waits only where the port is not known beforehand.
 */
export async function superviseGateway(platform: Platform, signal: AbortSignal): Promise<string> {
  const { compute, config } = platform
  const folder = gatewayFolder(config.home)
  await mkdir(socketsFolder(config.home), { recursive: true, mode: 0o700 })
  const before = await readListening(folder)
  const fingerprint = fingerprintOf(platform)
  const secure = !isLoopback(config.host)
  if (secure) await keepCertificate(platform, folder, signal)
  // A free port once taken is kept, so that addresses that clients know stay right.
  const port = config.gatewayPort || before?.port || 0
  const state = await compute.inspect(processId)
  if (state.phase !== 'running' || before?.fingerprint !== fingerprint) {
    await stopGateway(platform)
    await begin(platform, port, fingerprint)
  }
  void keepRunning(platform, port, fingerprint, signal)
  const known = config.gatewayPort || (await appeared(folder, signal))?.port
  if (known === undefined)
    throw new Error('The scoring gateway did not come up; its log is gateway/log.txt in the home.')
  return `${secure ? 'https' : 'http'}://${bracketed(reachable(config.host))}:${known}`
}

/** Ends the gateway and waits until it has gone: for when the whole platform goes down. */
export async function stopGateway({ compute }: Pick<Platform, 'compute'>): Promise<void> {
  await compute.cancel(processId, { graceMs })
  if ((await compute.inspect(processId)).phase === 'unknown') return
  await compute.wait(processId)
  await compute.remove(processId)
}

async function begin(platform: Platform, port: number, fingerprint: string): Promise<void> {
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
      const taken = end.code === portTaken && platform.config.gatewayPort === 0
      const delay = Math.min(backOff.firstMs * 2 ** (inARow - 1), backOff.longestMs)
      log.warn('the scoring gateway ended and is started again', { ...end, delay })
      await pause(delay, undefined, { signal })
      await compute.remove(processId)
      await begin(platform, taken ? 0 : port, fingerprint)
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

async function appeared(folder: string, signal: AbortSignal) {
  await appearance(join(folder, 'listening.json'), AbortSignal.any([signal, AbortSignal.timeout(10_000)]))
  return readListening(folder)
}
