import type { AskGrammar } from './reach.ts'

export const askNothing: AskGrammar = async () => () => []
