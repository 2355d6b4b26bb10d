import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { Failure, messageOf } from './failure.ts'

/** What is kept between commands in `{home}/config.json`, as `az configure --defaults` writes it. */
export interface Settings {
  readonly home: string
  readonly defaults: Defaults
}

export interface Defaults {
  readonly group?: string
  readonly workspace?: string
  readonly subscription?: string
  readonly output?: string
}

/** The server's home folder: `TWINLOOP_HOME`, or `.twinloop` in the user's own. */
export function homeOf(env: NodeJS.ProcessEnv): string {
  return env['TWINLOOP_HOME'] ?? join(homedir(), '.twinloop')
}

/** Reads the defaults: variables of Twinloop, then az's own variables, then the file; a missing file is empty. */
export async function readSettings(env: NodeJS.ProcessEnv): Promise<Settings> {
  const home = homeOf(env)
  const file = await readDefaults(home)
  return {
    home,
    defaults: strip({
      group: env['TWINLOOP_RESOURCE_GROUP'] ?? env['AZURE_DEFAULTS_GROUP'] ?? file.group,
      workspace: env['TWINLOOP_WORKSPACE'] ?? env['AZURE_DEFAULTS_WORKSPACE'] ?? file.workspace,
      subscription: env['TWINLOOP_SUBSCRIPTION'] ?? file.subscription,
      output: env['AZURE_CORE_OUTPUT'] ?? file.output,
    }),
  }
}

/** Merges into the file, all or nothing; an empty value removes a default. Returns the defaults there are now. */
export async function writeDefaults(
  home: string,
  changes: Readonly<Record<string, string>>,
): Promise<Defaults> {
  const merged = { ...(await readDefaults(home)), ...changes }
  const defaults = Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== ''))
  const path = configPath(home)
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  await writeFile(`${path}.new`, `${JSON.stringify({ defaults }, undefined, 2)}\n`)
  await rename(`${path}.new`, path)
  return defaults
}

async function readDefaults(home: string): Promise<Defaults> {
  let text: string
  try {
    text = await readFile(configPath(home), 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {}
    throw error
  }
  try {
    return (JSON.parse(text) as { defaults?: Defaults }).defaults ?? {}
  } catch (error) {
    throw new Failure(`${configPath(home)} is not JSON: ${messageOf(error)}`, { hint: 'mend or remove it' })
  }
}

const configPath = (home: string) => join(home, 'config.json')

function strip(values: Readonly<Record<string, string | undefined>>): Defaults {
  return Object.fromEntries(Object.entries(values).filter(([, v]) => v !== undefined && v !== ''))
}
