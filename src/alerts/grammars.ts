import type { DocumentGrammar } from '../kernel/grammar/document.ts'
import { readActions } from './actions/planning/read.ts'
import { parsePolicy } from './routing/policy/parse.ts'
import { routingSchema } from './routing/policy/schema.ts'
import { parseRule } from './rules/grammar/parse.ts'
import { ruleSchema } from './rules/grammar/schema.ts'
import { silenceSchema } from './silences/schema.ts'
import { parseSilence } from './silences/silence.ts'

/** Documents in words of this room. */
export const alertGrammars: readonly DocumentGrammar[] = [
  {
    name: 'alertRule',
    mistakesIn(words) {
      const { rule, mistakes } = parseRule(words)
      return rule === undefined ? mistakes : readActions(rule.actions).mistakes
    },
    schema: ruleSchema,
  },
  { name: 'alertRouting', mistakesIn: (words) => parsePolicy(words).mistakes, schema: routingSchema },
  { name: 'silence', mistakesIn: (words) => parseSilence(words, new Date()).mistakes, schema: silenceSchema },
]
