import type { Problem } from './problem.ts'
import { lookAt } from './shape.ts'
import type { Look } from './shape.ts'
import { alertRouting, alertRule, silence } from './shapes/alerts.ts'
import { compute, data, datastore, environment, model, registry, workspace } from './shapes/assets.ts'
import { batchDeployment, batchEndpoint, batchInvocation } from './shapes/batch.ts'
import { connection } from './shapes/connection.ts'
import { dataContract } from './shapes/data-contract.ts'
import { commandComponent, commandJob, pipelineComponent, pipelineJob } from './shapes/job.ts'
import { roleAssignment } from './shapes/role.ts'
import { releasePlan } from './shapes/release-plan.ts'
import { repository } from './shapes/repository.ts'
import { onlineDeployment, onlineEndpoint } from './shapes/serving.ts'
import { schedule } from './shapes/schedule.ts'
import { dataExport, dataImport } from './shapes/transfer.ts'
import { rangeAt } from './source.ts'
import type { Source } from './source.ts'

/** The kinds of YAML file there are, each with its shape. */
export const kinds = {
  commandJob,
  pipelineJob,
  commandComponent,
  pipelineComponent,
  data,
  dataContract,
  datastore,
  connection,
  environment,
  model,
  compute,
  workspace,
  registry,
  roleAssignment,
  onlineEndpoint,
  onlineDeployment,
  batchEndpoint,
  batchDeployment,
  batchInvocation,
  dataImport,
  dataExport,
  schedule,
  releasePlan,
  repository,
  alertRule,
  alertRouting,
  silence,
} as const

export type Kind = keyof typeof kinds

const plain = (word: string) => word.toLowerCase().replaceAll(/[-_]/g, '')

/** The kind of a name, in any spelling: `alert-rule`, `commandJob`, or what Azure calls its schema. */
export const kindNamed = (name: string): Kind | undefined =>
  bySchema.get(plain(name)) ?? (Object.keys(kinds) as Kind[]).find((kind) => plain(kind) === plain(name))

/** Kinds by the file name in `$schema`, without `.schema.json`, in lower case. */
const bySchema = new Map<string, Kind>(
  Object.entries({
    commandjob: 'commandJob',
    pipelinejob: 'pipelineJob',
    commandcomponent: 'commandComponent',
    pipelinecomponent: 'pipelineComponent',
    data: 'data',
    asset: 'data',
    dataimport: 'dataImport',
    dataexport: 'dataExport',
    schedule: 'schedule',
    importdataschedule: 'schedule',
    monitorschedule: 'schedule',
    azureblob: 'datastore',
    azurefile: 'datastore',
    azuredatalakegen1: 'datastore',
    azuredatalakegen2: 'datastore',
    connection: 'connection',
    workspaceconnection: 'connection',
    environment: 'environment',
    model: 'model',
    amlcompute: 'compute',
    computeinstance: 'compute',
    kubernetescompute: 'compute',
    workspace: 'workspace',
    registry: 'registry',
    managedonlineendpoint: 'onlineEndpoint',
    onlineendpoint: 'onlineEndpoint',
    kubernetesonlineendpoint: 'onlineEndpoint',
    managedonlinedeployment: 'onlineDeployment',
    onlinedeployment: 'onlineDeployment',
    kubernetesonlinedeployment: 'onlineDeployment',
    batchendpoint: 'batchEndpoint',
    batchdeployment: 'batchDeployment',
    modelbatchdeployment: 'batchDeployment',
    pipelinecomponentbatchdeployment: 'batchDeployment',
  } as const),
)

const byType = new Map<string, Kind>(
  Object.entries({
    pipeline: 'pipelineJob',
    urifile: 'data',
    urifolder: 'data',
    mltable: 'data',
    datacontract: 'dataContract',
    roleassignment: 'roleAssignment',
    releaseplan: 'releasePlan',
    repository: 'repository',
    alertrule: 'alertRule',
    alertrouting: 'alertRouting',
    silence: 'silence',
    custommodel: 'model',
    mlflowmodel: 'model',
    tritonmodel: 'model',
    azureblob: 'datastore',
    azurefile: 'datastore',
    azuredatalakegen1: 'datastore',
    azuredatalakegen2: 'datastore',
    localfolder: 'datastore',
    s3: 'datastore',
    amlcompute: 'compute',
    computeinstance: 'compute',
    kubernetes: 'compute',
  } as const),
)

