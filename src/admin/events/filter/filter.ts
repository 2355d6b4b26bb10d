import { z } from 'zod'
import type { StoredEvent } from '../../../kernel/resources/resource.ts'
import { oneOf } from '../../../kernel/resources/schema.ts'
import { fits, operators, type Operator } from './operators.ts'

/** Event Grid's limits. */
const [mostFilters, mostValues] = [25, 25]

const scalar = z.union([z.string(), z.number(), z.boolean()])
const advanced = z
  .looseObject({
    operatorType: oneOf(Object.keys(operators) as Operator[]),
    /** `subject`, `type`, `source`, `id`, or a path into the event: `data.runStatus`. */
    key: z.string().min(1),
    value: scalar.optional(),
    values: z
      .array(z.union([scalar, z.array(z.number())]))
      .max(mostValues)
      .optional(),
  })
  .superRefine(({ operatorType, value, values }, context) => {
    const { takes } = operators[operatorType]
    const wrong =
      takes === 'nothing'
        ? value !== undefined || values !== undefined
        : takes === 'value'
          ? value === undefined || values !== undefined
          : values === undefined || values.length === 0 || value !== undefined
    if (wrong)
      context.addIssue({
        code: 'custom',
        message: `${operatorType} needs ${takes === 'nothing' ? 'neither value nor values' : takes}`,
      })
  })

/** Which events a subscription is told of, as Event Grid has it: all that is said must hold. */
export const filterSchema = z.strictObject({
  /** Default: all but those that tell only that some resource was written. */
  includedEventTypes: z.array(z.string().min(1)).nullish(),
  subjectBeginsWith: z.string().nullish(),
  subjectEndsWith: z.string().nullish(),
  isSubjectCaseSensitive: z.boolean().default(false),
  advancedFilters: z.array(advanced).max(mostFilters).nullish(),
  /** True: of a list any item may fit. */
  enableAdvancedFilteringOnArrays: z.boolean().default(false),
})
export type EventFilter = z.infer<typeof filterSchema>

/** Events that only tell that some resource is not as it was: who wants them names them. */
export const mereTypes = [
  'Microsoft.Resources.ResourceWriteSuccess',
  'Microsoft.Resources.ResourceDeleteSuccess',
  'Twinloop.ResourceStatusChanged',
]
const mere = mereTypes.map((type) => type.toLowerCase())

/** Subscriptions are not told of themselves: every delivery would have to be told of. */
const ofSubscriptions = /\/providers\/twinloop\/eventsubscriptions\//i

export function matches(filter: EventFilter, event: Omit<StoredEvent, 'seq'>): boolean {
  const type = event.type.toLowerCase()
  const types = filter.includedEventTypes ?? []
  if (types.length > 0 ? !types.some((wanted) => wanted.toLowerCase() === type) : mere.includes(type))
    return false
  if (ofSubscriptions.test(event.subject)) return false
  const folded = (text: string) => (filter.isSubjectCaseSensitive ? text : text.toLowerCase())
  const subject = folded(event.subject)
  if (!subject.startsWith(folded(filter.subjectBeginsWith ?? ''))) return false
  if (!subject.endsWith(folded(filter.subjectEndsWith ?? ''))) return false
  return (filter.advancedFilters ?? []).every((one) =>
    fits(one, at(event, one.key), filter.enableAdvancedFilteringOnArrays),
  )
}

/** What is at a dotted path of an event, whatever the case of its words. */
function at(event: Omit<StoredEvent, 'seq'>, path: string): unknown {
  let found: unknown = event
  for (const step of path.split('.')) {
    if (typeof found !== 'object' || found === null) return undefined
    const key = Object.keys(found).find((one) => one.toLowerCase() === step.toLowerCase())
    found = key === undefined ? undefined : (found as Readonly<Record<string, unknown>>)[key]
  }
  return found instanceof Date ? found.toISOString() : found
}
