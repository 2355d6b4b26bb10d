import { existsSync } from 'node:fs'
import { mkdir, open, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ProcessSpec } from '../../compute/compute.ts'
import { networkVariables } from '../../compute/pass-through.ts'
import { parseArmId } from '../../kernel/resources/arm-id.ts'
import type { Platform } from '../../kernel/platform.ts'
import type { Resource } from '../../kernel/resources/resource.ts'
import { scriptCollections } from '../collection/settings.ts'
import { spoolFolder } from '../collection/spool.ts'
import { deploymentFolder, shortHash, socketsFolder } from '../routing/folders.ts'
import type { Stage } from './runtime.ts'
import type { DeploymentProperties } from './settings.ts'

const program = fileURLToPath(new URL('../../../python/runtime.py', import.meta.url))

/** Ids of a deployment's instances of one revision. */
export const processIds = (deployment: string, revision: string, instances: number): readonly string[] =>
  Array.from({ length: instances }, (_, slot) => `serve-${shortHash(deployment)}-${revision}-${slot}`)

export const socketName = (process: string): string => `${process}.sock`

const socketPath = (home: string, process: string) => join(socketsFolder(home), socketName(process))

/** File that an instance logs to; every other start has another, so that what the last one said is still there. */
export const instanceLog = (home: string, deployment: string, process: string, restarts: number): string =>
  join(deploymentFolder(home, deployment), 'logs', `${process}.${restarts % 2}.txt`)

export type InstanceState =
  | { readonly phase: 'absent' }
  | { readonly phase: 'starting'; readonly startedAt?: Date }
  | { readonly phase: 'ready' }
  | {
      readonly phase: 'exited'
      readonly why: string
      readonly lost: boolean
      /** True if it was asked to end, and so says nothing of whether it can run. */
      readonly ended: boolean
      readonly ranMs: number
      readonly endedAt: Date
    }

/** Where an instance's process stands; it is ready from the moment that its socket is there. */
export async function inspectInstance(
  { compute, config }: Platform,
  process: string,
): Promise<InstanceState> {
  const state = await compute.inspect(process)
  switch (state.phase) {
    case 'unknown':
      return { phase: 'absent' }
    case 'starting':
      return { phase: 'starting' }
    case 'running':
      return existsSync(socketPath(config.home, process))
        ? { phase: 'ready' }
        : { phase: 'starting', startedAt: state.startedAt }
    case 'exited': {
      const { endedAt, startedAt = endedAt, reason, code, signal, message } = state
      const by = signal ? `ended by ${signal}` : `ended with exit code ${code}`
      return {
        phase: 'exited',
        why: reason ? `${by} (${message ?? reason})` : by,
        lost: reason === 'lost',
        ended: reason === 'cancelled',
        ranMs: endedAt.getTime() - startedAt.getTime(),
        endedAt,
      }
    }
  }
}

/** Starts an instance, or starts it again if it has exited. Idempotent while it runs. */
export async function startInstance(
  platform: Platform,
  deployment: Resource,
  stage: Stage,
  process: string,
  restarts: number,
): Promise<void> {
  const { compute, config } = platform
  if ((await compute.inspect(process)).phase === 'exited') await compute.remove(process)
  if ((await compute.inspect(process)).phase !== 'unknown') return
  await mkdir(socketsFolder(config.home), { recursive: true, mode: 0o700 })
  // One that was killed leaves its socket behind, which would pass for that of one that is ready.
  await rm(socketPath(config.home, process), { force: true })
  // What an earlier start had to say is no part of what this one says.
  await rm(rolled(instanceLog(config.home, deployment.key, process, restarts)), { force: true })
  await compute.start(specOf(platform, deployment, stage, process, restarts))
}

/** Forgets an instance that has exited. */
export async function forgetInstance({ compute, config }: Platform, process: string): Promise<void> {
  await compute.remove(process)
  await rm(socketPath(config.home, process), { force: true })
}

