import { dataImports } from '../../data/transfers/imports/imports.ts'
import type { Actor } from '../../kernel/access/access.ts'
import { childId } from '../../kernel/resources/arm-id.ts'
import { errors, UserError } from '../../kernel/errors.ts'
import type { Platform } from '../../kernel/platform.ts'
import type { Json } from '../../kernel/resources/resource.ts'
import { parseOrThrow } from '../../kernel/resources/schema.ts'
import { checkJob } from '../jobs/check.ts'
import type { JobProperties } from '../jobs/job.ts'
import { json, text } from '../wire.ts'
import { ownerOf, type Schedule, type ScheduleProperties } from './schedule.ts'
import { periodOf, readTrigger, type Trigger } from './trigger.ts'

/** What a schedule makes each time: the id of it by its name, and its properties. */
export interface Made {
  readonly actionType: 'CreateJob' | 'ImportData' | 'InvokeBatchEndpoint' | 'CreateMonitor'
  readonly id: (name: string) => string
  readonly properties: Json
  /** Id of the batch endpoint that is asked to make it, rather than that it is put. */
  readonly endpoint?: string
}

/** Reads the action of a schedule. Throws a UserError for one that there is not, with what to do instead. */
export async function readAction(
  platform: Platform,
  workspace: string,
  { action }: ScheduleProperties,
): Promise<Made> {
  const target = 'properties.action.actionType'
  switch (action.actionType.toLowerCase()) {
    case 'createjob':
      return {
        actionType: 'CreateJob',
        id: (name) => childId(workspace, 'jobs', name),
        properties: await definitionOf(platform, workspace, action.jobDefinition ?? {}),
      }
    case 'importdata':
      return {
        actionType: 'ImportData',
        id: (name) => `${workspace}/providers/Twinloop/dataImports/${name}`,
        properties: action.dataImportDefinition ?? {},
      }
    case 'createmonitor':
      return {
        actionType: 'CreateMonitor',
        id: (name) => `${workspace}/providers/Twinloop/monitorRuns/${name}`,
        properties: action.monitorDefinition ?? {},
      }
    case 'invokebatchendpoint': {
      const { endpoint, ...properties } = action.endpointInvocationDefinition ?? {}
      const named = text(endpoint)
      if (named === undefined)
        throw errors.validation('A schedule that invokes needs the name of a batch endpoint.', {
          target: 'properties.action.endpointInvocationDefinition.endpoint',
        })
      return {
        actionType: 'InvokeBatchEndpoint',
        id: (name) => childId(workspace, 'jobs', name),
        endpoint: named.startsWith('/')
          ? named
          : childId(workspace, 'batchEndpoints', named.replace(/^azureml:/i, '')),
        properties,
      }
    }
    default:
      throw errors.validation(
        `There is no action '${action.actionType}' of a schedule: there are CreateJob, CreateMonitor, ImportData and InvokeBatchEndpoint.`,
        { target },
      )
  }
}

/** A job by reference is what that job was asked to be, with what the schedule says otherwise. */
async function definitionOf(platform: Platform, workspace: string, said: Json): Promise<Json> {
  const { sourceJobId, ...given } = said
  const source = text(sourceJobId)?.replace(/^azureml:/i, '')
  if (source === undefined) return given
  // Azure's SDK says of every job by reference that it is a pipeline.
  const { jobType: _type, ...own } = given
  const id = source.startsWith('/') ? source : childId(workspace, 'jobs', source)
  const { properties } = await platform.resources.get<JobProperties>(id)
  const { parentJobName: _, stepName: _step, displayName: _display, ...whole } = properties as Json
  const changes = Object.entries(own).filter(([, value]) => !isNothing(value))
  return {
    ...whole,
    ...Object.fromEntries(
      changes.map(([key, value]) => [
        key,
        ['inputs', 'outputs', 'settings', 'tags', 'properties'].includes(key)
          ? { ...json(whole[key]), ...json(value) }
          : value,
      ]),
    ),
  }
}

const isNothing = (value: unknown) =>
  value === null ||
  value === '' ||
  value === undefined ||
  (typeof value === 'object' && Object.keys(value).length === 0)

/**
 * What a schedule would make is checked when it is written, as if it were made. Returns its action as it is to be kept: a
 * monitor's is completed with the defaults of what there is.
 */
export async function checkAction(
  platform: Platform,
  workspace: string,
  actor: Actor,
  properties: ScheduleProperties,
  schedule: { readonly name: string; readonly trigger: Trigger },
): Promise<ScheduleProperties['action']> {
  const made = await readAction(platform, workspace, properties)
  if (made.actionType === 'CreateMonitor') {
    const monitorDefinition = await checkMonitor(platform, workspace, actor, made.properties, schedule)
    return { ...properties.action, actionType: made.actionType, monitorDefinition }
  }
  await checkMade(platform, workspace, actor, made)
  return properties.action
}

