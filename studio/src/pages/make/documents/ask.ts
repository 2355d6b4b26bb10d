import type { Client } from '../../../../../src/cli/client/client.ts'
import { ownWords } from '../../../../../src/cli/yaml/shapes/spoken.ts'
import type { Grammar, Judge, Path, Source } from '../../../../../src/cli/yaml/source.ts'
import type { AskGrammar } from './reach.ts'

type Mistakes = ReturnType<Judge>
type Words = Readonly<Record<string, unknown>>

/** Asks the server what its grammars say of a document. Where it does not answer, nothing is said until it does. */
export function asking(client: Client): AskGrammar {
  const ask = async (grammar: Grammar, document: unknown, path: Path = []): Promise<Mistakes> =>
    (await client.post<{ mistakes: Mistakes }>('/checkDocument', { grammar, document, path })).mistakes
  return async (grammar, source) => {
    const words = wordsOf(source)
    if (grammar !== 'signal') {
      const mistakes = await ask(grammar, ownWords(words)).catch(() => [])
      return () => mistakes
    }
    const path = ['create_monitor', 'monitoring_signals']
    const signals = Object.entries(path.reduce<Words>((at, step) => mapAt(at, step), words))
    const found = new Map(
      await Promise.all(
        signals.map(
          async ([name]) =>
            [
              name,
              await ask(grammar, mapAt(Object.fromEntries(signals), name), [...path, name]).catch(() => []),
            ] as const,
        ),
      ),
    )
    return (_, at) => found.get(String(at.at(-1))) ?? []
  }
}

/** A document's plain words; none while its aliases lead nowhere. */
function wordsOf({ document }: Source): Words {
  try {
    const words: unknown = document.toJS()
    return mapAt({ words }, 'words')
  } catch {
    return {}
  }
}

const mapAt = (map: Words, key: string): Words => {
  const found = map[key]
  return typeof found === 'object' && found !== null && !Array.isArray(found) ? (found as Words) : {}
}
