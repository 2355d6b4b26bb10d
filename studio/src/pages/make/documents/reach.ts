import { Failure } from '../../../../../src/cli/failure.ts'
import type { Grammar, Judge, Reach, Source } from '../../../../../src/cli/yaml/source.ts'

/** Asks what a grammar of the server says of a document. */
export type AskGrammar = (grammar: Grammar, source: Source) => Promise<Judge>

/**
 * What a browser reaches: the files that were given to it, by the paths that the document has for them, and the server's
 * grammars by asking.
 */
export function browserReach(files: ReadonlyMap<string, unknown>, ask: AskGrammar): Reach {
  const judged = (grammar: Grammar) => (source: Source) => ask(grammar, source)
  return {
    resolve: (_, path) => path,
    open: async (path) => {
      throw new Failure(`a browser does not see ${path}`, { hint: 'write out what it says' })
    },
    look: async (path) => (files.has(path) ? 'file' : undefined),
    lookedIn: () =>
      'a browser does not see your files: choose it beside the text, or create this by the command line',
    grammars: {
      dataContract: judged('dataContract'),
      releasePlan: judged('releasePlan'),
      alertRule: judged('alertRule'),
      alertRouting: judged('alertRouting'),
      silence: judged('silence'),
      repository: judged('repository'),
      signal: judged('signal'),
    },
  }
}
