import { nearest } from '../../../kernel/nearest.ts'

/**
 * The name among those that are new under which a column that has gone may go on: by the nearest spelling, or by the same
 * words, some of them shortened (`departure_delay`, `DepDelay`). Undefined where none looks like it.
 */
export const renamedTo = (gone: string, fresh: readonly string[]): string | undefined =>
  nearest(gone, fresh) ?? fresh.find((name) => isSameWords(words(gone), words(name)))

const words = (name: string): readonly string[] =>
  name
    .replaceAll(/(?<=\p{Ll})(?=\p{Lu})/gu, ' ')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '')

const isSameWords = (a: readonly string[], b: readonly string[]) =>
  a.length === b.length &&
  a.every((word, i) => word.startsWith(b[i] ?? '-') || b[i]?.startsWith(word) === true)
