import { z } from 'zod'
import { nearest } from '../nearest.ts'
import { below, complain } from './place.ts'
import type { Place } from './place.ts'

/** What a schema makes of a value; what it finds wrong is told in this grammar's words. `what` is whose parameters they are. */
export function readBy<T>(place: Place, value: unknown, schema: z.ZodType<T>, what: string): T | undefined {
  const found = schema.safeParse(value, { reportInput: true })
  if (found.success) return found.data
  for (const issue of found.error.issues) blame(place, issue, schema, what)
  return undefined
}

function blame(place: Place, issue: z.core.$ZodIssue, schema: z.ZodType, what: string): void {
  const steps = issue.path.map((step) => (typeof step === 'number' ? step : String(step)))
  if (issue.code === 'unrecognized_keys') {
    const known = keysAt(schema, steps)
    for (const key of issue.keys) {
      const near = nearest(key, known)
      complain(below(place, ...steps, key), ` is not a parameter of ${what}`, {
        part: 'key',
        hint:
          near === undefined
            ? known.length === 0
              ? undefined
              : `one of ${known.join(', ')}`
            : `did you mean ${near}?`,
      })
    }
    return
  }
  const isMissing = issue.code === 'invalid_type' && issue.input === undefined
  const last = steps.at(-1)
  if (isMissing && last !== undefined)
    complain(below(place, ...steps.slice(0, -1)), `: ${what} needs ${String(last)}`)
  else complain(below(place, ...steps), `: ${issue.message}`)
}

/** The keys that a schema knows at a path, as far as it can be looked into. */
function keysAt(schema: z.core.$ZodType, path: readonly (string | number)[]): readonly string[] {
  const inner = unwrapped(schema)
  const [step, ...rest] = path
  if (inner instanceof z.ZodObject) {
    const shape = inner.shape as Readonly<Record<string, z.core.$ZodType>>
    if (step === undefined) return Object.keys(shape)
    const next = shape[String(step)]
    return next === undefined ? [] : keysAt(next, rest)
  }
  if (inner instanceof z.ZodRecord && step !== undefined) return keysAt(inner.valueType, rest)
  if (inner instanceof z.ZodArray && step !== undefined) return keysAt(inner.element, rest)
  if (inner instanceof z.ZodUnion)
    return [...new Set(inner.options.flatMap((option) => keysAt(option, path)))]
  return []
}

function unwrapped(schema: z.core.$ZodType): z.core.$ZodType {
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault
  )
    return unwrapped(schema.unwrap())
  if (!(schema instanceof z.ZodPipe)) return schema
  // What is preprocessed is checked by what comes after.
  return unwrapped(schema.in instanceof z.ZodTransform ? schema.out : schema.in)
}