function specOf(
  platform: Platform,
  deployment: Resource,
  stage: Stage,
  process: string,
  restarts: number,
): ProcessSpec {
  const { home } = platform.config
  const flags = ['--sockets', socketsFolder(home), '--name', socketName(process)]
  const code = stage.source && stage.script ? ['--source', stage.source, '--script', stage.script] : []
  return {
    id: process,
    argv: [stage.python, '-u', '-B', program, ...flags, ...code],
    cwd: stage.source ?? stage.modelFolder ?? deploymentFolder(home, deployment.key),
    env: {
      ...machineVariables(stage.python),
      ...azureVariables(deployment, stage),
      ...stage.variables,
      ...collectorVariables(deployment, stage, home),
    },
    outputFile: instanceLog(home, deployment.key, process, restarts),
    limits: { outputBytes: logBytes, outputRolls: true },
  }
}

/** An instance has no end, and what it says last is what is looked for. */
const logBytes = 64 * 1024 * 1024

/** Of the server's own environment an instance gets where programs are and how the network is reached: no secrets. */
function machineVariables(python: string): Record<string, string> {
  const { HOME, LANG, TMPDIR, TZ, PATH = '/usr/bin:/bin' } = globalThis.process.env
  const given = Object.entries({ HOME, LANG, TMPDIR, TZ }).filter(
    (entry): entry is [string, string] => !!entry[1],
  )
  const bin = dirname(python)
  return {
    ...networkVariables(globalThis.process.env),
    ...Object.fromEntries(given),
    PATH: `${bin}:${PATH}`,
    VIRTUAL_ENV: dirname(bin),
    PYTHONUNBUFFERED: '1',
  }
}

/** Where a script's collections go, if it has any. */
function collectorVariables(deployment: Resource, { script }: Stage, home: string): Record<string, string> {
  const { dataCollector } = deployment.properties as DeploymentProperties
  const wanted = [...scriptCollections(dataCollector, script !== undefined)]
  if (wanted.length === 0) return {}
  const collections = wanted.map(([name, rate]) => [
    name,
    { enabled: true, sampleRatePercentage: rate * 100 },
  ])
  return {
    TWINLOOP_COLLECT_FOLDER: spoolFolder(home, deployment.key),
    TWINLOOP_COLLECTIONS: JSON.stringify(Object.fromEntries(collections)),
  }
}

/** What Azure's images tell a scoring script. */
function azureVariables(deployment: Resource, stage: Stage): Record<string, string> {
  const { subscription = '', resourceGroup = '', names } = parseArmId(deployment.id)
  return {
    ...(stage.modelFolder ? { AZUREML_MODEL_DIR: stage.modelFolder } : {}),
    ...(stage.source ? { AML_APP_ROOT: stage.source, AZUREML_SOURCE_DIRECTORY: stage.source } : {}),
    ...(stage.script ? { AZUREML_ENTRY_SCRIPT: stage.script } : {}),
    AZUREML_ARM_SUBSCRIPTION: subscription,
    AZUREML_ARM_RESOURCEGROUP: resourceGroup,
    AZUREML_ARM_WORKSPACE_NAME: names[0] ?? '',
    SERVICE_NAME: names[1] ?? '',
    SERVICE_PATH_PREFIX: `${names[1] ?? ''}/${names[2] ?? ''}`,
  }
}

/** What is read of a log at most. */
const tailBytes = 4 * 1024 * 1024

/**
 * The last `lines` lines of a log, '' if there is none: of the file and, as far as that has not so many, of the one
 * before it (`{file}.1`), into which it has rolled. Reads at most the last 4 MiB.
 */
export async function lastLines(file: string, lines: number): Promise<string> {
  const tail = await tailOf(file, tailBytes)
  const isShort = tail.length < tailBytes && tail.filter((byte) => byte === newLine).length <= lines
  const before = isShort ? await tailOf(rolled(file), tailBytes - tail.length) : Buffer.alloc(0)
  const text = Buffer.concat([before, tail]).toString('utf8')
  return text.trimEnd().split('\n').slice(-lines).join('\n')
}

const newLine = 10

/** Where the supervisor puts what a log had when it begins anew. */
const rolled = (file: string) => `${file}.1`

async function tailOf(file: string, most: number): Promise<Buffer> {
  const handle = await open(file).catch(() => undefined)
  if (handle === undefined) return Buffer.alloc(0)
  try {
    const { size } = await handle.stat()
    const length = Math.min(size, most)
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, size - length)
    return buffer.subarray(0, bytesRead)
  } finally {
    await handle.close()
  }
}
