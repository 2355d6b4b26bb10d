import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { debianPackage } from './test-cache.ts'
import { freePort } from './postgres.ts'

/** Folder of a program: '' where it is on the PATH, else in Debian's package. Undefined where there is neither. */
async function programs(name: string, program: string): Promise<string | undefined> {
  if (spawnSync(program, ['--version']).status === 0) return ''
  const folder = await debianPackage(name).catch(() => undefined)
  return folder && join(folder, 'usr', 'bin')
}

/** Path of promtool; undefined where there is none. */
export async function promtool(): Promise<string | undefined> {
  const folder = await programs('prometheus', 'promtool')
  return folder === undefined ? undefined : join(folder, 'promtool')
}

/** A real Prometheus that scrapes `host:port` every second. */
export interface Prometheus {
  /** The value of an expression that has one, as soon as it has. */
  value(expression: string): Promise<number>
  end(): Promise<void>
}

/**
 * Starts a Prometheus that scrapes this target's `/metrics`, with this token and these rules; undefined where there is none
 * to start.
 */
export async function startPrometheus(
  target: string,
  { token, rules }: { readonly token?: string; readonly rules?: string } = {},
): Promise<Prometheus | undefined> {
  const found = await programs('prometheus', 'promtool')
  if (found === undefined) return undefined
  const folder = mkdtempSync(join(tmpdir(), 'twinloop-prometheus-'))
  const config = join(folder, 'prometheus.yml')
  const job = {
    job_name: 'twinloop',
    static_configs: [{ targets: [target] }],
    ...(token === undefined ? {} : { authorization: { credentials: token } }),
  }
  if (rules !== undefined) writeFileSync(join(folder, 'rules.yml'), rules)
  writeFileSync(
    config,
    // What is JSON is YAML.
    JSON.stringify({
      global: { scrape_interval: '1s', evaluation_interval: '1s' },
      scrape_configs: [job],
      ...(rules === undefined ? {} : { rule_files: ['rules.yml'] }),
    }),
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

/** A real Alertmanager, which tells nobody. */
export interface Alertmanager {
  readonly url: string
  /** The alerts that it knows, as soon as `done` holds of them. */
  alerts(done: (alerts: readonly KnownAlert[]) => boolean): Promise<readonly KnownAlert[]>
  end(): Promise<void>
}

export interface KnownAlert {
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
  readonly startsAt: string
  readonly endsAt: string
  readonly generatorURL: string
}

/** Starts an Alertmanager; undefined where there is none to start. */
export async function startAlertmanager(): Promise<Alertmanager | undefined> {
  const found = await programs('prometheus-alertmanager', 'prometheus-alertmanager')
  if (found === undefined) return undefined
  const folder = mkdtempSync(join(tmpdir(), 'twinloop-alertmanager-'))
  const config = join(folder, 'alertmanager.yml')
  writeFileSync(config, JSON.stringify({ route: { receiver: 'nobody' }, receivers: [{ name: 'nobody' }] }))
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  // Debian's reads its templates below /usr/share, wherever it was unpacked: a mount of its own has them there.
  const share = join(found, '..', 'share')
  const mounted = `mount -t overlay overlay -o lowerdir=/usr/share:${share} /usr/share && exec "$@"`
  const command = [
    ...(found === '' ? [] : ['unshare', '--map-root-user', '--mount', 'sh', '-c', mounted, 'sh']),
    join(found, 'prometheus-alertmanager'),
    `--config.file=${config}`,
    `--storage.path=${join(folder, 'data')}`,
    `--web.listen-address=127.0.0.1:${port}`,
    '--cluster.listen-address=',
  ]
  const child = spawn(command[0] ?? '', command.slice(1), { stdio: 'ignore' })
  const ended = once(child, 'exit')
  const known = async () => {
    const answer = await fetch(`${url}/api/v2/alerts`).catch(() => undefined)
    return answer?.ok === true ? ((await answer.json()) as readonly KnownAlert[]) : undefined
  }
  const until = async (done: (alerts: readonly KnownAlert[]) => boolean) => {
    for (;;) {
      const alerts = await known()
      if (alerts !== undefined && done(alerts)) return alerts
      if (child.exitCode !== null) throw new Error(`Alertmanager ended with ${child.exitCode}`)
      await new Promise((resolve) => void setTimeout(resolve, 100))
    }
  }
  await until(() => true)
  return {
    url,
    alerts: until,
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
