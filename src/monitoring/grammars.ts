import type { DocumentGrammar } from '../kernel/grammar/document.ts'
import { signalMistakes } from './signals/words/mistakes.ts'
import { signalSchema } from './signals/words/schema.ts'

/** Documents in words of this room: a monitor's signals, each for itself. */
export const monitoringGrammars: readonly DocumentGrammar[] = [
  { name: 'signal', mistakesIn: signalMistakes, schema: signalSchema },
]
