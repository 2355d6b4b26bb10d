import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Failure } from '../failure.ts'
import type { Io } from '../io.ts'
import type { Settings } from '../settings.ts'
import { makeClient } from './client.ts'
import type { Client } from './client.ts'

/** What a running server says of itself in `{home}/server.json`. */
export interface ServerFile {
  readonly pid: number
  readonly http: string
  readonly https: string
  readonly gateway: string
}

export interface Scope {
  readonly subscription?: string | undefined
  readonly resourceGroup?: string | undefined
  readonly workspaceName?: string | undefined
}

/**
 * A client of the server that `TWINLOOP_URL` names (with `TWINLOOP_TOKEN`), or else of the one of this home folder.
 * Throws a Failure that says how to start or reach one if there is none.
 */
export async function connect(io: Io, settings: Settings, scope: Scope, debug: boolean): Promise<Client> {
  const { url, token } = await locate(io.env, settings.home)
  const { defaults } = settings
  return makeClient({
    url,
    token,
    subscription: scope.subscription ?? defaults.subscription ?? '00000000-0000-0000-0000-000000000001',
    resourceGroup: scope.resourceGroup ?? defaults.group ?? 'twinloop',
    workspace: scope.workspaceName ?? defaults.workspace ?? 'dev',
    signal: io.signal,
    ...(debug ? { trace: (line: string) => io.stderr(`${line}\n`) } : {}),
  })
}

/** The address and token to use; see `connect`. */
export async function locate(env: NodeJS.ProcessEnv, home: string): Promise<{ url: string; token: string }> {
  const remote = env['TWINLOOP_URL']
  const url =
    remote === undefined || remote === '' ? (await readServerFile(home))?.http : remote.replace(/\/+$/, '')
  if (url === undefined)
    throw new Failure(`no Twinloop server is running (there is no ${join(home, 'server.json')})`, {
      hint: 'start one: twinloop up --detach; or set TWINLOOP_URL and TWINLOOP_TOKEN for one elsewhere',
    })
  // CI sets a variable without a value where there is no such secret.
  const token = env['TWINLOOP_TOKEN'] || (await readToken(home))
  if (token === undefined)
    throw new Failure(`there is no token for ${url}`, {
      hint: 'set TWINLOOP_TOKEN, or: twinloop login --token TOKEN',
    })
  return { url, token }
}

/** What the server of this home folder wrote when it was ready, or undefined. It may have died since. */
export async function readServerFile(home: string): Promise<ServerFile | undefined> {
  try {
    return JSON.parse(await readFile(join(home, 'server.json'), 'utf8')) as ServerFile
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT' || error instanceof SyntaxError) return undefined
    throw error
  }
}

/** The administrator's token of this home folder, or undefined. */
export async function readToken(home: string): Promise<string | undefined> {
  try {
    return (await readFile(join(home, 'token'), 'utf8')).trim()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}
