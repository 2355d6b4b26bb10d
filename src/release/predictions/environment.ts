import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { parse, stringify } from 'yaml'
import { errors } from '../../kernel/errors.ts'
import type { Platform } from '../../kernel/platform.ts'
import {
  layOutModel,
  modelRequirements,
  readMlModel,
} from '../../serving/deployments/revision/model-folder.ts'
import { anonymousEnvironment } from '../../training/environments/anonymous.ts'
import type { ReleasedModel } from '../gates/gate.ts'

/**
 * Registers the environment that an MLflow model asks for in a workspace, with what is needed to read and write its rows
 * on top where it has not that already, and `more` packages. Throws a validation error for a model that is no MLflow model: nobody knows how
 * such a one predicts.
 */
export async function scoringEnvironment(
  platform: Platform,
  workspaceId: string,
  model: ReleasedModel,
  more: readonly string[] = [],
): Promise<string> {
  const folder = await mkdtemp(join(platform.config.home, 'model-'))
  try {
    const files = join(folder, 'model')
    await layOutModel(platform, workspaceId, model.id, files)
    if ((await readMlModel(files)) === undefined)
      throw errors.validation(
        `${model.name}:${model.version} is no MLflow model (it has no file MLmodel), so it cannot be asked for predictions. Log it with mlflow.<flavour>.log_model.`,
      )
    const { condaFile, requirements = '' } = await modelRequirements(files)
    const packages = requirements.split('\n').filter((line) => line.trim() !== '')
    return await anonymousEnvironment(platform, workspaceId, {
      condaFile: withTables(
        condaFile ?? stringify({ dependencies: ['python', 'pip', { pip: packages }] }),
        more,
      ),
    })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** An environment with nothing but Python, for steps that are programs of our own. */
export const bareEnvironment = (platform: Platform, workspaceId: string): Promise<string> =>
  anonymousEnvironment(platform, workspaceId, { condaFile: stringify({ dependencies: ['python', 'pip'] }) })

/** Packages that read and write tables; MLflow, where it is whole, brings both. */
const needed = ['pandas', 'pyarrow'] as const

/** The conda file with the packages that are missing in it, those of `more` among them. */
export function withTables(condaFile: string, more: readonly string[] = []): string {
  const conda = (parse(condaFile) ?? {}) as { dependencies?: unknown[] }
  const dependencies = conda.dependencies ?? []
  const pip = dependencies.find((entry): entry is { pip: string[] } => isPip(entry))
  const names = new Set(
    [...dependencies.filter((entry) => typeof entry === 'string'), ...(pip?.pip ?? [])].map(packageName),
  )
  const tables = names.has('mlflow') ? [] : needed
  const missing = [...tables, ...more].filter((name) => !names.has(packageName(name)))
  if (missing.length === 0) return condaFile
  const others = dependencies.filter((entry) => entry !== pip)
  return stringify({ ...conda, dependencies: [...others, { pip: [...(pip?.pip ?? []), ...missing] }] })
}

const isPip = (entry: unknown): boolean =>
  typeof entry === 'object' && entry !== null && Array.isArray((entry as { pip?: unknown }).pip)

const packageName = (requirement: string) =>
  (/^[\w.-]+/.exec(requirement.trim())?.[0] ?? '').toLowerCase().replaceAll('_', '-')