/** What Azure ML has files for and Twinloop does not, by `$schema` or `type`. */
const missing = new Map([
  ['sweepjob', 'sweep jobs'],
  ['sweep', 'sweep jobs'],
  ['automljob', 'AutoML jobs'],
  ['automl', 'AutoML jobs'],
  ['paralleljob', 'parallel jobs'],
  ['parallel', 'parallel jobs'],
  ['sparkjob', 'Spark jobs'],
  ['spark', 'Spark jobs'],
])

/**
 * What kind of file this is: by its `$schema`, its `type`, or what is in it. Undefined, with a problem reported, if it
 * cannot be told or is none of Twinloop's.
 */
export function kindOf(source: Source, problems: Problem[]): Kind | undefined {
  const reading = { source, problems }
  const look = lookAt(reading, source.document.contents)
  if (look.kind !== 'map') {
    problems.push({
      source,
      range: [0, 1],
      severity: 'error',
      message: `${source.file} is not a map of fields`,
    })
    return undefined
  }
  const schema = look
    .field('$schema')
    ?.split('/')
    .at(-1)
    ?.replace(/(?:\.schema)?\.json$/i, '')
    .toLowerCase()
  const known = schema === undefined ? undefined : kindNamed(schema)
  if (known !== undefined) return known
  const byContent = kindByContent(look)
  if (byContent !== undefined && (schema === undefined || schema === '')) return byContent
  const type = look.field('type')
  const wanted = missing.get(schema ?? type?.toLowerCase() ?? '')
  problems.push({
    source,
    range: rangeAt(source, schema === undefined ? ['type'] : ['$schema']),
    severity: 'error',
    message:
      wanted !== undefined
        ? `Twinloop has no ${wanted}`
        : schema === undefined
          ? `what kind of file this is cannot be told${type === undefined ? ': it has neither $schema nor type' : ` from type ${type}`}`
          : `Twinloop has no ${schema}`,
    hint: schema === undefined && wanted === undefined ? `add $schema: or type:` : undefined,
  })
  return undefined
}

function kindByContent(look: Look): Kind | undefined {
  const type = look.field('type')?.toLowerCase().replaceAll(/[-_]/g, '')
  if (isBatch(look, type)) return 'batchDeployment'
  if (look.has('jobs') || (type === 'pipeline' && look.has('component')))
    return look.has('is_deterministic') || look.has('version') ? 'pipelineComponent' : 'pipelineJob'
  if (look.has('command') && (type === undefined || type === 'command'))
    return ['is_deterministic', 'version', 'additional_includes'].some((f) => look.has(f))
      ? 'commandComponent'
      : 'commandJob'
  if (look.has('defaults')) return 'batchEndpoint'
  if (look.has('trigger')) return 'schedule'
  if (look.has('source')) return 'dataImport'
  if (look.has('target') && look.has('data')) return 'dataExport'
  if (look.has('instance_type') || look.has('endpoint_name')) return 'onlineDeployment'
  if (look.has('auth_mode') || look.has('traffic')) return 'onlineEndpoint'
  if (look.has('target')) return 'connection'
  const ofType = byType.get(type ?? '')
  if (ofType !== undefined) return ofType
  if (['image', 'conda_file', 'build'].some((f) => look.has(f))) return 'environment'
  if (look.has('path') && look.has('name') && type === undefined) return 'data'
  return undefined
}

/** What only deployments that score in bulk have. */
const isBatch = (look: Look, type: string | undefined) =>
  look.has('endpoint_name') &&
  (type === 'model' ||
    ['settings', 'component', 'job_definition', 'compute', 'mini_batch_size', 'output_action'].some((f) =>
      look.has(f),
    ))
