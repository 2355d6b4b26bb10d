import type { Platform } from '../../../kernel/platform.ts'
import type { Resource } from '../../../kernel/resources/resource.ts'
import { addressOf, isSame } from '../address.ts'
import { addressIn, asRepository, type Repository } from '../repository.ts'
import { repositories } from '../repositories.ts'

/** The commit that a job's files are of, as Azure's SDK and our own command line write it down. */
export interface Origin {
  readonly commit: string
  readonly url: string
  readonly pullRequest: number | undefined
}

/** Where a job comes from; undefined for one that is of no commit. */
export function originOf(job: Resource): Origin | undefined {
  const said = (job.properties['properties'] ?? {}) as Readonly<Record<string, unknown>>
  const commit = said['mlflow.source.git.commit']
  const url = said['mlflow.source.git.repoURL']
  if (typeof commit !== 'string' || !/^[0-9a-f]{7,64}$/.test(commit) || typeof url !== 'string')
    return undefined
  const number = Number(said['twinloop.pullRequest'] ?? Number.NaN)
  return { commit, url, pullRequest: Number.isInteger(number) && number > 0 ? number : undefined }
}

/** The repositories of a workspace at an address that are to be told of things. */
export async function toldOf(
  platform: Platform,
  workspaceId: string,
  url: string,
): Promise<readonly Repository[]> {
  const address = addressOf(url)
  const all = await platform.resources.list({ type: repositories.type, scope: workspaceId, top: 10_000 })
  return all
    .map(asRepository)
    .filter(({ properties }) => Boolean(properties.report) && isSame(addressIn(properties), address))
}
