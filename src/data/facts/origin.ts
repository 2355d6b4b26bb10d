import type { Actor } from '../../kernel/access/access.ts'
import { parseReference } from '../locations.ts'

/** Where a version of data came from: kept as it was when it was made, shown as `properties.origin`. */
export interface DataOrigin {
  /** `upload` of a client, output of a `job`, `import` by the platform, or a `path` that was registered. */
  readonly kind: 'upload' | 'job' | 'import' | 'path'
  /** Who made the version. */
  readonly by: string
  readonly job?: string
  readonly output?: string
  /** Name of the import. */
  readonly import?: string
}

export function originOf(
  actor: Actor,
  version: {
    readonly uri: string
    readonly run?: string | undefined
    readonly output?: string | undefined
    /** Name of the import that is known to have made it. */
    readonly import?: string | undefined
  },
): DataOrigin {
  const { uri, run, output, import: imported } = version
  const by = actor.name
  if (run !== undefined) return { kind: 'job', by, job: run, ...(output === undefined ? {} : { output }) }
  if (imported !== undefined) return { kind: 'import', by, import: imported }
  const reference = parseReference(uri)
  if (reference.kind === 'jobOutput') return { kind: 'job', by, job: reference.job, output: reference.output }
  if (reference.kind === 'run') return { kind: 'job', by, job: reference.run }
  // Clients of Azure ML upload to a folder of this name, under the content's hash.
  const isUpload = 'path' in reference && reference.path.startsWith('LocalUpload/')
  return { kind: isUpload ? 'upload' : 'path', by }
}
