import { childId } from '../../kernel/resources/arm-id.ts'
import { UserError } from '../../kernel/errors.ts'
import type { Platform } from '../../kernel/platform.ts'
import type { Json, Resource } from '../../kernel/resources/resource.ts'
import type { JobOutput } from '../jobs/io.ts'
import type { Job } from '../jobs/job.ts'

/**
 * Makes a data asset or a model of an output that asks for a name; answers its id. Made once however often it is asked
 * for: a version that this job made of this place is taken as it is.
 */
export async function registerOutput(
  job: Job,
  name: string,
  output: JobOutput,
  uri: string,
  platform: Platform,
): Promise<string | undefined> {
  if (output.assetName === undefined) return undefined
  const isModel = output.type.endsWith('_model')
  const container = childId(
    job.id.slice(0, job.id.lastIndexOf('/jobs/')),
    isModel ? 'models' : 'data',
    output.assetName,
  )
  const type = isModel ? 'workspaces/models/versions' : 'workspaces/data/versions'
  const place = isModel ? 'properties.modelUri' : 'properties.dataUri'
  const made = await platform.resources.list({
    type,
    parent: container,
    view: 'all',
    where: { [place]: uri },
  })
  if (made[0] !== undefined) return made[0].id
  const properties: Json = isModel
    ? { modelType: output.type, modelUri: uri, jobName: job.name, properties: { outputName: name } }
    : { dataType: output.type, dataUri: uri, properties: { jobName: job.name, outputName: name } }
  for (let tries = 0; ; tries++) {
    const version = output.assetVersion ?? (await nextVersion(platform, type, container))
    const id = childId(container, 'versions', version)
    try {
      const { resource } = await platform.resources.put(
        platform.identity('training'),
        id,
        { properties },
        { ifNoneMatch: '*' },
      )
      return resource.id
    } catch (error) {
      // Somebody took this number in the same moment; the next one is free.
      const taken = error instanceof UserError && [409, 412].includes(error.kind.status)
      if (!taken || output.assetVersion !== undefined || tries >= 10) throw error
    }
  }
}

async function nextVersion(platform: Platform, type: string, parent: string): Promise<string> {
  const versions: readonly Resource[] = await platform.resources.list({
    type,
    parent,
    view: 'all',
    top: 100_000,
  })
  const numbers = versions.map((v) => Number(v.name)).filter((n) => Number.isInteger(n) && n > 0)
  return String(Math.max(0, ...numbers) + 1)
}
