import { setTimeout as after } from 'node:timers/promises'
import { reach } from '../../client/client.ts'
import type { Client, Json } from '../../client/client.ts'
import { RemoteFailure } from '../../client/remote-failure.ts'
import type { Ended } from '../../define-command.ts'
import { Failure } from '../../failure.ts'
import { paint } from '../../io.ts'
import type { Io } from '../../io.ts'
import { textOf } from '../../present/present.ts'
import type { Body } from '../../present/present.ts'
import { asReached } from '../../upload/blobs.ts'
import { encode } from '../verbs.ts'
import { childrenOf, detailsOf, isOver } from './history.ts'
import type { RunDetails } from './history.ts'

/** How often run history is asked, as Azure's SDK asks it: the protocol has nothing that would tell. */
const everyMs = 500
/** Files that hold what the user's code printed; others are the platform's own. */
const isUserLog = (path: string) =>
  /(^|\/)(user_logs\/std_log.*|azureml-logs\/70_driver_log.*)\.txt$/.test(path)

/**
 * Follows a job until it is over: prints its log as it grows and, of a pipeline, the states of its steps. The exit code
 * says how it ended; a failure is told with its error.
 */
export async function streamJob(client: Client, io: Io, name: string): Promise<Ended> {
  const job = await client.get<Body>(`/jobs/${encode(name)}`)
  const title = textOf(job.properties?.['displayName'])
  io.stderr(`${paint(io, 'bold', name)}${title === name ? '' : `  ${title}`}\n`)
  const log = followLog(client, io)
  const warn = warnings(io)
  const isBatch = typeof (job.properties?.['properties'] as Json | undefined)?.['batchEndpoint'] === 'string'
  const steps = followSteps(
    client,
    io,
    name,
    warn,
    isBatch ? () => followLog(client, io, batchProgress) : undefined,
  )
  const isPipeline = textOf(job.properties?.['jobType']).toLowerCase() === 'pipeline'
  for (;;) {
    const details = await detailsOf(client, name)
    warn(details)
    await log(details)
    if (isPipeline) await steps()
    if (isOver(details.status)) {
      const ended = await end(client, io, name, details, isPipeline)
      if (isBatch && ended.exitCode === 0)
        io.stderr(`  predictions: twinloop job download -n ${name} --output-name score\n`)
      return ended
    }
    try {
      await after(everyMs, undefined, { signal: io.signal })
    } catch {
      throw new Failure(`interrupted; the job goes on: twinloop job cancel -n ${name} ends it`, {
        exitCode: 130,
      })
    }
  }
}

async function end(
  client: Client,
  io: Io,
  name: string,
  details: RunDetails,
  isPipeline: boolean,
): Promise<Ended> {
  const completed = /^Completed$/i.test(details.status)
  io.stderr(`${markOf(io, details.status)} ${name} ${details.status}\n`)
  const message = details.error?.error?.message
  // Of a pipeline, the failing step has told the rest.
  if (!completed && message !== undefined)
    io.stderr(`  ${isPipeline ? message.split('\n')[0] : message.replaceAll('\n', '\n  ')}\n`)
  const job = await client.find<Body>(`/jobs/${encode(name)}`)
  const services = job?.properties?.['services'] as { Studio?: { endpoint?: string } } | undefined
  if (services?.Studio?.endpoint !== undefined) io.stderr(`  ${paint(io, 'dim', services.Studio.endpoint)}\n`)
  return { exitCode: completed ? 0 : 1 }
}

/** Prints what the platform warns of, each thing once however many steps it is said of. */
function warnings(io: Io) {
  const said = new Set<string>()
  return (details: RunDetails) => {
    for (const { message = '' } of details.warnings ?? []) {
      if (said.has(message)) continue
      said.add(message)
      io.stderr(`  ${paint(io, 'yellow', 'warning')} ${message}\n`)
    }
  }
}

/** What batch scoring says of how it goes, among what else stands in its log. */
const batchProgress =
  /^(?:Runtime:|Going on|\d+ of \d+ mini-batches|Mini-batch|Scored by|Python scores|\d+ rows)/

