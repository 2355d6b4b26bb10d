import { dataImports } from '../../data/transfers/imports/imports.ts'
import type { Actor } from '../../kernel/access/access.ts'
import { childId } from '../../kernel/resources/arm-id.ts'
import { errors } from '../../kernel/errors.ts'
import type { Platform } from '../../kernel/platform.ts'
import type { Json, Prepared, Writing } from '../../kernel/resources/resource.ts'
import { parseOrThrow } from '../../kernel/resources/schema.ts'
import { suggestion } from '../components/spec.ts'
import { blamed, locateInput, pinInput } from '../data.ts'
import { outputUri } from '../execution/place-output.ts'
import { checkCommand, parseTemplate } from '../expressions.ts'
import { importProperties } from '../imports/import-node.ts'
import { loadPlan } from '../pipeline/load.ts'
import type { PipelinePlan } from '../pipeline/plan.ts'
import { readSettings } from '../pipeline/settings.ts'
import { checkPrograms } from '../programs.ts'
import { findCompute } from '../references.ts'
import { checkResumed } from '../rerun/resume.ts'
import { json, present, strings, text } from '../wire.ts'
import { changeJob } from './change.ts'
import { readInputs, readOutputs } from './io.ts'
import type { JobInput } from './io.ts'
import { asJob, jobTypes, kindOf } from './job.ts'
import type { Job, JobProperties, JobState } from './job.ts'
import { checkLimits } from './limits.ts'
import { showJob } from './show.ts'

/** Reads and checks all that a job says and refers to, before anything of it is written. */
export async function prepareJob(
  writing: Writing<JobProperties>,
  platform: Platform,
): Promise<Prepared<JobProperties>> {
  const { before, body } = writing
  if (before !== undefined) {
    const job = asJob(before)
    return { properties: changeJob(job, body.properties, showJob(job, platform.urls)) }
  }
  const parent = await parentOf(writing, platform)
  if (parent === undefined) await checkResumed(body.properties, platform, writing.scope)
  const { warnings, pinned } = await check(writing, platform)
  const status: JobState = {
    status: 'NotStarted',
    level: parent === undefined ? 'job' : 'step',
    submittedBy: parent?.status.submittedBy ?? writing.actor.id,
    ...present('owner', parent === undefined ? ownerOf(writing.actor) : parent.status.owner),
    ...present('assetName', strings(body.properties.properties)[assetProperty]),
    rootJobName: parent?.status.rootJobName ?? writing.name,
    computeKey: await findCompute(body.properties.computeId, {
      platform,
      workspace: writing.scope,
      target: 'properties.computeId',
    }),
    pinned,
    ...(warnings.length === 0 ? {} : { warnings }),
  }
  return { status: { ...status } }
}

/** The pipeline that submits this job as its step. Only the platform may say so. */
async function parentOf(writing: Writing<JobProperties>, platform: Platform): Promise<Job | undefined> {
  const name = writing.body.properties.parentJobName
  if (name === null || name === undefined) return undefined
  const id = childId(writing.scope, 'jobs', name)
  const parent =
    writing.actor.id === platform.identity('training').id ? await platform.resources.find(id) : undefined
  if (parent === undefined)
    throw errors.validation('Only a pipeline itself makes jobs of its steps: leave parentJobName out.', {
      target: 'properties.parentJobName',
    })
  return asJob(parent)
}

/** The property by which Azure's clients say which asset a job is there to make, and find it again. */
const assetProperty = 'azureml.materializationAssetName'

const ownerOf = ({ id, name, kind }: Actor) => ({ id, name, kind })

interface Checked {
  readonly warnings: readonly string[]
  readonly pinned: Readonly<Record<string, string>>
}

async function check(writing: Writing<JobProperties>, platform: Platform): Promise<Checked> {
  const { properties } = writing.body
  switch (kindOf(properties)) {
    case 'Command':
      return checkCommandJob(writing, platform)
    case 'Pipeline':
      return checkPipelineJob(writing, platform)
    case 'DataTransfer':
      if (writing.body.properties.parentJobName) return { pinned: {}, warnings: [] }
      throw errors.notImplemented(
        'Data is transferred by a step of a pipeline, or by itself: twinloop data import, twinloop data export.',
        { target: 'properties.jobType' },
      )
    case undefined:
      throw errors.validation(
        `There is no jobType '${properties.jobType}'; there are ${jobTypes.join(', ')}.${suggestion(properties.jobType, jobTypes)}`,
        { target: 'properties.jobType' },
      )
    default:
      throw errors.notImplemented(
        `Jobs of type ${kindOf(properties)} are not run by Twinloop yet; Command and Pipeline jobs are.`,
        { target: 'properties.jobType' },
      )
  }
}

