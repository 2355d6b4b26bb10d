import { basename } from 'node:path'
import type { Client, Json } from '../client/client.ts'
import { commandJobBody, pipelineJobBody } from '../bodies/job.ts'
import { encode } from '../commands/verbs.ts'
import type { Body } from '../present/present.ts'
import type { CommandJob, PipelineJob } from '../yaml/shapes/job.ts'
import { makeAssembler } from './assemble.ts'
import type { Assembler } from './assemble.ts'
import { componentSpec, nodes, registerComponent } from './component.ts'
import { gitProperties } from './git.ts'
import { randomName } from './job-name.ts'
import type { Prepared } from './prepare.ts'

/** Uploads what a job needs, registers its parts and puts it; returns the job as the server has it. */
export async function submitJob(
  client: Client,
  prepared: Prepared<CommandJob | PipelineJob>,
  options: { readonly name?: string | undefined; readonly cwd: string; readonly random: () => number },
): Promise<Body> {
  const name = options.name ?? prepared.loaded.value.name ?? randomName(options.random)
  return client.put<Body>(
    `/jobs/${encode(name)}`,
    await jobBody(client, prepared, { cwd: options.cwd, name }),
  )
}

/** The body of a job, with what it needs uploaded and its parts registered. */
export async function jobBody(
  client: Client,
  prepared: Prepared<CommandJob | PipelineJob>,
  options: { readonly name?: string; readonly cwd: string },
): Promise<Json> {
  const { value, source } = prepared.loaded
  const job = {
    ...value,
    display_name: value.display_name ?? options.name,
    experiment_name: value.experiment_name ?? (basename(options.cwd).replaceAll(' ', '') || 'Default'),
    properties: { ...(await gitProperties(source.folder)), ...value.properties },
  }
  const assembler = makeAssembler(client, prepared.resolved)
  return isPipeline(job) ? pipelineBody(assembler, job, prepared) : commandBody(assembler, job, prepared)
}

const isPipeline = (job: CommandJob | PipelineJob): job is PipelineJob => !('command' in job)

async function commandBody(assembler: Assembler, job: CommandJob, { loaded }: Prepared<unknown>) {
  return commandJobBody(job, {
    codeId: await assembler.code(job.code, loaded.source),
    environmentId: await assembler.environment(job.environment, loaded.source),
    computeId: assembler.compute(job.compute),
    pathOf: await assembler.paths(job.inputs, loaded.source),
  })
}

async function pipelineBody(assembler: Assembler, job: PipelineJob, { loaded, followed }: Prepared<unknown>) {
  const { settings } = job
  const datastore = settings?.default_datastore
  return pipelineJobBody(job, {
    jobs: followed.graph === undefined ? {} : await nodes(assembler, followed.graph),
    componentId: await componentId(assembler, followed.component),
    computeId: assembler.compute(job.compute),
    defaultCompute: assembler.compute(settings?.default_compute),
    defaultDatastore: datastore === undefined ? undefined : assembler.resolved.id('datastores', datastore),
    pathOf: await assembler.paths(job.inputs, loaded.source),
  })
}

async function componentId(assembler: Assembler, component: Prepared<unknown>['followed']['component']) {
  if (component === undefined) return undefined
  if (typeof component === 'string') return assembler.resolved.id('components', component)
  return registerComponent(assembler.client, await componentSpec(assembler, component))
}
