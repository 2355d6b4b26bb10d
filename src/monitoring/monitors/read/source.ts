import { fieldsOf, optional, perhaps } from '../../../kernel/grammar/fields.ts'
import {
  below,
  complain,
  isMap,
  isText,
  shown,
  type Fields,
  type Place,
} from '../../../kernel/grammar/place.ts'
import { text, type Read } from '../../../kernel/grammar/values.ts'
import { nearest } from '../../../kernel/nearest.ts'
import { before, parseCalendarDuration, type CalendarDuration } from '../duration.ts'
import type { DataSource, SourceWindow } from '../monitor.ts'

const contexts = [
  'model_inputs',
  'model_outputs',
  'model_inputs_outputs',
  'ground_truth',
  'training',
  'test',
  'validation',
] as const

const known = [
  'inputDataType',
  'dataContext',
  'columns',
  'jobInputType',
  'uri',
  'preprocessingComponentId',
  'windowSize',
  'windowOffset',
  'windowStart',
  'windowEnd',
  'collected',
]

const says = { what: 'a source of data', example: '{ inputDataType: Rolling, dataContext: model_inputs, …}' }

/** `model_inputs` and the like, as any of Azure's versions spells it. */
export const plain = (word: string): string => word.replaceAll(/[_\- ]/g, '').toLowerCase()

const context: Read<(typeof contexts)[number]> = (place, value) => {
  const found = isText(value) ? contexts.find((one) => plain(one) === plain(value)) : undefined
  if (found !== undefined) return found
  const near = isText(value) ? nearest(value, contexts) : undefined
  return complain(place, `: ${shown(value)} is none of ${contexts.join(', ')}`, {
    hint: near === undefined ? undefined : `did you mean ${near}?`,
  })
}

const calendar: Read<CalendarDuration> = (place, value) =>
  (isText(value) ? parseCalendarDuration(value) : undefined) ??
  complain(place, `: ${shown(value)} is not an ISO 8601 duration`, { hint: 'such as P7D, P1M, PT1H' })

const moment: Read<Date> = (place, value) => {
  const found = isText(value) && /^\d{4}-\d\d-\d\d/.test(value) ? new Date(value) : undefined
  return found !== undefined && !Number.isNaN(found.getTime())
    ? found
    : complain(place, `: ${shown(value)} is not a time`, {
        hint: 'such as 2026-01-31 or 2026-01-31T10:00:00Z',
      })
}

/** Names of columns by what they are; Azure's are free, so ours are, too. */
export const columns: Read<Readonly<Record<string, string>>> = (place, value) => {
  if (!isMap(value))
    return complain(place, `: ${shown(value)} is not a map of columns`, { hint: '{ target_column: late }' })
  const entries = Object.entries(value).filter(([, column]) => column !== null)
  for (const [name, column] of entries)
    if (!isText(column)) complain(below(place, name), `: ${shown(column)} is not the name of a column`)
  return Object.fromEntries(entries.filter(([, column]) => isText(column))) as Record<string, string>
}

/** Reads one source; windows that roll end at `at`, and months of theirs are calendar months before it. */
export const source =
  (at: Date): Read<DataSource> =>
  (place, value) => {
    const fields = fieldsOf(place, value, known, says)
    if (fields === undefined) return undefined
    const window = windowOf(place, fields, at)
    const uri = perhaps(place, fields, 'uri', text)
    const type = perhaps(place, fields, 'jobInputType', text)
    const preprocessing = perhaps(place, fields, 'preprocessingComponentId', text)
    const isCollected = isText(fields['collected'])
    if (uri === undefined && !isCollected)
      return complain(place, ' names no data', {
        hint: 'give its uri, or watch a deployment that collects data',
      })
    return {
      context: perhaps(place, fields, 'dataContext', context),
      ...(uri === undefined || isCollected ? {} : { uri }),
      ...(type === undefined ? {} : { type }),
      window: window ?? { kind: 'whole' },
      columns: optional(place, fields, 'columns', columns, {}) ?? {},
      ...(preprocessing === undefined ? {} : { preprocessing }),
    }
  }

function windowOf(place: Place, fields: Fields, at: Date): SourceWindow | undefined {
  const kind = isText(fields['inputDataType']) ? plain(fields['inputDataType']) : guessed(fields)
  switch (kind) {
    case 'fixed':
      return { kind: 'whole' }
    case 'static': {
      const from = moment(below(place, 'windowStart'), fields['windowStart'])
      const to = moment(below(place, 'windowEnd'), fields['windowEnd'])
      if (from === undefined || to === undefined) return undefined
      if (from >= to) return complain(below(place, 'windowEnd'), ' is not after windowStart')
      return { kind: 'static', from, to }
    }
    // `Trailing` is what Rolling was called in previews, and what azure-ai-ml sends to this day.
    case 'rolling':
    case 'trailing': {
      const size = calendar(below(place, 'windowSize'), fields['windowSize'])
      const offset = optional(place, fields, 'windowOffset', calendar, { months: 0, ms: 0 })
      if (size === undefined || offset === undefined) return undefined
      const end = before(at, offset)
      const sizeMs = end.getTime() - before(end, size).getTime()
      if (sizeMs <= 0) return complain(below(place, 'windowSize'), ' is no time at all')
      return { kind: 'rolling', sizeMs, offsetMs: at.getTime() - end.getTime() }
    }
    default:
      return complain(
        below(place, 'inputDataType'),
        `: ${shown(fields['inputDataType'])} is not one of Fixed, Rolling, Static`,
      )
  }
}

const guessed = (fields: Fields): string =>
  isText(fields['windowSize']) ? 'rolling' : isText(fields['windowStart']) ? 'static' : 'fixed'
