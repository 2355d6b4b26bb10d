import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Compute } from '../../../compute/compute.ts'
import { errors } from '../../../kernel/errors.ts'
import { lastWords } from './build-log.ts'
import { makeOnce } from './make-once.ts'

const installer = fileURLToPath(new URL('../../../../python/install_uv.py', import.meta.url))

/** The oldest uv that knows every option we use. */
const oldest = [0, 5] as const

/**
 * The command of an uv that is recent enough: the one on PATH, or else one that is installed below `folder` once, by
 * the pip of `python`. Throws unavailable with pip's own words if neither can be had.
 */
export async function findUv(options: {
  readonly compute: Compute
  readonly folder: string
  readonly python: string
  readonly onPath?: string
}): Promise<string> {
  const { compute, folder, python, onPath = 'uv' } = options
  if (await isRecent(onPath)) return onPath
  const made = await makeOnce<{ readonly uv: string }>({
    compute,
    folder: join(folder, 'uv'),
    name: 'install-uv',
    command: ({ folder, marker }) => Promise.resolve([python, '-I', installer, folder, marker]),
  })
  if (made.ready) return made.marker.uv
  throw errors.unavailable(
    `uv, which builds Python environments, is not on PATH and cannot be installed: ${await lastWords(made)}`,
  )
}

async function isRecent(command: string): Promise<boolean> {
  try {
    const { stdout } = await promisify(execFile)(command, ['--version'])
    const [major = 0, minor = 0] = /(\d+)\.(\d+)/.exec(stdout)?.slice(1).map(Number) ?? []
    return major > oldest[0] || (major === oldest[0] && minor >= oldest[1])
  } catch {
    return false
  }
}
