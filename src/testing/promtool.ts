import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * Path of Prometheus' promtool: this machine's, or that of Debian's package `prometheus`, unpacked on first use below
 * TWINLOOP_TEST_CACHE. Undefined where there is neither.
 */
export function promtool(): string | undefined {
  if (spawnSync('promtool', ['--version']).status === 0) return 'promtool'
  const cache = join(
    process.env['TWINLOOP_TEST_CACHE'] ?? join(tmpdir(), 'twinloop-test-cache'),
    'prometheus',
  )
  const program = join(cache, 'usr', 'bin', 'promtool')
  if (existsSync(program)) return program
  mkdirSync(cache, { recursive: true })
  const options = { cwd: cache, stdio: 'ignore', timeout: 60_000 } as const
  if (spawnSync('apt-get', ['download', 'prometheus'], options).status !== 0) return undefined
  const file = readdirSync(cache).find((name) => name.endsWith('.deb'))
  if (file === undefined) return undefined
  execFileSync('dpkg-deb', ['-x', file, '.'], options)
  return existsSync(program) ? program : undefined
}
