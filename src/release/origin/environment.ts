import { parse, stringify } from 'yaml'
import { errors } from '../../kernel/errors.ts'
import type { Platform } from '../../kernel/platform.ts'
import { anonymousEnvironment } from '../../training/environments/anonymous.ts'
import { specificationFor } from '../../training/environments/find.ts'
import { requirementName } from '../../training/environments/packages/requirement.ts'
import { specificationOf, type EnvironmentSpecification } from '../../training/environments/specification.ts'
import type { ReleasedModel } from '../gates/gate.ts'
import { modelText, withModelFiles } from '../gates/model-files.ts'

/** What an MLflow model says that it needs; undefined for a model that says nothing. */
export async function modelSpecification(
  platform: Platform,
  model: Pick<ReleasedModel, 'id'>,
): Promise<EnvironmentSpecification | undefined> {
  return withModelFiles(platform, model, async (files) => {
    const condaFile = await modelText(files, 'conda.yaml')
    if (condaFile !== undefined) return specificationOf({ condaFile })
    const requirements = await modelText(files, 'requirements.txt')
    if (requirements === undefined) return undefined
    const python = pythonOf(await modelText(files, 'python_env.yaml'))
    return specificationOf({ requirements, ...(python === undefined ? {} : { python: `==${python}` }) })
  })
}

/** `3.11.7` of a `python_env.yaml`. */
function pythonOf(text: string | undefined): string | undefined {
  const { python } = (parse(text ?? '{}') ?? {}) as { python?: string | number }
  return python === undefined ? undefined : String(python)
}

/** What an environment of a workspace consists of, by reference. Throws a validation error for one that is not there. */
export const environmentNamed = (
  platform: Platform,
  workspaceId: string,
  reference: string,
): Promise<EnvironmentSpecification> =>
  specificationFor(reference, { platform, workspace: workspaceId, target: 'environment' })

/**
 * Registers an environment in a workspace: what a specification says, with packages on top where it does not name them
 * itself. The same ones are the same environment, so it is built once. Returns its id.
 */
export function environmentWith(
  platform: Platform,
  workspaceId: string,
  base: EnvironmentSpecification | undefined,
  packages: readonly string[],
): Promise<string> {
  const has = new Set((base?.requirements ?? []).map((line) => requirementName(line)))
  for (const line of packages)
    if (requirementName(line) === undefined)
      throw errors.validation(`'${line}' is no package, such as pytest==8.4.2.`, { target: 'packages' })
  const added = packages.filter((line) => !has.has(requirementName(line)))
  const pip = [...(base?.requirements ?? []), ...added]
  const variables = base?.variables ?? {}
  return anonymousEnvironment(platform, workspaceId, {
    condaFile: stringify({
      dependencies: [`python${base?.python ?? ''}`, 'pip', { pip }],
      ...(Object.keys(variables).length === 0 ? {} : { variables }),
    }),
  })
}
