import { z } from 'zod'
import { errors } from '../../kernel/errors.ts'
import type { Platform } from '../../kernel/platform.ts'
import type { ActionContext, Prepared, ResourceDefinition, Writing } from '../../kernel/resources/resource.ts'
import { stableJson } from '../../kernel/resources/row.ts'
import { backfill } from './backfill.ts'
import { checkAction, fire } from './fire.ts'
import { asSchedule, scheduleSchema, type ScheduleProperties, type ScheduleState } from './schedule.ts'
import { nextRun, readTrigger } from './trigger.ts'

/** Makes a job or imports data again and again, at the times of a trigger. */
export const schedules: ResourceDefinition<ScheduleProperties> = {
  type: 'workspaces/schedules',
  summary: 'Jobs, imports of data and monitors that are made again and again, at given times.',
  schema: scheduleSchema,
  name: /^[a-zA-Z0-9][\w-]{0,229}$/,
  longRunning: true,
  createdStatus: 201,
  switched: 'status.listed',
  prepare: prepareSchedule,
  present: () => ({ owner: undefined, listed: undefined, anchor: undefined }),
  actions: {
    backfill,
    trigger: {
      input: z.looseObject({ scheduleTime: z.string().nullish() }),
      run: triggerNow,
    },
  },
}

async function prepareSchedule(
  { name, before, body, scope, actor }: Writing<ScheduleProperties>,
  platform: Platform,
): Promise<Prepared<ScheduleProperties>> {
  const { properties } = body
  const { trigger: given, isEnabled } = properties
  // What is made is named by the second in which it is due.
  const now = new Date(Math.floor(platform.clock().getTime() / 1000) * 1000)
  const was = before && asSchedule(before)
  const isSame = was !== undefined && stableJson(was.properties.trigger) === stableJson(given)
  const anchor = isSame ? new Date(was.status.anchor) : now
  const trigger = readTrigger(given, anchor)
  const action = await checkAction(platform, scope, actor, properties, { name, trigger })
  // As Azure has it: without a time to start at, the first run is at once.
  const first = was === undefined && !given.startTime ? now : nextRun(trigger, now)
  if (was === undefined && first === undefined)
    throw errors.validation('This trigger is never due: its end has passed, or no day fits its pattern.', {
      target: 'properties.trigger',
    })
  const goesOn = isSame && was.properties.isEnabled && isEnabled
  const due = goesOn ? was.status.nextRun : isEnabled ? first?.toISOString() : undefined
  const status: ScheduleState = {
    provisioningState: 'Succeeded',
    listed: isEnabled ? 'Enabled' : 'Disabled',
    anchor: anchor.toISOString(),
    owner: { id: actor.id, name: actor.name, kind: actor.kind },
  }
  return { properties: { ...properties, action }, status: { ...status, nextRun: due ?? null } }
}

/** Makes it now, beside the times at which it is due. */
async function triggerNow({ platform, resource, input }: ActionContext) {
  const given = input['scheduleTime']
  const due = typeof given === 'string' ? new Date(given) : platform.clock()
  if (Number.isNaN(due.getTime()))
    throw errors.badRequest(`'${String(given)}' is no time: expected 2026-01-31T10:15:00Z.`, {
      target: 'scheduleTime',
    })
  const { id, made } = await fire(asSchedule(resource), due, platform)
  return { body: { scheduleActionType: made.actionType, submissionId: id.split('/').at(-1) } }
}
