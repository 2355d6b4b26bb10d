import { z } from 'zod'
import { errors } from '../../kernel/errors.ts'

/**
 * Fields of MLflow's messages, read as Protocol Buffers' JSON mapping reads them: snake_case or camelCase names,
 * numbers also as strings, null as absent, one value where a list is expected (query parameters). Unknown fields are
 * passed over.
 */
export const text = z.string()

const wholeNumber = 'expected a whole number of at most 2^53 - 1'

export const int64 = z.union(
  [
    z.int(),
    z
      .string()
      .regex(/^-?\d{1,16}$/)
      .transform(Number)
      .refine(Number.isSafeInteger, wholeNumber),
  ],
  wholeNumber,
)

const specialNumbers = new Map([
  ['NaN', NaN],
  ['Infinity', Infinity],
  ['-Infinity', -Infinity],
])

export const double = z.union(
  [
    z.number(),
    z.string().transform((word, context) => {
      const value = specialNumbers.get(word) ?? (word.trim() === '' ? NaN : Number(word))
      if (Number.isNaN(value) && word !== 'NaN')
        context.addIssue({ code: 'custom', message: 'expected a number' })
      return value
    }),
  ],
  'expected a number',
)

export const flag = z.union([z.boolean(), z.enum(['true', 'false']).transform((word) => word === 'true')])

export const repeated = <T extends z.ZodType>(item: T) =>
  z.preprocess(
    (value) => (value === undefined || value === null ? [] : Array.isArray(value) ? value : [value]),
    z.array(item),
  )

/** An enumeration by name or by number, as clients of all ages send it. */
export const named = <const T extends string>(numbers: Readonly<Record<T, number>>) => {
  const names = Object.keys(numbers) as T[]
  return z.union([text, z.int()]).transform((given, context): T => {
    const found = names.find((name) => name === given || numbers[name] === Number(given))
    if (found !== undefined) return found
    context.addIssue({ code: 'custom', message: `expected one of ${names.join(', ')}` })
    return z.NEVER
  })
}

export function message<S extends z.ZodRawShape>(shape: S) {
  const known = new Map(
    Object.keys(shape).flatMap((name) => [[name, name] as const, [camelCase(name), name] as const]),
  )
  return z.preprocess((value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
    const fields: Record<string, unknown> = {}
    for (const [given, field] of Object.entries(value)) {
      const name = known.get(given)
      if (name !== undefined && field !== null) fields[name] = field
    }
    return fields
  }, z.object(shape))
}

/** A name and a value, as tags and parameters travel. */
export const tag = message({ key: text, value: text.default('') })

/** Empty lists are left out, as in Protocol Buffers' JSON mapping. */
export const filled = <T>(list: readonly T[]) => (list.length === 0 ? undefined : list)

function camelCase(name: string): string {
  return name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())
}

const docs = 'See the API docs for more information about request parameters.'

/** Reads a message, or throws as MLflow's server words it, naming the field. */
export function readMessage<T>(schema: z.ZodType<T>, raw: unknown): T {
  const result = schema.safeParse(raw)
  if (result.success) return result.data
  const issue = result.error.issues[0]
  const path = issue?.path ?? []
  const name = path
    .map((part, i) => (typeof part === 'number' ? `[${part}]` : i === 0 ? String(part) : `.${String(part)}`))
    .join('')
  const value = path.reduce<unknown>(
    (at, part) => (at as Record<PropertyKey, unknown> | undefined)?.[part],
    raw,
  )
  if (value === undefined || value === null)
    throw errors.badRequest(`Missing value for required parameter '${name}'. ${docs}`, { target: name })
  const hint = issue?.code === 'custom' || issue?.code === 'invalid_union' ? `${issue.message}. ` : ''
  throw errors.badRequest(
    `Invalid value ${shown(value)} for parameter '${name}' supplied: ${hint}Hint: Value was of type '${kindOf(value)}'. ${docs}`,
    { target: name },
  )
}

/** A value in a message, cut where it is too long to be read. */
export function shown(value: unknown): string {
  const whole = JSON.stringify(value)
  return whole.length > 100 ? `${whole.slice(0, 100)}…` : whole
}

const kindOf = (value: unknown) => (Array.isArray(value) ? 'list' : value === null ? 'null' : typeof value)
