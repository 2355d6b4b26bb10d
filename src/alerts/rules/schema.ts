import { writtenIn } from '../../kernel/grammar/written.ts'
import { parseRule } from './grammar/parse.ts'
import { ruleWords } from './grammar/words.ts'

/** A rule as it is written; what it means is read from it anew wherever it is needed. */
export const ruleSchema = writtenIn(ruleWords, (properties) => parseRule(properties).mistakes)
