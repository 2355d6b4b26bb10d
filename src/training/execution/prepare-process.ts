import { mkdir, readdir, rm } from 'node:fs/promises'
import { delimiter, dirname, join } from 'node:path'
import { BlobMissing, UnsafeName } from '../../artifacts/artifacts.ts'
import type { ProcessSpec } from '../../compute/compute.ts'
import { parseArmId } from '../../kernel/resources/arm-id.ts'
import { UserError } from '../../kernel/errors.ts'
import type { Platform } from '../../kernel/platform.ts'
import type { ReconcileContext } from '../../kernel/work/reconcile.ts'
import type { Environment } from '../environments/builder.ts'
import { parseTemplate, render } from '../expressions.ts'
import { readInputs, readOutputs } from '../jobs/io.ts'
import type { Job } from '../jobs/job.ts'
import { checkLimits } from '../jobs/limits.ts'
import { environmentOf } from '../programs.ts'
import { strings, text } from '../wire.ts'
import { folderOf, processId } from './folder.ts'
import type { JobFolder } from './folder.ts'
import { layOutCode, layOutInputs, layOutOutputs } from './layout.ts'
import { keepBuildLog } from './outputs.ts'
import { openRun } from './runs.ts'
import { machineVariables } from '../../compute/pass-through.ts'
import { jobVariables } from './variables.ts'

/** A token lives as long as the job may, and then some; without a limit, a month. */
const monthSeconds = 30 * 24 * 3600

/**
 * All that a command needs before it can run: its environment built, its code and inputs laid out, folders for its
 * outputs. Begins from nothing each time, so what a killed server left half done does not matter. A mistake of the
 * job's own (missing data, an environment that cannot be built) is a `problem`, told in words for its owner.
 */
export async function prepareProcess(
  job: Job,
  context: ReconcileContext,
): Promise<
  | { readonly process: ProcessSpec; readonly notes: readonly string[] }
  | { readonly problem: string }
  | { readonly wait: 'environment' }
> {
  const { platform } = context
  const folder = folderOf(platform.config, job)
  try {
    const environment = await environmentOf(job, context, (file) => keepBuildLog(job, file, platform))
    if (environment === 'building') return { wait: 'environment' }
    await clear(job, folder)
    await layOutCode(job, folder, platform)
    const inputs = await layOutInputs(job, readInputs(job.properties.inputs), folder, context)
    const outputs = await layOutOutputs(readOutputs(job.properties.outputs), folder)
    const command = fill(job, inputs, outputs)
    const timeoutSeconds = checkLimits(job.properties.limits)
    const env = {
      ...machineVariables(process.env),
      ...environmentVariables(environment),
      ...(await variables(job, folder, { inputs, outputs, timeoutSeconds }, platform)),
      ...strings(job.properties.environmentVariables),
    }
    return {
      notes: environment.notes,
      process: {
        id: processId(job),
        argv: ['/bin/bash', '-c', command],
        cwd: folder.code,
        env,
        outputFile: folder.log,
        ...(timeoutSeconds === undefined ? {} : { limits: { timeoutSeconds } }),
      },
    }
  } catch (error) {
    if (error instanceof UserError || error instanceof BlobMissing || error instanceof UnsafeName)
      return { problem: error.message }
    throw error
  }
}

/** Everything of an earlier attempt goes, but for the outputs of a command that was started again. */
async function clear(job: Job, folder: JobFolder): Promise<void> {
  await mkdir(folder.root, { recursive: true, mode: 0o700 })
  const isRestart = (job.status.restarts ?? 0) > 0
  for (const entry of await readdir(folder.root)) {
    const path = join(folder.root, entry)
    if (!isRestart || path !== folder.outputs) await rm(path, { recursive: true, force: true })
  }
}

/** The environment's programs come first on PATH, as if it had been activated. */
function environmentVariables({ python, variables }: Environment): Readonly<Record<string, string>> {
  const programs = dirname(python)
  return {
    ...variables,
    VIRTUAL_ENV: dirname(programs),
    PATH: [programs, process.env['PATH'] ?? '/usr/local/bin:/usr/bin:/bin'].join(delimiter),
    PYTHONUNBUFFERED: '1',
  }
}

/** The command with the values of its inputs and outputs in it. */
function fill(
  job: Job,
  inputs: Readonly<Record<string, string>>,
  outputs: Readonly<Record<string, string>>,
): string {
  return render(parseTemplate(job.properties.command ?? '', 'properties.command'), (reference) => {
    switch (reference.kind) {
      case 'input':
        return inputs[reference.name]
      case 'output':
        return outputs[reference.name]
      case 'name':
        return job.properties.stepName ?? job.name
      default:
        return undefined
    }
  })
}

async function variables(
  job: Job,
  folder: JobFolder,
  given: {
    readonly inputs: Readonly<Record<string, string>>
    readonly outputs: Readonly<Record<string, string>>
    readonly timeoutSeconds: number | undefined
  },
  platform: Platform,
): Promise<Readonly<Record<string, string>>> {
  const workspace = await platform.resources.get(job.parent)
  const { subscription = '', resourceGroup = '', names } = parseArmId(workspace.id)
  const tokenExpires = new Date(
    platform.clock().getTime() + ((given.timeoutSeconds ?? monthSeconds) + 3600) * 1000,
  )
  const purpose = `job:${job.key}`
  // A token of an earlier attempt, of which nobody knows whether a process got it, is worth nothing any more.
  await platform.access.revokeTokens(job.status.submittedBy, purpose)
  const token = await platform.access.issueToken(job.status.submittedBy, {
    purpose,
    confinedTo: workspace.id,
    expiresAt: tokenExpires,
  })
  return jobVariables({
    job: job.name,
    rootJob: job.status.rootJobName,
    experiment: await openRun(platform, job),
    workspace: {
      id: workspace.id,
      guid: text(workspace.status['workspaceId']) ?? '',
      subscription,
      resourceGroup,
      name: names[0] ?? '',
    },
    server: platform.urls.http,
    token,
    tokenExpires,
    folder: folder.code,
    inputs: given.inputs,
    outputs: given.outputs,
  })
}
