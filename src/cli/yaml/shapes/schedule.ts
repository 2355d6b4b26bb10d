import { anything, choice, choose, integer, list, map, object, required, text } from '../shape.ts'
import type { Infer, Shape } from '../shape.ts'
import { loadSignals, monitor } from './monitor.ts'
import { dataImport } from './transfer.ts'
import type { DataImport } from './transfer.ts'
import { header, inputs, outputs } from './values.ts'

const numbers = (bounds: { min: number; max: number }): Shape<number | readonly number[]> =>
  choose<number | readonly number[]>('a number or a list of numbers', (look) =>
    look.kind === 'list' ? list(integer(bounds)) : integer(bounds),
  )
const weekDay = choice('monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday')
const pattern = object('a recurrence pattern', {
  hours: numbers({ min: 0, max: 23 }),
  minutes: numbers({ min: 0, max: 59 }),
  week_days: choose<string | readonly string[]>('a day of the week, or a list of them', (look) =>
    look.kind === 'list' ? list(weekDay) : weekDay,
  ),
  month_days: numbers({ min: -1, max: 31 }),
})
/** Azure's samples write `schedule` and `time_zone`, its documentation `pattern` and `timezone`. */
const trigger = object('a trigger', {
  type: required(choice('recurrence', 'cron')),
  frequency: choice('minute', 'hour', 'day', 'week', 'month'),
  interval: integer({ min: 1 }),
  schedule: pattern,
  pattern,
  expression: text(),
  start_time: text(),
  end_time: text(),
  time_zone: text(),
  timezone: text(),
})
export type Trigger = Infer<typeof trigger>

/** Of a job that is scheduled, what may be otherwise than it says itself. */
const scheduledJob = object(
  'a scheduled job',
  {
    type: choice('pipeline', 'command'),
    job: required(text()),
    experiment_name: text(),
    display_name: text(),
    description: text(),
    tags: header.tags,
    compute: text(),
    inputs,
    outputs,
    settings: map(anything()),
  },
  { unknown: 'keep' },
)
export type ScheduledJob = Infer<typeof scheduledJob>

const fields = object('a schedule', {
  ...header,
  display_name: text(),
  trigger: required(trigger),
  create_job: choose<string | ScheduledJob>('a job file, azureml:JOB or { job, inputs, … }', (look) =>
    look.kind === 'map' ? scheduledJob : text(),
  ),
  import_data: choose<string | DataImport>('a data import, or its file', (look) =>
    look.kind === 'map' ? dataImport : text(),
  ),
  invoke_batch_endpoint: object('an invocation', {
    endpoint: required(text()),
    deployment: text(),
    inputs,
    query: text(),
    outputs,
    settings: object('the settings', {
      output_file_name: text(),
      mini_batch_size: integer({ min: 1 }),
      error_threshold: integer({ min: -1 }),
    }),
  }),
  create_monitor: monitor,
})
export type Schedule = Infer<typeof fields>

export const schedule: Shape<Schedule> = {
  ...fields,
  async load(source) {
    if (/^\s*create_monitor\s*:/m.test(source.text)) await loadSignals(source)
  },
}
