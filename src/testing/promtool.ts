import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { debianPackage } from './test-cache.ts'

/** Path of Prometheus' promtool: this machine's, or that of Debian's package. Undefined where there is neither. */
export async function promtool(): Promise<string | undefined> {
  if (spawnSync('promtool', ['--version']).status === 0) return 'promtool'
  const folder = await debianPackage('prometheus').catch(() => undefined)
  return folder && join(folder, 'usr', 'bin', 'promtool')
}
