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
      environmentVariables: job.environment_variables ?? {},
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
              ...camelKeys(distributionFields(distribution)),
              distributionType: distributionType(distribution.type),
            },
      identity:
        identity === undefined
          ? undefined
          : { ...camelKeys(without(identity, 'type')), identityType: identityType(identity.type) },
      services: job.services === undefined ? undefined : servicesBody(job.services, 'jobServiceType'),
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
      services: job.services === undefined ? undefined : servicesBody(job.services, 'jobServiceType'),
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

const serviceTypes: Readonly<Record<string, string>> = {
  vs_code: 'VSCode',
  jupyter_lab: 'JupyterLab',
  tensor_board: 'TensorBoard',
  ssh: 'SSH',
}

/** Interactive services: what is particular to a kind travels in its `properties`. */
export function servicesBody(
  services: Readonly<Record<string, unknown>>,
  typeKey: 'jobServiceType' | 'job_service_type',
): Json {
  return mapEntries(services, (service) => {
    const {
      type,
      job_service_type: other,
      log_dir: logDir,
      ssh_public_keys: sshPublicKeys,
      ...rest
    } = (service ?? {}) as Json
    const kind = textOf(type ?? other) || 'custom'
    const own = clean({ logDir, sshPublicKeys })
    return {
      ...(typeKey === 'jobServiceType' ? camelKeys(rest) : rest),
      ...(Object.keys(own).length === 0 ? {} : { properties: own }),
      [typeKey]: serviceTypes[kind] ?? pascal(kind),
    }
  })
}

/** A distribution without its type, with the defaults that Azure's SDK sends. */
export function distributionFields(distribution: { readonly type: string }): Json {
  const defaults = distribution.type === 'tensorflow' ? { parameter_server_count: 0 } : {}
  return { ...defaults, ...without(distribution, 'type') }
}

const without = (value: Json, key: string): Json =>
  Object.fromEntries(Object.entries(clean(value)).filter(([k]) => k !== key))
