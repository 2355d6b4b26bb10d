import { z } from 'zod'
import type { Actor } from '../../kernel/access/access.ts'
import type { Resource } from '../../kernel/resources/resource.ts'
import { textMap } from '../../kernel/resources/schema.ts'
import { triggerSchema } from './trigger.ts'

export const scheduleSchema = z.looseObject({
  displayName: z.string().nullish(),
  description: z.string().nullish(),
  tags: textMap.nullish(),
  properties: textMap.nullish(),
  isEnabled: z.boolean().default(true),
  trigger: triggerSchema,
  action: z.looseObject({
    actionType: z.string(),
    jobDefinition: z.record(z.string(), z.unknown()).nullish(),
    dataImportDefinition: z.record(z.string(), z.unknown()).nullish(),
    /** The endpoint's name beside the properties of an invocation. */
    endpointInvocationDefinition: z.record(z.string(), z.unknown()).nullish(),
    monitorDefinition: z.record(z.string(), z.unknown()).nullish(),
  }),
})
export type ScheduleProperties = z.infer<typeof scheduleSchema>

export interface LastRun {
  /** When it was due, and when it was done. */
  readonly due: string
  readonly at: string
  /** The job or import that was made. */
  readonly id?: string
  /** Why none was. */
  readonly error?: string
}

export interface ScheduleState {
  readonly provisioningState: 'Succeeded'
  /** By which LIST tells them apart. */
  readonly listed: 'Enabled' | 'Disabled'
  /** Where intervals are counted from where the trigger says no start. */
  readonly anchor: string
  /** ISO time; null when nothing is due any more. */
  readonly nextRun?: string
  readonly lastRun?: LastRun
  /** Who wrote it last, and under whose rights it acts. */
  readonly owner: Pick<Actor, 'id' | 'name' | 'kind'>
}

export type Schedule = Resource<ScheduleProperties, ScheduleState>
export const asSchedule = (resource: Resource): Schedule => resource as unknown as Schedule
export const ownerOf = ({ status }: Schedule): Actor => ({ ...status.owner, confinedTo: '' })
