import { lineage } from '../../data/lineage/lineage-action.ts'
import { errors } from '../../kernel/errors.ts'
import type { ActionContext, ResourceDefinition } from '../../kernel/resources/resource.ts'
import { rerun } from '../rerun/rerun.ts'
import { asJob, jobSchema } from './job.ts'
import type { JobProperties } from './job.ts'
import { jobName } from './names.ts'
import { prepareJob } from './prepare.ts'
import { showJob } from './show.ts'
import { hasEnded, mayGo } from './status.ts'
import { findJob, transition } from './transition.ts'

/** A command or a pipeline to run once. It is an MLflow run of the same name, and so is each step of a pipeline. */
export const jobs: ResourceDefinition<JobProperties> = {
  type: 'workspaces/jobs',
  summary: 'Commands and pipelines to run, and their results.',
  schema: jobSchema,
  name: jobName,
  filters: {
    jobType: 'properties.jobType',
    parentJobName: 'properties.parentJobName',
    experimentName: 'properties.experimentName',
    status: 'status.status',
    assetName: 'status.assetName',
  },
  fields: {
    displayName: 'properties.displayName',
    startTime: 'status.startTime',
    endTime: 'status.endTime',
    computeId: 'properties.computeId',
    stepName: 'properties.stepName',
    environmentId: 'properties.environmentId',
    componentId: 'properties.componentId',
    // As run history calls where it runs: `local`, or the id of a compute in lower case.
    target: 'status.computeKey',
  },
  searched: ['properties.displayName', 'properties.experimentName', 'createdBy'],
  listed: { where: { 'status.level': 'job' }, unless: 'parentJobName' },
  reconciledDelete: true,
  prepare: prepareJob,
  async beforeDelete(resource) {
    const job = asJob(resource)
    if (!hasEnded(job.status.status))
      throw errors.conflict(`Job '${job.name}' is ${job.status.status}: cancel it before it is deleted.`)
  },
  present: (resource, platform) => showJob(asJob(resource), platform.urls),
  actions: { cancel: { run: cancel }, rerun, lineage },
}

/** Asks a job to stop; what has ended already stays as it ended. The reconciler does the rest. */
async function cancel({ platform, resource, actor }: ActionContext) {
  for (
    let job = await findJob(platform, resource.key);
    job !== undefined;
    job = await findJob(platform, job.key)
  ) {
    if (!mayGo(job.status.status, 'CancelRequested'))
      return hasEnded(job.status.status) ? undefined : { accepted: true }
    const asked = await transition(platform, job, 'CancelRequested', { cancelRequestedBy: actor.name })
    if (asked !== undefined) return { accepted: true }
  }
  return undefined
}
