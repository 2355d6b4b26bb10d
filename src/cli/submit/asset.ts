import { dirname, resolve } from 'node:path'
import type { Client } from '../client/client.ts'
import { usage } from '../failure.ts'
import type { Io } from '../io.ts'
import type { Kind, kinds } from '../yaml/kinds.ts'
import { settle } from '../yaml/problem.ts'
import type { Problem } from '../yaml/problem.ts'
import { readShape } from '../yaml/shape.ts'
import type { Infer, Shape } from '../yaml/shape.ts'
import { disk } from '../yaml/disk.ts'
import { parseSource } from '../yaml/source.ts'
import type { Source } from '../yaml/source.ts'
import { prepare } from './prepare.ts'
import type { Prepared } from './prepare.ts'

/** What a file and flags say together, checked. Flags win. */
export interface Asset<T> {
  readonly value: T
  readonly source: Source
  /** Folder that relative paths are relative to. */
  readonly folder: string
  /** Undefined if there was no file. */
  readonly prepared: Prepared<T> | undefined
}

export interface AssetFlags {
  readonly file?: string | undefined
  readonly name?: string | undefined
  readonly version?: string | undefined
  readonly description?: string | undefined
  readonly tags?: readonly string[] | undefined
  readonly set?: readonly string[] | undefined
}

/**
 * Reads a resource from `--file` and the flags that stand for its fields, or from flags alone. Everything is checked as
 * if it stood in the file; throws all problems together.
 */
export async function readAsset<K extends Kind>(
  client: () => Promise<Client>,
  io: Io,
  flags: AssetFlags,
  kind: K,
  fields: Readonly<Record<string, string | number | undefined>> = {},
): Promise<Asset<Infer<(typeof kinds)[K]>>> {
  type T = Infer<(typeof kinds)[K]>
  const sets = flagSets(flags, fields)
  if (flags.file !== undefined) {
    const { isLocalPath } = await import('../yaml/checks/check.ts')
    const { path } = fields
    // A path on the command line is relative to where the command runs, not to the file.
    const absolute = typeof path === 'string' && isLocalPath(path) ? [`path=${resolve(io.cwd, path)}`] : []
    const prepared = (await prepare(client, io, flags.file, {
      kinds: [kind],
      sets: [...sets, ...absolute],
    })) as unknown as Prepared<T>
    const { value, source } = prepared.loaded
    return { value, source, folder: dirname(resolve(io.cwd, flags.file)), prepared }
  }
  if (flags.name === undefined)
    throw usage('what is to be created?', '--file FILE, or --name and the other flags')
  const { applySets } = await import('../yaml/set.ts')
  const { kinds: shapes } = await import('../yaml/kinds.ts')
  const source = parseSource('{}', 'the command line', io.cwd, disk)
  applySets(source.document, sets)
  const problems: Problem[] = []
  const value = readShape(shapes[kind] as unknown as Shape<T>, source, problems)
  settle(problems, io)
  return { value: value as T, source, folder: io.cwd, prepared: undefined }
}

/** Flags as the changes to the file that they are. */
function flagSets(
  flags: AssetFlags,
  fields: Readonly<Record<string, string | number | undefined>>,
): readonly string[] {
  const { name, version, description } = flags
  const given = Object.entries({ ...fields, name, version, description }).filter(([, v]) => v !== undefined)
  return [
    ...given.map(([field, value]) => `${field}=${value}`),
    ...(flags.tags ?? []).map((tag) => `tags.${tag}`),
    ...(flags.set ?? []),
  ]
}
