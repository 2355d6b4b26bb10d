import { commandJobBody, pipelineJobBody } from '../../../../../src/cli/bodies/job.ts'
import { nodeBody } from '../../../../../src/cli/bodies/node.ts'
import type { PathOf } from '../../../../../src/cli/bodies/values.ts'
import { monitorDefinition } from '../../../../../src/cli/bodies/monitor.ts'
import { scheduleBody } from '../../../../../src/cli/bodies/schedule.ts'
import { invocationDefinition, jobAtServer } from '../../../../../src/cli/bodies/scheduled.ts'
import { importProperties } from '../../../../../src/cli/bodies/transfer.ts'
import type { Json } from '../../../../../src/cli/client/client.ts'
import { Failure } from '../../../../../src/cli/failure.ts'
import { presentJob } from '../../../../../src/cli/present/job.ts'
import type { Body } from '../../../../../src/cli/present/present.ts'
import { presentSchedule } from '../../../../../src/cli/present/schedule.ts'
import { randomName } from '../../../../../src/cli/submit/job-name.ts'
import { isLocalPath } from '../../../../../src/cli/yaml/checks/check.ts'
import type { CommandJob, PipelineJob } from '../../../../../src/cli/yaml/shapes/job.ts'
import type { Schedule } from '../../../../../src/cli/yaml/shapes/schedule.ts'
import { documentKind, part, type DocumentKind, type Making } from './document.ts'

const schedule = documentKind<Schedule>({
  present: (body) => ({ ...presentSchedule(body), ...ownJob(body) }),
  async write(value, making) {
    const isEnabled = making.before?.properties?.['isEnabled'] !== false
    return {
      path: part('schedules', value.name),
      body: scheduleBody(value, await actionOf(value, making), isEnabled),
    }
  },
})

/** What runs: jobs, and what makes them again and again. */
export const runningDocuments = {
  schedule,
  monitor: schedule,
  job: documentKind<CommandJob | PipelineJob>({
    present: presentJob,
    async write(job, making) {
      const name = job.name ?? randomName(Math.random)
      const { resolved } = making
      const compute = (given: string | undefined) =>
        given === undefined ? undefined : resolved.id('computes', given)
      const pathOf = (path: string, type?: string) => {
        if (isLocalPath(path)) throw elsewhere(`the input ${path}`)
        return /^azureml:(?!\/\/)/.test(path)
          ? resolved.id(type?.endsWith('_model') === true ? 'models' : 'data', path)
          : path
      }
      const common = {
        ...job,
        display_name: job.display_name ?? name,
        experiment_name: job.experiment_name ?? 'Default',
      }
      if ('command' in common) {
        const { environment, code } = common
        if (typeof environment !== 'string') throw elsewhere('an environment that stands in the job')
        if (code !== undefined && isLocalPath(code)) throw elsewhere(`the folder ${code}`)
        return {
          path: part('jobs', name),
          body: commandJobBody(common, {
            codeId: code?.replace(/^azureml:(?=\/)/, ''),
            environmentId: resolved.id('environments', environment),
            computeId: compute(common.compute),
            pathOf,
          }),
        }
      }
      return {
        path: part('jobs', name),
        body: pipelineJobBody(common, {
          jobs: nodesOf(making, compute, pathOf),
          componentId:
            typeof common.component === 'string' ? resolved.id('components', common.component) : undefined,
          computeId: compute(common.compute),
          defaultCompute: compute(common.settings?.default_compute),
          defaultDatastore:
            common.settings?.default_datastore === undefined
              ? undefined
              : resolved.id('datastores', common.settings.default_datastore),
          pathOf,
        }),
      }
    },
  }),
} satisfies Readonly<Record<string, DocumentKind>>

/** The steps of a pipeline, each of which has to name a component that the server has. */
function nodesOf(
  { followed: { graph }, resolved }: Making,
  compute: (given: string | undefined) => string | undefined,
  pathOf: PathOf,
): Json {
  return Object.fromEntries(
    [...(graph?.steps ?? [])].map(([name, step]) => {
      if (typeof step.component !== 'string') throw elsewhere(`the step ${name}, which names no component,`)
      const componentId = resolved.id('components', step.component)
      return [name, nodeBody(step, { componentId, computeId: compute(step.value.compute), pathOf })]
    }),
  )
}

const elsewhere = (what: string) =>
  new Failure(`${what} is for the command line to upload and register`, {
    hint: 'save the text and run: twinloop job create -f job.yml',
  })

/** The job of a schedule that was made from a file is kept as it is, under this name of it. */
function ownJob(body: Body): Json {
  const { jobDefinition } = (body.properties?.['action'] ?? {}) as { jobDefinition?: Json }
  if (jobDefinition === undefined) return {}
  const { sourceJobId, jobType, experimentName } = jobDefinition
  const job = typeof sourceJobId === 'string' ? sourceJobId : body.id
  return {
    create_job: {
      type: String(jobType).toLowerCase(),
      job: `azureml:${job}`,
      ...(experimentName === undefined || experimentName === '' ? {} : { experiment_name: experimentName }),
    },
  }
}

/** The action of a schedule; what lies on somebody's machine is for the command line. */
async function actionOf(value: Schedule, { client, upload, before }: Making): Promise<Json> {
  const { create_job: job, import_data: data, invoke_batch_endpoint: invocation, create_monitor } = value
  if ([job, data, invocation, create_monitor].filter((action) => action !== undefined).length !== 1)
    throw new Failure(
      'a schedule needs one of create_job, create_monitor, import_data and invoke_batch_endpoint',
    )
  if (create_monitor !== undefined) {
    const uploaded = new Map<string, string>()
    const paths = new Set<string>()
    monitorDefinition(create_monitor, (path) => {
      if (isLocalPath(path)) paths.add(path)
      return path
    })
    for (const path of paths) uploaded.set(path, await upload(path))
    return {
      actionType: 'CreateMonitor',
      monitorDefinition: monitorDefinition(create_monitor, (path) => uploaded.get(path) ?? path),
    }
  }
  if (invocation !== undefined)
    return {
      actionType: 'InvokeBatchEndpoint',
      endpointInvocationDefinition: invocationDefinition(invocation),
    }
  if (data !== undefined) {
    if (typeof data === 'string' || data.name === undefined)
      throw new Failure('write out what is imported, with its name', {
        hint: 'import_data: { name, source }',
      })
    return {
      actionType: 'ImportData',
      dataImportDefinition: importProperties({ ...data, name: data.name }),
    }
  }
  const { job: given = '', ...changes } = typeof job === 'string' ? { job } : (job ?? {})
  const { jobDefinition } = (before?.properties?.['action'] ?? {}) as { jobDefinition?: Json }
  if (jobDefinition !== undefined && given === `azureml:${before?.id}`)
    return { actionType: 'CreateJob', jobDefinition }
  if (!/^azureml:|^\/subscriptions\//i.test(given))
    throw new Failure(`a browser takes a job that ran: azureml:NAME, not ${given}`, {
      hint: 'or create this by the command line: twinloop schedule create -f schedule.yml',
    })
  return { actionType: 'CreateJob', jobDefinition: jobAtServer(client.workspaceId, given, changes) }
}
