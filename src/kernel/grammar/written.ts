import { z } from 'zod'
import type { Json } from '../resources/resource.ts'
import { assetFields } from '../resources/schema.ts'
import type { Mistake } from './place.ts'

/**
 * The schema of a resource that is kept as it is written, in a grammar's words: what it means is read from it anew wherever
 * it is needed. Every mistake of the grammar is an issue at its place.
 */
export const writtenIn = (
  words: readonly string[],
  mistakesIn: (properties: Json) => readonly Mistake[],
): z.ZodType<Json> =>
  z
    .looseObject({
      ...assetFields,
      ...Object.fromEntries(words.map((word) => [word, z.unknown().optional()])),
    })
    .superRefine((properties, context) => {
      for (const { path, message, hint } of mistakesIn(properties))
        context.addIssue({
          code: 'custom',
          path: [...path],
          message: hint === undefined ? message : `${message} (${hint})`,
        })
    })
