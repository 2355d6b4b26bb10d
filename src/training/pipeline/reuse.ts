import { createHash } from 'node:crypto'
import { stableJson } from '../../kernel/resources/row.ts'

/** All that decides what a deterministic step makes. What it is called, where and how long it runs is not in it. */
export interface ReuseParts {
  /** The command with its expressions, before values are put in. */
  readonly command: string
  /** Key of the environment that its specification resolves to. */
  readonly environment: string
  /** Digest of the code folder's content; '' where there is none. */
  readonly code: string
  readonly environmentVariables: Readonly<Record<string, string>>
  /** Literals by value, data by the digest of its content, with how it reaches the process. */
  readonly inputs: Readonly<Record<string, ReuseInput>>
  readonly outputs: Readonly<
    Record<string, { readonly type: string; readonly mode: string; readonly path: string }>
  >
}

export type ReuseInput =
  | { readonly literal: string }
  | { readonly type: string; readonly mode: string; readonly digest: string }

/**
 * Two steps with the same key make the same outputs, if they are deterministic as they claim. SHA-256 in hex of the
 * parts as JSON with sorted names, so that the order of declaration does not matter.
 */
export function reuseKey(parts: ReuseParts): string {
  return createHash('sha256').update(stableJson(parts)).digest('hex')
}
