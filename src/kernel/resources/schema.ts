import { z } from 'zod'
import { errors, type Problem } from '../errors.ts'
import { nearest } from '../nearest.ts'

const folded = (word: string) => word.replaceAll(/[_\- ]/g, '').toLowerCase()

/**
 * One of these words, understood in any case and with or without `_` and `-`, so that spellings of older
 * api-versions (`UriFile`) map to the canonical one (`uri_file`). `aliases` adds further spellings.
 */
export function oneOf<const T extends string>(
  words: readonly T[],
  aliases: Readonly<Record<string, T>> = {},
) {
  const known = new Map<string, T>([
    ...words.map((w): [string, T] => [folded(w), w]),
    ...Object.entries(aliases).map(([a, w]): [string, T] => [folded(a), w]),
  ])
  // Editors are shown the canonical words; what is understood is more.
  return z
    .string()
    .meta({ enum: words })
    .transform((word, context): T => {
      const match = known.get(folded(word))
      if (match !== undefined) return match
      const near = nearest(word, words)
      context.addIssue({
        code: 'custom',
        message: `'${word}' is not one of ${words.join(', ')}${near === undefined ? '' : `; did you mean ${near}?`}`,
      })
      return z.NEVER
    })
}

/** Tags and the like: text by name. Numbers and booleans are written out, null removes. */
export const textMap = z
  .record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]))
  .transform((map) =>
    Object.fromEntries(
      Object.entries(map).flatMap(([k, v]) => (v === null ? [] : [[k, String(v)] as const])),
    ),
  )

/** Fields that every asset has: description, tags, properties, and whether it is anonymous or archived. */
export const assetFields = {
  description: z.string().nullish(),
  tags: textMap.nullish(),
  properties: textMap.nullish(),
  isAnonymous: z.boolean().nullish(),
  isArchived: z.boolean().nullish(),
}

/** Parses or throws a validation error that lists every problem with its dotted path. */
export function parseOrThrow<T>(schema: z.ZodType<T>, value: unknown, what: string, path = ''): T {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const details = result.error.issues.map((issue): Problem => {
    const target = [path, ...issue.path.map(String)].filter((s) => s !== '').join('.')
    return target === '' ? { message: issue.message } : { target, message: issue.message }
  })
  const first = details[0]
  const where = first?.target === undefined ? '' : `${first.target}: `
  const more =
    details.length > 1 ? ` (and ${details.length - 1} more problem${details.length > 2 ? 's' : ''})` : ''
  throw errors.validation(`${what} is not valid: ${where}${first?.message ?? ''}${more}`, {
    details,
    ...(first?.target === undefined ? {} : { target: first.target }),
  })
}
