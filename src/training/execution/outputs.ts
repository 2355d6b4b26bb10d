import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { BlobMissing, UnsafeName } from '../../artifacts/artifacts.ts'
import { kinds, UserError } from '../../kernel/errors.ts'
import type { Platform } from '../../kernel/platform.ts'
import { artifactsContainer } from '../data.ts'
import { readOutputs } from '../jobs/io.ts'
import type { Job, JobResult } from '../jobs/job.ts'
import { present } from '../wire.ts'
import { folderOf } from './folder.ts'
import type { JobFolder } from './folder.ts'
import { outputPath } from './layout.ts'
import { keepAt, outputUri } from './place-output.ts'
import { registerOutput } from './register.ts'

/** Where everything of a run is kept, below the workspace's artifacts. */
export const runPath = (job: Pick<Job, 'name'>, path = ''): string =>
  `ExperimentRun/dcid.${job.name}${path === '' ? '' : `/${path}`}`

/** Where a job's log is, below its run. */
export const logName = 'user_logs/std_log.txt'
/** Where the log of building a job's environment is, if the job had to wait for that. */
export const buildLogName = 'azureml-logs/20_image_build_log.txt'

/** Stores each output whole, in its place, and makes the assets that were asked for. */
export async function keepOutputs(
  job: Job,
  platform: Platform,
): Promise<{ readonly outputs: Readonly<Record<string, JobResult>> } | { readonly problem: string }> {
  const folder = folderOf(platform.config, job)
  const outputs: Record<string, JobResult> = {}
  for (const [name, output] of Object.entries(readOutputs(job.properties.outputs))) {
    try {
      const uri = outputUri(job, name, output)
      let digest: string | undefined
      if (output.mode !== 'direct') {
        const path = outputPath(folder, name)
        if (!(await exists(path)))
          return { problem: `The command ended well, but wrote no file for its output '${name}' (${path}).` }
        digest = await keepAt(path, uri, job, platform)
      }
      const assetId = await registerOutput(job, name, output, uri, platform)
      outputs[name] = { type: output.type, uri, ...present('digest', digest), ...present('assetId', assetId) }
    } catch (error) {
      // A store that is away for a while must not cost what was computed: it is tried again until it is back.
      if (error instanceof UserError && error.kind === kinds.unavailable) throw error
      if (error instanceof UserError || error instanceof UnsafeName || error instanceof BlobMissing)
        return { problem: `The output '${name}' could not be kept: ${error.message}` }
      throw error
    }
  }
  return { outputs }
}

/** Folders in which Azure ML keeps whatever a script writes, without being asked. */
const captured = ['outputs', 'logs']

/** Stores `./outputs` and `./logs` of the folder that the command ran in. Answers what was not kept, and why. */
export async function keepCaptured(
  job: Job,
  folder: JobFolder,
  platform: Platform,
): Promise<readonly string[]> {
  const container = await artifactsContainer(platform, job.parent)
  const warnings: string[] = []
  for (const name of captured) {
    const path = join(folder.code, name)
    if (!(await isFolder(path))) continue
    try {
      await platform.artifacts.storeFolder(path, { container, path: runPath(job, name) })
    } catch (error) {
      if (!(error instanceof UnsafeName)) throw error
      warnings.push(`./${name} was not kept: ${error.message}`)
    }
  }
  return warnings
}

/** Stores the log of the build of a job's environment with the job. */
export async function keepBuildLog(job: Job, file: string, platform: Platform): Promise<void> {
  if (!(await exists(file))) return
  const container = await artifactsContainer(platform, job.parent)
  await platform.artifacts.storeFolder(file, { container, path: runPath(job, buildLogName) })
}

/** Stores the log where Azure ML has it. */
export async function keepLog(job: Job, folder: JobFolder, platform: Platform): Promise<void> {
  if (!(await exists(folder.log))) return
  const container = await artifactsContainer(platform, job.parent)
  await platform.artifacts.storeFolder(folder.log, { container, path: runPath(job, logName) })
}

const exists = (path: string) =>
  stat(path).then(
    () => true,
    () => false,
  )
const isFolder = (path: string) =>
  stat(path).then(
    (s) => s.isDirectory(),
    () => false,
  )
