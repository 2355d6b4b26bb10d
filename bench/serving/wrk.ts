import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { debianPackage } from '../../src/testing/test-cache.ts'

/** What `wrk` saw of a server; latency in milliseconds. */
export interface Seen {
  readonly perSecond: number
  readonly p50: number
  readonly p99: number
  readonly sent: number
  readonly failed: number
  /** Share of the time that the client's only thread worked: near 1, it would be the client that is measured. */
  readonly clientBusy: number
}

export interface Target {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
}

/**
 * Closed loop by `wrk` (Debian's package, kept below TWINLOOP_TEST_CACHE), which is C and so leaves nearly all of the
 * machine to the server: `connections` connections, each sending its next request when it has its answer.
 */
export async function wrk(
  { url, headers }: Target,
  body: string,
  { connections, seconds, folder }: { connections: number; seconds: number; folder: string },
): Promise<Seen> {
  const script = join(folder, 'wrk.lua')
  const lines = Object.entries({ 'content-type': 'application/json', ...headers }).map(
    ([name, value]) => `wrk.headers[${JSON.stringify(name)}] = ${JSON.stringify(value)}`,
  )
  writeFileSync(script, `wrk.method = 'POST'\nwrk.body = [==[${body}]==]\n${lines.join('\n')}\n${report}`)
  const installed = [await debianPackage('wrk'), await debianPackage('libluajit-5.1-2')]
  const libraries = installed.map((root) => join(root, 'usr/lib', `${machine}-linux-gnu`)).join(':')
  const args = ['-t1', `-c${connections}`, `-d${seconds}s`, '--timeout', '30s', '-s', script, url]
  const { stdout } = await promisify(execFile)(join(installed[0] ?? '', 'usr/bin/wrk'), args, {
    env: { ...process.env, LD_LIBRARY_PATH: libraries },
  })
  const said = /^seen (.*)$/m.exec(stdout)?.[1]
  if (said === undefined) throw new Error(`wrk said: ${stdout}`)
  const [requests = 0, micros = 1, p50 = 0, p99 = 0, failed = 0, cpu = 0] = said.split(' ').map(Number)
  const elapsed = micros / 1e6
  return {
    perSecond: (requests - failed) / elapsed,
    p50: p50 / 1000,
    p99: p99 / 1000,
    sent: requests,
    failed,
    clientBusy: cpu / elapsed,
  }
}

const machine = process.arch === 'arm64' ? 'aarch64' : 'x86_64'

const report = `
function done(summary, latency, requests)
  local e = summary.errors
  local failed = e.status + e.connect + e.read + e.write + e.timeout
  print(string.format('seen %d %d %f %f %d %f', summary.requests, summary.duration,
    latency:percentile(50), latency:percentile(99), failed, os.clock()))
end
`
