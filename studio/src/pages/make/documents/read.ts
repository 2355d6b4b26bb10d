import { checkLoaded, type Followed } from '../../../../../src/cli/yaml/checks/check.ts'
import type { Kind } from '../../../../../src/cli/yaml/kinds.ts'
import { loadSource, type Loaded } from '../../../../../src/cli/yaml/load.ts'
import type { Problem } from '../../../../../src/cli/yaml/problem.ts'
import { parseSource, type Reach, type Source } from '../../../../../src/cli/yaml/source.ts'

/** A text, and all that the command line would say of it without a server. */
export interface Reading {
  readonly source: Source
  readonly loaded: Loaded<unknown> | undefined
  readonly followed: Followed
  readonly problems: readonly Problem[]
}

/** Reads a document by the command line's own functions. `file` is what messages call it. */
export async function readDocument(
  text: string,
  kinds: readonly Kind[],
  reach: Reach,
  file: string,
): Promise<Reading> {
  const source = parseSource(text, file, '', reach)
  const problems: Problem[] = []
  const loaded = await loadSource(source, problems, kinds)
  const followed = loaded === undefined ? {} : await checkLoaded(loaded, problems)
  return { source, loaded, followed, problems }
}
