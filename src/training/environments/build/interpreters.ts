import { execFile } from 'node:child_process'
import { readdir } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { errors } from '../../../kernel/errors.ts'
import { admits, isPossible, parseMinor } from '../packages/python-version.ts'

const run = promisify(execFile)

/** A Python that is on this machine. */
export interface Interpreter {
  readonly path: string
  /** e.g. `3.11.7` */
  readonly version: string
}

/** The interpreter to use, and what to tell if it is not what was asked for. */
export interface Choice extends Interpreter {
  readonly note?: string
}

/**
 * Chooses an interpreter for PEP 440 specifiers: the machine's own if it fits, else the newest other that does, else
 * the machine's own with a note. Throws a validation error if no Python 3 could ever fit.
 */
export async function chooseInterpreter(
  specifiers: string,
  own: Interpreter,
  others: () => Promise<readonly Interpreter[]>,
): Promise<Choice> {
  const fits = ({ version }: Interpreter) => {
    const minor = parseMinor(version)
    return minor !== undefined && admits(specifiers, minor)
  }
  if (fits(own)) return own
  if (!isPossible(specifiers))
    throw errors.validation(`No Python 3 fits python${specifiers}; this machine has ${own.version}.`, {
      target: 'properties.condaFile',
    })
  const found = (await others()).filter(fits).sort((a, b) => compareVersions(b.version, a.version))[0]
  if (found) return found
  return {
    ...own,
    note: `python${specifiers} is asked for, which is not on this machine: Python ${own.version} is used in its place.`,
  }
}

/** The Python behind a command such as `python3`. Throws unavailable if there is none. */
export async function interpreterOf(command: string): Promise<Interpreter> {
  const program = 'import sys; print(sys.executable); print("%d.%d.%d" % sys.version_info[:3])'
  const { stdout } = await run(command, ['-I', '-S', '-c', program]).catch((error: unknown) => {
    throw errors.unavailable(`This machine's Python, ${command}, does not run: ${String(error)}`)
  })
  const [path = '', version = ''] = stdout.trim().split('\n')
  return { path, version }
}

/** The Pythons that uv knows (on PATH, or installed by it) and pyenv's. */
export async function listInterpreters(uv: string): Promise<readonly Interpreter[]> {
  const listed = await run(
    uv,
    ['python', 'list', '--only-installed', '--no-python-downloads', '--output-format', 'json'],
    {
      maxBuffer: 16 * 1024 * 1024,
    },
  ).catch(() => ({ stdout: '[]' }))
  const known = JSON.parse(listed.stdout) as readonly {
    path: string | null
    version: string
    implementation: string
  }[]
  const versions = join(process.env['PYENV_ROOT'] ?? join(homedir(), '.pyenv'), 'versions')
  const names = await readdir(versions).catch(() => [])
  return [
    ...known.flatMap(({ path, version, implementation }) =>
      path !== null && implementation === 'cpython' ? [{ path, version }] : [],
    ),
    ...names
      .filter((name) => /^\d+\.\d+\.\d+$/.test(name))
      .map((name) => ({ path: join(versions, name, 'bin', 'python'), version: name })),
  ]
}

function compareVersions(a: string, b: string): number {
  const [x, y] = [a.split('.').map(Number), b.split('.').map(Number)]
  for (let i = 0; i < 3; i++) {
    const order = (x[i] ?? 0) - (y[i] ?? 0)
    if (order !== 0) return order
  }
  return 0
}
