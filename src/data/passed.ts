import type { Platform } from '../kernel/platform.ts'
import type { Resource } from '../kernel/resources/resource.ts'

/** The label of the newest version that keeps its contracts: `azureml:flights@passed`. */
export const passedLabel = 'passed'

/** The newest version of a data asset that all its contracts are content with, warnings aside. Undefined if none is. */
export async function latestPassed(platform: Platform, container: string): Promise<Resource | undefined> {
  const versions = await platform.resources.list({ type: 'workspaces/data/versions', parent: container })
  return versions.find(({ status }) => status['contract'] === 'passed' || status['contract'] === 'warned')
}
