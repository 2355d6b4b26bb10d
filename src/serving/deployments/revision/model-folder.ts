import { mkdir, readFile, rm, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'
import { resolve as follow, type Location } from '../../../data/resolve.ts'
import { fetchTo } from '../../../data/transfer.ts'
import { errors } from '../../../kernel/errors.ts'
import type { Platform } from '../../../kernel/platform.ts'

/** What of an MLmodel file matters to serving. */
const mlmodel = z.looseObject({
  flavors: z.record(z.string(), z.unknown()).default({}),
  signature: z.looseObject({ inputs: z.string().nullish(), outputs: z.string().nullish() }).nullish(),
  mlflow_version: z.string().nullish(),
})
export type MlModel = z.infer<typeof mlmodel>

/**
 * Lays a model out below `folder` (which is emptied) so that AZUREML_MODEL_DIR = `folder` satisfies both habits of
 * scoring scripts: its files stand in the folder itself, and once more, by link, in a subfolder that is named as the
 * model's own folder was (`model`, or the name of the job's output). A model that is one file stands there by its name.
 */
export async function layOutModel(
  platform: Platform,
  workspace: string,
  reference: string,
  folder: string,
): Promise<void> {
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  const { location } = await follow(platform, workspace, reference, { assetType: 'models' })
  if (location.kind === 'local')
    throw errors.validation(
      `The model '${reference}' lies in a folder that others may change. Register it with a path that is uploaded.`,
      { target: 'properties.model' },
    )
  const { path } = await fetchTo(platform, location, folder)
  const leaf = path === folder ? leafName(location) : undefined
  if (leaf === undefined || (await isThere(join(folder, leaf)))) return
  await fetchTo(platform, location, join(folder, leaf))
}

/** Name of the folder that a model is; `model`, where it is one of our own making that says nothing. */
function leafName(location: Location): string | undefined {
  if (location.kind !== 'blob' && location.kind !== 'store') return undefined
  const name = basename(location.path)
  return name === '' || location.path.startsWith('LoggedModels/') ? 'model' : name
}

const isThere = (path: string) =>
  stat(path).then(
    () => true,
    () => false,
  )

/** The MLmodel file of a laid-out model; undefined if it is no MLflow model. Throws a validation error if it is broken. */
export async function readMlModel(folder: string): Promise<MlModel | undefined> {
  const text = await readFile(join(folder, 'MLmodel'), 'utf8').catch(() => undefined)
  if (text === undefined) return undefined
  const read = mlmodel.safeParse(parse(text))
  if (read.success) return read.data
  throw errors.validation('The MLmodel file of the model is not one.', { target: 'properties.model' })
}

/** The files by which an MLflow model says what it needs, read. */
export async function modelRequirements(
  folder: string,
): Promise<{ condaFile?: string; requirements?: string }> {
  const read = (name: string) => readFile(join(folder, name), 'utf8').catch(() => undefined)
  const condaFile = await read('conda.yaml')
  if (condaFile !== undefined) return { condaFile }
  const requirements = await read('requirements.txt')
  if (requirements !== undefined) return { requirements }
  throw errors.validation(
    'The model has neither a conda.yaml nor a requirements.txt, so name the environment to serve it in (environmentId).',
    { target: 'properties.environmentId' },
  )
}
