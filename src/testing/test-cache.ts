import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/**
 * The interpreter of a virtual environment with these packages, made on first use below TWINLOOP_TEST_CACHE and kept
 * there for the next run.
 */
export async function pythonWith(name: string, packages: readonly string[]): Promise<string> {
  const folder = await kept(name, async (building) => {
    await run('python3', ['-m', 'venv', building])
    await run(join(building, 'bin', 'python'), ['-m', 'pip', 'install', '--quiet', ...packages])
    nameInterpreter(join(building, 'bin'), building, building.replace(/\.\d+$/, ''))
  })
  return join(folder, 'bin', 'python')
}

/** Programs of a virtual environment begin with the path of its interpreter, which is another once it has been moved. */
function nameInterpreter(bin: string, was: string, is: string): void {
  for (const entry of readdirSync(bin, { withFileTypes: true })) {
    const path = join(bin, entry.name)
    const text = entry.isFile() ? readFileSync(path, 'latin1') : ''
    if (text.startsWith(`#!${was}`)) writeFileSync(path, text.replace(was, is), 'latin1')
  }
}

/** The `node_modules` folder with this package in it (`azurite@3.37.0`), installed on first use and kept likewise. */
export async function nodePackage(specifier: string): Promise<string> {
  const folder = await kept(specifier.replaceAll('@', '-'), async (building) => {
    mkdirSync(building)
    await run('npm', ['install', '--silent', '--no-audit', '--no-fund', '--prefix', building, specifier])
  })
  return join(folder, 'node_modules')
}

/** The folder that a package of Debian is unpacked in, downloaded on first use and kept likewise. Rejects without apt. */
export const debianPackage = (name: string): Promise<string> =>
  kept(`debian-${name}`, (building) => withLists(building, (lists) => download([name], building, lists)))

/**
 * The same with all that a package depends on and this machine has not installed. Nothing is installed by it.
 */
export const debianPackages = (folder: string, names: readonly string[]): Promise<string> =>
  kept(`debian-${folder}`, (building) =>
    withLists(building, async (lists) => {
      const words = ['install', '--simulate', '--no-install-recommends', ...lists, ...names]
      const { stdout } = await run('apt-get', words)
      const missing = [...stdout.matchAll(/^Inst (\S+)/gm)].map(([, name = '']) => name)
      await download(missing, building, lists)
    }),
  )

/** A machine that nobody has asked for packages yet has no lists of them: it is tried again with some of its own. */
async function withLists(building: string, use: (options: readonly string[]) => Promise<void>) {
  mkdirSync(building)
  try {
    await use([])
  } catch {
    const lists = join(building, 'lists')
    const options = ['-o', `Dir::State::lists=${lists}`]
    mkdirSync(join(lists, 'partial'), { recursive: true })
    await run('apt-get', ['update', ...options])
    await use(options)
    rmSync(lists, { recursive: true, force: true })
  }
}

async function download(names: readonly string[], folder: string, options: readonly string[]): Promise<void> {
  await run('apt-get', ['download', ...options, ...names], { cwd: folder })
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.deb'))) {
    await run('dpkg-deb', ['-x', file, '.'], { cwd: folder })
    rmSync(join(folder, file))
  }
}

async function kept(name: string, build: (folder: string) => Promise<void>): Promise<string> {
  const cache = process.env['TWINLOOP_TEST_CACHE'] ?? join(tmpdir(), 'twinloop-test-cache')
  const folder = join(cache, name)
  if (existsSync(folder)) return folder
  mkdirSync(cache, { recursive: true })
  // Built beside and then moved in one step, so that a run that is killed leaves nothing half-made.
  const building = `${folder}.${process.pid}`
  rmSync(building, { recursive: true, force: true })
  await build(building)
  if (!existsSync(folder)) renameSync(building, folder)
  return folder
}
