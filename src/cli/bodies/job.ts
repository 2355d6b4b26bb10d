import type { Json } from '../client/client.ts'
import { clean, textOf } from '../present/present.ts'
import type { CommandJob, PipelineJob } from '../yaml/shapes/job.ts'
import { camelKeys, inputBody, isoDuration, jobOutputBody, mapEntries, pascal } from './values.ts'
import type { PathOf } from './values.ts'

/** What stands behind a job's references once they are resolved and uploaded. */
export interface CommandParts {
  readonly codeId: string | undefined
  readonly environmentId: string
  readonly computeId: string | undefined
  readonly pathOf: PathOf
}

/** The body of `PUT …/jobs/{name}` for a command job, as azure-ai-ml sends it. */
export function commandJobBody(job: CommandJob, parts: CommandParts): Json {
  const { distribution, identity, resources, limits, queue_settings: queue } = job
  return {
    properties: clean({
      jobType: 'Command',
      displayName: job.display_name,
      experimentName: job.experiment_name,
      description: job.description,
      tags: job.tags ?? {},
      properties: job.properties ?? {},
      isArchived: false,
      command: job.command,
      codeId: parts.codeId,
      environmentId: parts.environmentId,
      computeId: parts.computeId,
      environmentVariables: job.environment_variables,
      inputs: mapEntries(job.inputs, (input) => inputBody(input, parts.pathOf, 'job')),
      outputs: mapEntries(job.outputs, jobOutputBody),
      limits:
        limits?.timeout === undefined
          ? undefined
          : { timeout: isoDuration(limits.timeout), jobLimitsType: 'Command' },
      resources: resources === undefined ? undefined : { properties: {}, ...camelKeys(clean(resources)) },
      distribution:
        distribution === undefined
          ? undefined
          : {
              ...camelKeys(without(distribution, 'type')),
              distributionType: distributionType(distribution.type),
            },
      identity:
        identity === undefined
          ? undefined
          : { ...camelKeys(without(identity, 'type')), identityType: identityType(identity.type) },
      services: job.services === undefined ? undefined : servicesBody(job.services),
      queueSettings:
        queue === undefined
          ? undefined
          : clean({
              jobTier: queue.job_tier === undefined ? undefined : pascal(queue.job_tier),
              priority: queue.priority,
            }),
      parentJobName: job.parent_job_name,
    }),
  }
}

/** What stands behind a pipeline's references. */
export interface PipelineParts {
  readonly jobs: Json
  readonly componentId?: string | undefined
  readonly computeId: string | undefined
  readonly defaultCompute: string | undefined
  readonly defaultDatastore: string | undefined
  readonly pathOf: PathOf
}

/** The body of `PUT …/jobs/{name}` for a pipeline job. */
export function pipelineJobBody(job: PipelineJob, parts: PipelineParts): Json {
  return {
    properties: clean({
      jobType: 'Pipeline',
      displayName: job.display_name,
      experimentName: job.experiment_name,
      description: job.description,
      tags: job.tags ?? {},
      properties: job.properties ?? {},
      isArchived: false,
      computeId: parts.computeId,
      componentId: parts.componentId,
      inputs: mapEntries(job.inputs, (input) => inputBody(input, parts.pathOf, 'job')),
      outputs: mapEntries(job.outputs, jobOutputBody),
      settings: clean({
        ...job.settings,
        default_compute: parts.defaultCompute,
        default_datastore: parts.defaultDatastore,
        _source: 'YAML.JOB',
      }),
      jobs: parts.jobs,
      identity: job.identity === undefined ? undefined : { identityType: identityType(job.identity.type) },
      services: job.services === undefined ? undefined : servicesBody(job.services),
    }),
  }
}

export function distributionType(type: string): string {
  return { mpi: 'Mpi', pytorch: 'PyTorch', tensorflow: 'TensorFlow', ray: 'Ray' }[type] ?? pascal(type)
}

export function identityType(type: string): string {
  const types: Readonly<Record<string, string>> = {
    user_identity: 'UserIdentity',
    user: 'UserIdentity',
    managed: 'Managed',
    managed_identity: 'Managed',
    aml_token: 'AMLToken',
  }
  return types[type] ?? pascal(type)
}

function servicesBody(services: Readonly<Record<string, unknown>>): Json {
  return mapEntries(services, (service) => {
    const { type, job_service_type: jobServiceType, ...rest } = (service ?? {}) as Json
    return { ...camelKeys(rest), jobServiceType: pascal(textOf(type ?? jobServiceType) || 'custom') }
  })
}

const without = (value: Json, key: string): Json =>
  Object.fromEntries(Object.entries(clean(value)).filter(([k]) => k !== key))
