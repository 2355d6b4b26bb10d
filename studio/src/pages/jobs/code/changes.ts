import type { CodeFile } from '../../../api/code.ts'

/** A file that is not the same in two versions of code. */
export interface FileChange {
  readonly path: string
  readonly how: 'added' | 'removed' | 'changed'
  readonly before: CodeFile | undefined
  readonly after: CodeFile | undefined
}

/** What differs, by path: by the digests where the store knows them, else by the sizes. */
export function changesOf(before: readonly CodeFile[], after: readonly CodeFile[]): readonly FileChange[] {
  const [old, now] = [before, after].map((files) => new Map(files.map((file) => [file.path, file])))
  const paths = [...new Set([...(old?.keys() ?? []), ...(now?.keys() ?? [])])].toSorted()
  return paths.flatMap((path): readonly FileChange[] => {
    const [a, b] = [old?.get(path), now?.get(path)]
    if (a !== undefined && b !== undefined && isSame(a, b)) return []
    return [
      { path, how: a === undefined ? 'added' : b === undefined ? 'removed' : 'changed', before: a, after: b },
    ]
  })
}

const isSame = (a: CodeFile, b: CodeFile) =>
  a.bytes === b.bytes && (a.url === b.url || a.md5 === undefined || b.md5 === undefined || a.md5 === b.md5)
