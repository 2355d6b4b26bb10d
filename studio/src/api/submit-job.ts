import { call } from './call.ts'
import type { JobProperties } from './jobs.ts'
import type { Workspace } from './workspaces.ts'

/** Output folders that the platform chose for the run before are not for the run to come. */
const ofRun = /\/paths\/azureml\//

/** A job as it is asked for, whether or not there was one. */
export interface JobDefinition {
  readonly name: string
  readonly properties: Omit<JobProperties, 'status'>
}

/** What has to be asked for to run the same again, under a new name. */
function again(job: JobDefinition): {
  readonly name: string
  readonly body: { readonly properties: object }
} {
  const { properties: p } = job
  const outputs = Object.fromEntries(
    Object.entries(p.outputs ?? {}).map(([name, { uri, ...output }]) => [
      name,
      uri === undefined || ofRun.test(uri) ? output : { ...output, uri },
    ]),
  )
  const kept = {
    jobType: p.jobType,
    displayName: p.displayName,
    description: p.description,
    experimentName: p.experimentName,
    inputs: p.inputs,
    outputs,
    computeId: p.computeId,
    componentId: p.componentId,
    command: p.command,
    codeId: p.codeId,
    environmentId: p.environmentId,
    environmentVariables: p.environmentVariables,
    jobs: p.jobs,
    settings: p.settings,
    tags: p.tags,
  }
  const stem =
    (p.displayName ?? job.name)
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, '-')
      .replaceAll(/^-|-$/g, '')
      .slice(0, 40) || 'job'
  const properties = Object.fromEntries(
    Object.entries(kept).filter(([, value]) => value !== undefined && value !== null),
  )
  return { name: `${stem}_${crypto.randomUUID().replaceAll('-', '').slice(0, 10)}`, body: { properties } }
}

/** Submits a job, as often as one likes: each time under a new name, which is the answer. */
export const submit = async (workspace: Workspace, job: JobDefinition): Promise<string> => {
  const { name, body } = again(job)
  await call(`${workspace.id}/jobs/${name}`, { method: 'PUT', body })
  return name
}
