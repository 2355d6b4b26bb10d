import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { debianPackage } from './test-cache.ts'
import { freePort } from './postgres.ts'

/** Folder of Prometheus' programs: '' where they are on the PATH, else Debian's package. Undefined where there is neither. */
async function programs(): Promise<string | undefined> {
  if (spawnSync('promtool', ['--version']).status === 0) return ''
  const folder = await debianPackage('prometheus').catch(() => undefined)
  return folder && join(folder, 'usr', 'bin')
}

/** Path of promtool; undefined where there is none. */
export async function promtool(): Promise<string | undefined> {
  const folder = await programs()
  return folder === undefined ? undefined : join(folder, 'promtool')
}

/** A real Prometheus that scrapes `host:port` every second. */
export interface Prometheus {
  /** The value of an expression that has one, as soon as it has. */
  value(expression: string): Promise<number>
  end(): Promise<void>
}

/** Starts a Prometheus that scrapes this target's `/metrics`; undefined where there is none to start. */
export async function startPrometheus(target: string): Promise<Prometheus | undefined> {
  const found = await programs()
  if (found === undefined) return undefined
  const folder = mkdtempSync(join(tmpdir(), 'twinloop-prometheus-'))
  const config = join(folder, 'prometheus.yml')
  writeFileSync(
    config,
    `global: { scrape_interval: 1s }\nscrape_configs: [{ job_name: twinloop, static_configs: [{ targets: ['${target}'] }] }]\n`,
  )
  const port = await freePort()
  const child = spawn(
    join(found, 'prometheus'),
    [
      `--config.file=${config}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ],
    { stdio: 'ignore' },
  )
  const ended = once(child, 'exit')
  return {
    async value(expression) {
      for (;;) {
        const address = `http://127.0.0.1:${port}/api/v1/query?query=${encodeURIComponent(expression)}`
        const answer = await fetch(address).catch(() => undefined)
        const body = answer?.ok === true ? ((await answer.json()) as Answer) : undefined
        const [, value] = body?.data.result[0]?.value ?? []
        if (value !== undefined) return Number(value)
        if (child.exitCode !== null) throw new Error(`Prometheus ended with ${child.exitCode}`)
        await new Promise((resolve) => void setTimeout(resolve, 100))
      }
    },
    async end() {
      child.kill('SIGTERM')
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

interface Answer {
  readonly data: { readonly result: readonly { readonly value: readonly [time: number, value: string] }[] }
}
