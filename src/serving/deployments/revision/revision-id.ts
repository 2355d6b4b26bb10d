import { createHash } from 'node:crypto'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { stableJson } from '../../../kernel/resources/row.ts'
import type { Resource } from '../../../kernel/resources/resource.ts'
import { scriptCollections } from '../../collection/settings.ts'
import { shortHash } from '../../routing/folders.ts'
import type { DeploymentProperties } from '../settings.ts'

/** Changes when, and only when, a deployment's processes have to be other ones. */
export function revisionId({ properties }: Resource<DeploymentProperties>): string {
  const { model, codeConfiguration, environmentId, environmentVariables, dataCollector } = properties
  // A script is told what it may collect when it starts.
  const collections = [...scriptCollections(dataCollector, !!codeConfiguration)]
  const told = collections.length === 0 ? {} : { collections }
  const made = { model, codeConfiguration, environmentId, environmentVariables, ...told }
  return shortHash(stableJson({ ...made, programs: programs() }))
}

/** True if a file's name is that of a revision's folder. */
export const isRevisionId = (name: string): boolean => /^[0-9a-f]{12}$/.test(name)

const here = fileURLToPath(new URL('.', import.meta.url))
const python = fileURLToPath(new URL('../../../../python', import.meta.url))

let known: string | undefined

/**
 * Names what prepares a revision and what runs in its processes. Another Twinloop prepares what it finds anew and
 * brings it up beside what serves: so an upgrade reaches every deployment, and nothing depends on what was on record.
 */
function programs(): string {
  if (known !== undefined) return known
  const files = [
    ...globSync('*.{ts,js}', { cwd: here }).map((name) => join(here, name)),
    ...globSync(['runtime.py', 'twinloop_runtime/*.py'], { cwd: python }).map((name) => join(python, name)),
  ]
  const digest = createHash('sha256')
  for (const file of files.filter((name) => !name.includes('.test.')).toSorted())
    digest.update(readFileSync(file))
  return (known = digest.digest('hex'))
}
