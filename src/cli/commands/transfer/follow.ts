import { reach } from '../../client/client.ts'
import type { Client, Json } from '../../client/client.ts'
import { RemoteFailure } from '../../client/remote-failure.ts'
import type { Ended } from '../../define-command.ts'
import { Failure } from '../../failure.ts'
import { paint } from '../../io.ts'
import type { Io } from '../../io.ts'
import { textOf } from '../../present/present.ts'
import type { Body } from '../../present/present.ts'

interface Progress {
  readonly rows?: number
  readonly bytes?: number
  readonly parts?: number
  readonly totalRows?: number
}

/**
 * Follows an import or export until it is over: its progress on standard error, on a terminal in one line that changes.
 * The exit code says how it ended; a failure is told with its error.
 */
export async function followTransfer(client: Client, io: Io, path: string): Promise<Ended> {
  const gone = new AbortController()
  const events = await openEvents(client, AbortSignal.any([client.connection.signal, gone.signal]))
  const tell = teller(io)
  try {
    for (;;) {
      const { name = '', properties = {} } = await client.get<Body>(path)
      const isOver = /^(Completed|Failed|Canceled)$/i.test(textOf(properties['status']))
      tell(name, properties, isOver)
      if (isOver) return end(io, name, properties)
      const { done } = await events.read()
      if (done) throw new Failure('the server ended its events', { hint: 'twinloop status tells more' })
    }
  } catch (error) {
    if (!io.signal.aborted) throw error
    throw new Failure('interrupted; it goes on at the server', { exitCode: 130 })
  } finally {
    gone.abort()
  }
}

async function openEvents(client: Client, signal: AbortSignal) {
  const { url, token } = client.connection
  const answer = await reach(client.connection, () =>
    fetch(`${url}${client.workspaceId}/providers/Twinloop/events`, {
      headers: { authorization: `Bearer ${token}` },
      signal,
    }),
  )
  if (!answer.ok || answer.body === null)
    throw new RemoteFailure(answer.status, { message: `the events answered ${answer.status}` })
  return answer.body.getReader()
}

/** Prints what is new: warnings and retries once, progress as it changes. */
function teller(io: Io) {
  const said = new Set<string>()
  let line = ''
  return (name: string, properties: Json, isOver: boolean) => {
    const { progress, lost, warnings, status } = properties as {
      progress?: Progress
      lost?: { message: string; times: number }
      warnings?: readonly string[]
      status?: string
    }
    const once = (text: string) => {
      if (said.has(text)) return
      said.add(text)
      io.stderr(`${io.colour ? '\r\u001B[K' : ''}  ${paint(io, 'yellow', 'warning')} ${text}\n`)
    }
    if (lost !== undefined) once(`${lost.message} It is tried again (${lost.times}).`)
    for (const warning of warnings ?? []) once(warning)
    const now = `● ${name}  ${status ?? ''}  ${amount(progress ?? {})}`.trimEnd()
    if (now === line || isOver) return
    line = now
    io.stderr(io.colour ? `\r\u001B[K${now}` : `${now}\n`)
  }
}

function end(io: Io, name: string, properties: Json): Ended {
  const status = textOf(properties['status'])
  const ok = /^Completed$/i.test(status)
  const mark = ok ? paint(io, 'green', '✓') : paint(io, status === 'Failed' ? 'red' : 'yellow', '✗')
  const made = textOf(properties['assetId']).replace(/^.*\/data\/([^/]+)\/versions\/([^/]+)$/i, '$1:$2')
  const moved = amount(properties['progress'] ?? {})
  const isEmpty = properties['watermark'] !== undefined && moved === ''
  const what = [isEmpty ? `nothing beyond ${textOf(properties['watermark'])}` : '', moved, made].filter(
    (text) => text !== '',
  )
  io.stderr(
    `${io.colour ? '\r\u001B[K' : ''}${mark} ${name}  ${status}${what.map((text) => `  ${text}`).join('')}\n`,
  )
  const error = properties['error'] as { message?: string } | undefined
  if (error?.message !== undefined) io.stderr(`  ${error.message}\n`)
  return { exitCode: ok ? 0 : 1 }
}

/** `1,250,000 of 3,000,000 rows  142.0 MB`; nothing for nothing. */
function amount({ rows = 0, bytes = 0, totalRows }: Progress): string {
  const count = (n: number) => n.toLocaleString('en-US')
  const total = totalRows === undefined || totalRows === rows ? '' : ` of ${count(totalRows)}`
  const parts = [
    rows > 0 || (totalRows ?? 0) > 0 ? `${count(rows)}${total} rows` : '',
    bytes > 0 ? size(bytes) : '',
  ]
  return parts.filter((text) => text !== '').join('  ')
}

const units = ['B', 'kB', 'MB', 'GB', 'TB']
function size(bytes: number): string {
  const power = Math.min(Math.floor(Math.log10(bytes) / 3), units.length - 1)
  return `${(bytes / 1000 ** power).toFixed(power === 0 ? 0 : 1)} ${units[power]}`
}