async function checkMade(platform: Platform, workspace: string, actor: Actor, made: Made): Promise<void> {
  const name = 'scheduled'
  const id = made.id(name)
  if (made.endpoint !== undefined) return checkInvocation(platform, actor, made.endpoint, made.properties)
  const isJob = made.actionType === 'CreateJob'
  try {
    if (isJob) await checkJob(platform, { workspace, actor, properties: made.properties })
    else {
      await platform.access.require(actor, 'Twinloop/dataImports/write', id)
      const body = {
        properties: parseOrThrow(dataImports.schema, made.properties, 'The import', 'properties'),
      }
      await dataImports.prepare?.({ id, name, scope: workspace, before: undefined, actor, body }, platform)
    }
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    throw at(isJob ? 'jobDefinition' : 'dataImportDefinition', error)
  }
}

/** The endpoint itself says whether it could be invoked so; whoever may not invoke it may not schedule that either. */
async function checkInvocation(
  platform: Platform,
  actor: Actor,
  endpoint: string,
  properties: Json,
): Promise<void> {
  try {
    await platform.resources.act(actor, endpoint, 'checkInvocation', { properties })
  } catch (error) {
    throw error instanceof UserError ? at('endpointInvocationDefinition', error) : error
  }
}

/** Whoever computes monitors says what one would be, completed; training knows no more of it than how often it is due. */
async function checkMonitor(
  platform: Platform,
  workspace: string,
  actor: Actor,
  definition: Json,
  { name, trigger }: { readonly name: string; readonly trigger: Trigger },
): Promise<Json> {
  const input = { monitor: name, definition, periodMs: periodOf(trigger, platform.clock()) }
  try {
    const answer = await platform.resources.act(actor, workspace, 'checkMonitor', input)
    return json(json(answer?.body)?.['definition']) ?? definition
  } catch (error) {
    throw error instanceof UserError ? at('monitorDefinition', error) : error
  }
}

function at(field: string, error: UserError): UserError {
  const placed = (target: string | undefined) =>
    `properties.action.${field}${target === undefined ? '' : target.replace(/^properties/, '')}`
  const details =
    field === 'monitorDefinition'
      ? error.details.map((problem) => ({ ...problem, target: placed(problem.target) }))
      : error.details
  return new UserError(error.kind, error.message, { target: placed(error.target), details, cause: error })
}

/** A window of a monitor, with the definition as it is now. */
const monitorRun = (
  schedule: Schedule,
  definition: Json,
  due: Date,
  { backfill }: { readonly backfill?: boolean },
): Json => ({
  monitor: schedule.name,
  definition,
  at: due.toISOString(),
  periodMs: periodOf(readTrigger(schedule.properties.trigger, new Date(schedule.status.anchor)), due),
  ...(backfill === true ? { backfill } : {}),
})

/** `{schedule}-20260131T101500Z`, as Azure calls what a schedule makes. */
export const runName = (schedule: string, due: Date): string =>
  `${schedule}-${due
    .toISOString()
    .replace(/\.\d+Z$/, 'Z')
    .replaceAll(/[-:]/g, '')}`

/**
 * Makes what the schedule makes for one time, as its owner. However often it is called for the same time, and by
 * whomever, it is made once: its name says the time. Throws a UserError if it may not or cannot be made.
 */
export async function fire(
  schedule: Schedule,
  due: Date,
  platform: Platform,
  options: { readonly backfill?: boolean } = {},
): Promise<{ id: string; made: Made }> {
  const workspace = schedule.id.replace(/\/schedules\/[^/]+$/i, '')
  const made = await readAction(platform, workspace, schedule.properties)
  const name = runName(schedule.name, due)
  const id = made.id(name)
  const properties = {
    ...(made.actionType === 'CreateMonitor'
      ? monitorRun(schedule, made.properties, due, options)
      : made.properties),
    ...(made.actionType === 'CreateJob' ? { displayName: name } : {}),
    properties: {
      ...json(made.properties['properties']),
      'azureml.scheduleName': schedule.name,
      'azureml.scheduleTime': due.toISOString(),
    },
  }
  const owner = ownerOf(schedule)
  try {
    await (made.endpoint === undefined
      ? platform.resources.put(owner, id, { properties }, { ifNoneMatch: '*' })
      : platform.resources.act(owner, made.endpoint, 'invoke', { properties: { ...properties, name } }))
  } catch (error) {
    // A server that was killed had made it already.
    if (!(error instanceof UserError) || error.kind.status !== 412) throw error
  }
  return { id, made }
}
