import { mkdir, readFile, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Compute } from '../../../compute/compute.ts'
import { machineVariables } from '../../../compute/pass-through.ts'

/** Something that a process makes once and everybody then shares. */
export interface Making {
  readonly compute: Compute
  /** Where it and the attempts to make it are. */
  readonly folder: string
  /** Begins the ids of the processes that make it. */
  readonly name: string
  /**
   * The command of an attempt, which makes it in `folder` (that is there already) and, last and at once, writes
   * `marker`: a JSON object whose `folder` is that folder.
   */
  readonly command: (attempt: {
    readonly folder: string
    readonly marker: string
  }) => Promise<[string, ...string[]]>
  /** Told which process makes it and where that logs, if it has to be made or is being made. */
  readonly onMaking?: ((making: { readonly process: string; readonly log: string }) => void) | undefined
  readonly signal?: AbortSignal | undefined
}

/** What was made, or why it was not; `log` is what the process that did it said. */
export type Made<M> =
  | { readonly ready: true; readonly marker: M; readonly log: string }
  | { readonly ready: false; readonly reason: string; readonly log: string }

/** Seconds after which an attempt is given up. */
const patience = 3600

/**
 * Makes it if nobody has, or waits for who is making it; any number of callers in any number of servers make it once.
 *
 * Attempts are numbered, each in a folder of its own, and each is a process of `compute` under an id of its own: whoever
 * comes while one runs joins it (also after the server was killed), and whoever comes after a failed one starts the
 * next. What a killed attempt left behind is never looked at again.
 */
export async function makeOnce<M>(making: Making, retries = 1): Promise<Made<M>> {
  const { compute, folder, signal } = making
  const already = await findMade<M>(folder)
  if (already) return already

  await mkdir(folder, { recursive: true })
  let attempt = Math.max(1, ...(await attempts(folder)))
  if ((await compute.inspect(`${making.name}-${attempt}`)).phase === 'exited') {
    // It may have become ready between our two looks.
    const meanwhile = await findMade<M>(folder)
    if (meanwhile) return meanwhile
    attempt++
  }
  const id = `${making.name}-${attempt}`
  const own = join(folder, String(attempt))
  const log = logOf(own)
  await mkdir(own, { recursive: true })
  const argv = await making.command({ folder: own, marker: markerOf(folder) })
  const limits = { timeoutSeconds: patience }
  await compute.start({ id, argv, cwd: own, env: variables(process.env), outputFile: log, limits })
  making.onMaking?.({ process: id, log })
  await forgetBefore(making, attempt)

  const end = await compute.wait(id, signal)
  const made = await findMade<M>(folder)
  if (made) return made
  // Whoever killed it did not mean what it was making.
  if (end.phase === 'exited' && end.reason === 'lost' && retries > 0) return makeOnce(making, retries - 1)
  const reason = end.phase === 'exited' ? (end.message ?? end.reason ?? `exit code ${end.code}`) : end.phase
  return { ready: false, reason, log }
}

/** What was made in this folder, if it was. */
export async function findMade<M>(folder: string): Promise<Extract<Made<M>, { ready: true }> | undefined> {
  const text = await readFile(markerOf(folder), 'utf8').catch(() => undefined)
  if (text === undefined) return undefined
  const marker = JSON.parse(text) as M & { readonly folder: string }
  return { ready: true, marker, log: logOf(marker.folder) }
}

/** Forgets what was made, so that the next who asks makes it again. */
export const unmake = (folder: string): Promise<void> => rm(markerOf(folder), { force: true })

const markerOf = (folder: string) => join(folder, 'ready.json')
const logOf = (attempt: string) => join(attempt, 'log.txt')

async function attempts(folder: string): Promise<readonly number[]> {
  const names = await readdir(folder)
  return names.filter((name) => /^\d+$/.test(name)).map(Number)
}

/** The last but one may still be looked at by who waited for it; those before it are nobody's. */
async function forgetBefore({ compute, folder, name }: Making, attempt: number) {
  for (const old of (await attempts(folder)).filter((n) => n < attempt - 1)) {
    await compute.remove(`${name}-${old}`)
    await rm(join(folder, String(old)), { recursive: true, force: true })
  }
}

/** What uv, pip and git read. */
const variables = (env: NodeJS.ProcessEnv) => ({
  ...machineVariables(env),
  ...Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) =>
      value !== undefined && /^(GIT|SSH)_\w+$/.test(name) ? [[name, value] as const] : [],
    ),
  ),
})
