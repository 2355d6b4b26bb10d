import type { DocumentGrammar } from '../../kernel/grammar/document.ts'
import type { Grammar, Grammars } from './source.ts'

/**
 * The server's own grammars, each loaded where a file has something of it: every gate, signal and action brings its
 * schema along, and only files that are about them pay for that.
 */
export async function grammarOf(name: Grammar): Promise<DocumentGrammar> {
  const found = (await load(name)).find((grammar) => grammar.name === name)
  if (found === undefined) throw new Error(`no room has the grammar ${name}`)
  return found
}

async function load(name: Grammar): Promise<readonly DocumentGrammar[]> {
  switch (name) {
    case 'releasePlan':
    case 'repository':
      return (await import('../../release/grammars.ts')).releaseGrammars
    case 'signal':
      return (await import('../../monitoring/grammars.ts')).monitoringGrammars
    case 'dataContract':
      return (await import('../../data/grammars.ts')).dataGrammars
    default:
      return (await import('../../alerts/grammars.ts')).alertGrammars
  }
}

const judged = (name: Grammar) => async () => (await grammarOf(name)).mistakesIn

/** The grammars themselves, for a process that has them. */
export const grammars: Grammars = {
  releasePlan: judged('releasePlan'),
  repository: judged('repository'),
  signal: judged('signal'),
  dataContract: judged('dataContract'),
  alertRule: judged('alertRule'),
  alertRouting: judged('alertRouting'),
  silence: judged('silence'),
}
