import type { DocumentGrammar } from '../kernel/grammar/document.ts'
import { parseContract } from './contracts/grammar/parse.ts'
import { contractSchema } from './contracts/grammar/schema.ts'

/** Documents in words of this room. */
export const dataGrammars: readonly DocumentGrammar[] = [
  { name: 'dataContract', mistakesIn: (words) => parseContract(words).mistakes, schema: contractSchema },
]