/** Prints what has come to a run's log since last time, file by file; of a step only the lines that it is asked for. */
function followLog(client: Client, io: Io, only?: RegExp) {
  const printed = new Map<string, number>()
  return async (details: RunDetails) => {
    for (const [path, url] of Object.entries(details.logFiles ?? {})) {
      if (!isUserLog(path)) continue
      const from = printed.get(path) ?? 0
      const bytes = await readFrom(client, url, from)
      if (bytes === undefined || bytes.length === 0) continue
      printed.set(path, from + bytes.length)
      const text = Buffer.from(bytes).toString('utf8')
      if (only === undefined) {
        io.stdout(text)
        continue
      }
      for (const line of text.split('\n').filter((each) => only.test(each))) io.stderr(`    ${line}\n`)
    }
  }
}

/** A log's bytes from an offset to the last whole line or character there is; undefined if it is not there yet. */
async function readFrom(client: Client, url: string, from: number): Promise<Uint8Array | undefined> {
  const own = new URL(url).hostname === new URL(client.connection.url).hostname
  const answer = await reach(client.connection, () =>
    fetch(asReached(client.connection, url, own), {
      headers: { range: `bytes=${from}-` },
      signal: client.connection.signal,
    }),
  )
  // 416: nothing after what we have.
  if (answer.status === 404 || answer.status === 416) return undefined
  if (!answer.ok) throw new RemoteFailure(answer.status, { message: `the log answered ${answer.status}` })
  const all = new Uint8Array(await answer.arrayBuffer())
  return wholeCharacters(answer.status === 206 ? all : all.subarray(from))
}

/** Without a last character of which only some bytes have been written. */
export function wholeCharacters(bytes: Uint8Array): Uint8Array {
  for (let back = 1; back <= Math.min(4, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0
    if (byte < 0x80) return bytes
    if (byte < 0xc0) continue
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2
    return back < length ? bytes.subarray(0, bytes.length - back) : bytes
  }
  return bytes
}

/** Prints each change of a step's state, how long it took, and of one that failed, why. */
function followSteps(
  client: Client,
  io: Io,
  parent: string,
  warn: (details: RunDetails) => void,
  newLog?: () => (details: RunDetails) => Promise<void>,
) {
  const seen = new Map<string, string>()
  const logs = new Map<string, ReturnType<typeof followLog>>()
  return async () => {
    for (const child of await childrenOf(client, parent)) {
      const known = seen.get(child)
      if (known !== undefined && isOver(known)) continue
      const { properties = {} } = (await client.find<Body>(`/jobs/${encode(child)}`)) ?? {}
      const status = textOf(properties['status'])
      if (status === '') continue
      const log = logs.get(child) ?? newLog?.()
      if (log !== undefined) logs.set(child, log)
      if (status === known) {
        await log?.(await detailsOf(client, child))
        continue
      }
      seen.set(child, status)
      const details = await detailsOf(client, child)
      warn(details)
      await log?.(details)
      const title = textOf(properties['displayName']) || child
      const took = isOver(status) ? `  ${duration(properties)}` : ''
      io.stderr(`  ${markOf(io, status)} ${title.padEnd(24)} ${status}${took}\n`)
      if (/^Failed$/i.test(status)) explain(io, details)
    }
  }
}

/** Why a step failed; the server's message ends with the end of its log. */
function explain(io: Io, { error }: RunDetails): void {
  const lines = error?.error?.message?.trimEnd().split('\n') ?? []
  io.stderr(lines.map((line) => `    ${line}\n`).join(''))
}

function duration(properties: Json): string {
  if (/^true$/i.test(textOf((properties['properties'] as Json | undefined)?.['azureml.isreused'])))
    return 'reused'
  const at = (...names: string[]) =>
    Date.parse(names.map((name) => textOf(properties[name])).find((t) => t !== '') ?? '')
  const seconds = (at('endTimeUtc', 'endTime') - at('startTimeUtc', 'startTime')) / 1000
  return Number.isFinite(seconds) ? `${seconds.toFixed(1)} s` : ''
}

function markOf(io: Io, status: string): string {
  if (/^Completed$/i.test(status)) return paint(io, 'green', '✓')
  if (/^(Failed|NotResponding)$/i.test(status)) return paint(io, 'red', '✗')
  if (/^Canceled$/i.test(status)) return paint(io, 'yellow', '○')
  return '●'
}
