import type { DocumentGrammar } from '../kernel/grammar/document.ts'
import { listOf, takenBy } from '../kernel/grammar/json-schema.ts'
import { mistakesIn, rulesSchema } from './ci/rules/rule.ts'
import { parsePlan } from './plan/grammar/parse.ts'
import { planSchema } from './plan/grammar/schema.ts'

/** Documents in words of this room. */
export const releaseGrammars: readonly DocumentGrammar[] = [
  { name: 'releasePlan', mistakesIn: (words) => parsePlan(words).mistakes, schema: planSchema },
  {
    name: 'repository',
    mistakesIn: ({ rules }) =>
      rules === undefined
        ? []
        : mistakesIn(rules).map((one) => ({ part: 'value', ...one, path: ['rules', ...one.path] })),
    schema: () => ({
      type: 'object',
      properties: { rules: { ...listOf('What starts what.', {}), ...takenBy(rulesSchema) } },
    }),
  },
]
