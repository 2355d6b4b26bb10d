import { findVersion } from '../../data/resolve.ts'
import { parseReference } from '../../data/locations.ts'
import { errors, UserError } from '../../kernel/errors.ts'
import type { Platform } from '../../kernel/platform.ts'
import { createEnvironmentBuilder, type EnvironmentBuilder } from '../../training/environments/builder.ts'
import {
  curatedSpecification,
  specificationOf,
  type EnvironmentSpecification,
} from '../../training/environments/specification.ts'

/**
 * What an environment reference consists of: one of the workspace's, or one that Azure ML offers ready made
 * (`azureml://registries/azureml/environments/…`, `azureml:AzureML-…`). Throws a validation error for what is not there.
 */
export async function environmentSpecification(
  platform: Platform,
  workspace: string,
  reference: string,
): Promise<EnvironmentSpecification> {
  try {
    const parsed = parseReference(reference)
    if (parsed.kind !== 'asset') throw errors.validation(`'${reference}' is no reference to an environment.`)
    const curated = parsed.registry?.toLowerCase() === 'azureml' || /^azureml-/i.test(parsed.name)
    if (curated) return curatedSpecification(parsed.name)
    const found = await findVersion(platform, await platform.resources.get(workspace), parsed, 'environments')
    return specificationOf(found.properties)
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    throw errors.validation(error.message, {
      target: 'properties.environmentId',
      details: error.details,
      cause: error,
    })
  }
}

const builders = new WeakMap<Platform, EnvironmentBuilder>()

export function environmentBuilder(platform: Platform): EnvironmentBuilder {
  const { config, compute } = platform
  const builder = builders.get(platform) ?? createEnvironmentBuilder({ home: config.home, compute })
  builders.set(platform, builder)
  return builder
}
