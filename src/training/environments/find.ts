import { parseReference } from '../../data/locations.ts'
import { errors, UserError } from '../../kernel/errors.ts'
import type { Platform } from '../../kernel/platform.ts'
import type { Referring } from '../data.ts'
import { findVersion } from '../references.ts'
import { createEnvironmentBuilder, type EnvironmentBuilder } from './builder.ts'
import { sourceOf } from './context.ts'
import { curatedSpecification, specificationOf, type EnvironmentSpecification } from './specification.ts'

/**
 * What an environment consists of: one of the workspace's, or one that Azure ML offers ready made
 * (`azureml://registries/azureml/environments/…`, `azureml:AzureML-…`). Throws a validation error for what is not there.
 */
export async function specificationFor(reference: string, at: Referring): Promise<EnvironmentSpecification> {
  const curated = curatedName(reference)
  try {
    if (curated !== undefined) return curatedSpecification(curated)
    const found = await findVersion(reference, { ...at, collection: 'environments', noun: 'environment' })
    return specificationOf(await sourceOf(found, at.platform, at.workspace))
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    throw errors.validation(error.message, { target: at.target, details: error.details, cause: error })
  }
}

function curatedName(reference: string): string | undefined {
  if (!/^azureml:/i.test(reference)) return undefined
  const parsed = parseReference(reference)
  if (parsed.kind !== 'asset') return undefined
  if (parsed.registry?.toLowerCase() === 'azureml') return parsed.name
  return /^azureml-/i.test(parsed.name) ? parsed.name : undefined
}

const builders = new WeakMap<Platform, EnvironmentBuilder>()

/** The one builder of a server: for its jobs and its deployments alike. */
export function builderOf(platform: Platform): EnvironmentBuilder {
  const { config, compute } = platform
  const builder = builders.get(platform) ?? createEnvironmentBuilder({ home: config.home, compute })
  builders.set(platform, builder)
  return builder
}
