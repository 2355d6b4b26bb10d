import { z } from 'zod'
import type { Json } from '../../kernel/resources/resource.ts'
import { assetFields } from '../../kernel/resources/schema.ts'
import { parseRule, ruleWords } from './grammar/parse.ts'

/** A rule as it is written; what it means is read from it anew wherever it is needed. */
export const ruleSchema: z.ZodType<Json> = z
  .looseObject({
    ...assetFields,
    ...Object.fromEntries(ruleWords.map((word) => [word, z.unknown().optional()])),
  })
  .superRefine((properties, context) => {
    for (const { path, message, hint } of parseRule(properties).mistakes)
      context.addIssue({
        code: 'custom',
        path: [...path],
        message: hint === undefined ? message : `${message} (${hint})`,
      })
  })
