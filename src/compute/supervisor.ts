import { execFile, spawn } from 'node:child_process'
import { closeSync, constants, open as openFile, read } from 'node:fs'
import { open, readFile } from 'node:fs/promises'
import { Socket } from 'node:net'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { machineName } from './machine.ts'
import { hasCode } from './record.ts'

/** A bare descriptor: a handle would close it when collected. */
const openDescriptor = promisify(openFile)
const readDescriptor = promisify(read)
const program = fileURLToPath(new URL('../../python/supervisor.py', import.meta.url))

/**
 * Starts a supervisor for the record in `folder`, detached, and resolves when one is in charge of it: this one, or
 * another that was first, or one that has already done its work. Throws with the reason if it cannot start.
 */
export async function launchSupervisor(python: string, folder: string): Promise<void> {
  const machine = await machineName()
  await using log = await open(join(folder, 'log'), 'a', 0o600)
  const child = spawn(python, ['-I', '-S', program, folder, machine], {
    detached: true,
    stdio: ['ignore', 'pipe', log.fd],
    env: supervisorEnvironment(),
    cwd: '/',
  })
  const answer = child.stdout as Readable
  const acknowledged = await new Promise<boolean>((resolve, reject) => {
    child.once('error', (error) => reject(new Error(`${python} cannot be started: ${error.message}`)))
    answer.once('data', () => resolve(true)).once('end', () => resolve(false))
  })
  answer.destroy()
  child.unref()
  if (acknowledged) return
  const said = (await readFile(join(folder, 'log'), 'utf8')).trim().split('\n').at(-1)
  throw new Error(`The supervisor of ${folder} did not start: ${said || 'it said nothing'}`)
}

/** Resolves when no supervisor holds the record (any more); at once if none does. Rejects if aborted. */
export async function supervisorGone(folder: string, signal?: AbortSignal): Promise<void> {
  let fd
  try {
    fd = await openDescriptor(join(folder, 'alive'), constants.O_RDONLY | constants.O_NONBLOCK)
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return
    throw error
  }
  // Had the last holder left before we came, polling would never tell; reading does: end of file rather than EAGAIN.
  if (!(await hasWriter(fd))) return closeSync(fd)
  const pipe = new Socket({ fd, readable: true, writable: false })
  const abort = () => pipe.destroy()
  signal?.addEventListener('abort', abort)
  if (signal?.aborted) abort()
  try {
    await new Promise<void>((resolve) => pipe.once('close', () => resolve()).resume())
    signal?.throwIfAborted()
  } finally {
    signal?.removeEventListener('abort', abort)
  }
}

async function hasWriter(fd: number): Promise<boolean> {
  try {
    await readDescriptor(fd, Buffer.alloc(1), 0, 1, null)
    return false
  } catch (error) {
    if (hasCode(error, 'EAGAIN')) return true
    closeSync(fd)
    throw error
  }
}

/** The real interpreter behind a command such as `python3`, which may be a slow shim (pyenv, asdf). */
export async function findInterpreter(command: string): Promise<string> {
  const { stdout } = await promisify(execFile)(command, [
    '-I',
    '-S',
    '-c',
    'import sys; print(sys.executable)',
  ])
  return stdout.trim() || command
}

/** Only what an interpreter may need to load at all; the process it starts gets an environment of its own. */
const supervisorEnvironment = () =>
  Object.fromEntries(
    ['PATH', 'LD_LIBRARY_PATH', 'DYLD_LIBRARY_PATH'].flatMap((name) => {
      const value = process.env[name]
      return value === undefined ? [] : [[name, value]]
    }),
  )
