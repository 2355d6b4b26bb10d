import type { Client } from '../client/client.ts'
import { Failure } from '../failure.ts'
import type { Io } from '../io.ts'
import { wantedBy } from '../references/collect.ts'
import { resolveAll } from '../references/resolve.ts'
import type { Resolved } from '../references/resolve.ts'
import { checkLoaded } from '../yaml/checks/check.ts'
import type { Followed } from '../yaml/checks/check.ts'
import type { Kind, kinds } from '../yaml/kinds.ts'
import { loadFile } from '../yaml/load-file.ts'
import type { Loaded } from '../yaml/load.ts'
import { settle } from '../yaml/problem.ts'
import type { Problem } from '../yaml/problem.ts'
import type { Infer } from '../yaml/shape.ts'

/** A file that has no problems, with all that it refers to found. */
export interface Prepared<T> {
  readonly loaded: Loaded<T>
  readonly followed: Followed
  readonly resolved: Resolved
}

/**
 * Reads a file, checks it and looks up what it refers to at the server, before anything is created. Throws all problems
 * of all kinds together.
 */
export async function prepare<K extends Kind>(
  client: () => Promise<Client>,
  io: Io,
  file: string,
  options: { readonly kinds: readonly K[]; readonly sets?: readonly string[] },
): Promise<Prepared<Infer<(typeof kinds)[K]>>> {
  const problems: Problem[] = []
  const loaded = await loadFile(file, io.cwd, problems, options.kinds, options.sets ?? [])
  const followed = loaded === undefined ? {} : await checkLoaded(loaded, problems)
  if (loaded === undefined || loaded.errors.length > 0) {
    settle(problems, io)
    throw new Failure(`${file} has problems`)
  }
  let resolved: Resolved
  try {
    resolved = await resolveAll(await client(), wantedBy(loaded, followed), problems)
  } catch (error) {
    // Without a server, what is wrong with the file is still worth saying first.
    settle(problems, io)
    throw error
  }
  settle(problems, io)
  return { loaded, followed, resolved }
}