async function checkCommandJob(writing: Writing<JobProperties>, platform: Platform): Promise<Checked> {
  const { scope } = writing
  const { properties } = writing.body
  const inputs = readInputs(properties.inputs)
  const outputs = readOutputs(properties.outputs)
  const command = text(properties.command)
  if (command === undefined || command.trim() === '')
    throw errors.validation('A command job needs a command.', { target: 'properties.command' })
  if (text(properties.environmentId) === undefined)
    throw errors.validation('A command job needs an environment (environmentId).', {
      target: 'properties.environmentId',
    })
  const template = parseTemplate(command, 'properties.command')
  const problems = checkCommand(
    template,
    { inputs: Object.keys(inputs), outputs: Object.keys(outputs) },
    'properties.command',
  )
  if (problems.length > 0)
    throw errors.validation(problems.map((p) => p.message).join(' '), {
      target: 'properties.command',
      details: problems,
    })
  checkLimits(properties.limits)
  await checkOutputs(writing, platform)
  await checkPrograms(
    { code: properties.codeId ?? undefined, environment: properties.environmentId ?? '' },
    { platform, workspace: scope, target: 'properties' },
  )
  const pinned = await pinAll(inputs, platform, scope)
  return { pinned, warnings: [...template.warnings, ...resourceWarnings(properties)] }
}

async function checkPipelineJob(writing: Writing<JobProperties>, platform: Platform): Promise<Checked> {
  const { scope, name } = writing
  const { properties } = writing.body
  const settings = readSettings(properties)
  const inputs = readInputs(properties.inputs)
  await findCompute(settings.defaultCompute, {
    platform,
    workspace: scope,
    target: 'properties.settings.default_compute',
  })
  await checkOutputs(writing, platform)
  const plan = await loadPlan(properties, { platform, workspace: scope, pipeline: name, thorough: true })
  for (const { node } of plan.steps)
    if (node.computeId !== undefined && !node.computeId.includes('${{'))
      await findCompute(node.computeId, {
        platform,
        workspace: scope,
        target: `properties.jobs.${node.name}.computeId`,
      })
  await checkImports(plan, writing, platform)
  const pinned = await pinAll(inputs, platform, scope)
  return { pinned, warnings: [] }
}

/** What a step would import is checked when the pipeline is submitted, as if it were imported. */
async function checkImports(plan: PipelinePlan, writing: Writing<JobProperties>, platform: Platform) {
  const { scope, actor } = writing
  for (const { name, node } of plan.steps) {
    if (node.imports === undefined) continue
    const at = `properties.jobs.${name}`
    const id = `${scope}/providers/Twinloop/dataImports/${name}`
    await platform.access.require(actor, 'Twinloop/dataImports/write', id)
    const properties = parseOrThrow(dataImports.schema, importProperties(node.imports), `Step '${name}'`, at)
    await dataImports.prepare?.({ id, name, scope, before: undefined, actor, body: { properties } }, platform)
  }
}

/** Sees that each output has a place where it can be kept, before hours are spent on making it. */
async function checkOutputs({ id, name, scope, body }: Writing<JobProperties>, platform: Platform) {
  for (const [output, wanted] of Object.entries(readOutputs(body.properties.outputs))) {
    if (wanted.uri === undefined) continue
    const at = { platform, workspace: scope, target: `properties.outputs.${output}.uri` }
    await blamed(at, async () =>
      locateInput(outputUri({ id, name, properties: body.properties }, output, wanted), at),
    )
  }
}

/** What each input of data means now, by name. */
async function pinAll(inputs: Readonly<Record<string, JobInput>>, platform: Platform, workspace: string) {
  const pinned: Record<string, string> = {}
  for (const [name, input] of Object.entries(inputs))
    if ('uri' in input)
      pinned[name] = await pinInput(input, { platform, workspace, target: `properties.inputs.${name}.uri` })
  return pinned
}

function resourceWarnings(properties: JobProperties): readonly string[] {
  const resources: Json = json(properties.resources) ?? {}
  const instances = Number(resources['instanceCount'] ?? resources['instance_count'] ?? 1)
  return instances > 1
    ? [`resources.instance_count is ${instances}; on this machine the command runs as one process.`]
    : []
}
