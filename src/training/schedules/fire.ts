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

/** What a schedule makes each time: the id of it by its name, and its properties. */
export interface Made {
  readonly actionType: 'CreateJob' | 'ImportData' | 'InvokeBatchEndpoint'
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
      throw errors.notImplemented(
        'Schedules that create monitors are not served: there is no monitoring of models here. Schedule a job that computes what you watch, with create_job.',
        { target },
      )
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
        `There is no action '${action.actionType}' of a schedule: there are CreateJob, ImportData and InvokeBatchEndpoint.`,
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

/** What a schedule would make is checked when it is written, as if it were made. */
export async function checkAction(
  platform: Platform,
  workspace: string,
  actor: Actor,
  properties: ScheduleProperties,
): Promise<void> {
  const made = await readAction(platform, workspace, properties)
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

function at(field: string, error: UserError): UserError {
  const target = `properties.action.${field}${error.target === undefined ? '' : error.target.replace(/^properties/, '')}`
  return new UserError(error.kind, error.message, { target, details: error.details, cause: error })
}

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
): Promise<{ id: string; made: Made }> {
  const workspace = schedule.id.replace(/\/schedules\/[^/]+$/i, '')
  const made = await readAction(platform, workspace, schedule.properties)
  const name = runName(schedule.name, due)
  const id = made.id(name)
  const properties = {
    ...made.properties,
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
