import { createHash, timingSafeEqual } from 'node:crypto'
import type { Json } from '../../../kernel/resources/resource.ts'
import type { Reading } from './host.ts'

/** The value at a path of somebody else's JSON, if it is a text; '' otherwise. */
export function textAt(body: Json, ...path: readonly string[]): string {
  const value = at(body, path)
  return typeof value === 'string' ? value : ''
}

export function numberAt(body: Json, ...path: readonly string[]): number {
  const value = at(body, path)
  return typeof value === 'number' ? value : Number.NaN
}

export function listAt(body: Json, ...path: readonly string[]): readonly Json[] {
  const value = at(body, path)
  return Array.isArray(value)
    ? value.filter((item): item is Json => typeof item === 'object' && item !== null)
    : []
}

const textsAt = (body: Json, name: string): readonly string[] => {
  const value = body[name]
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []
}

function at(body: Json, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (value, name) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, name)
        ? (value as Json)[name]
        : undefined,
    body,
  )
}

/** Compares secrets in a time that tells nothing of where they differ, nor of their lengths. */
export const isEqual = (a: string, b: string): boolean => timingSafeEqual(digest(a), digest(b))
const digest = (text: string) => createHash('sha256').update(text).digest()

export const hexOf = (content: string | Uint8Array): string =>
  createHash('sha256').update(content).digest('hex')

/** The branch or tag that a full reference of git's names. */
export function referenceOf(ref: string): { readonly branch?: string; readonly tag?: string } {
  const [, kind, name] = /^refs\/(heads|tags)\/(.+)$/.exec(ref) ?? []
  return name === undefined ? {} : kind === 'heads' ? { branch: name } : { tag: name }
}

export const isCommit = (text: string): boolean =>
  /^[0-9a-f]{40}([0-9a-f]{24})?$/.test(text) && !/^0+$/.test(text)

/** The event of a push, or why it is none: what is deleted has no commit. */
export function pushed(ref: string, commit: string, paths: readonly string[] | undefined): Reading {
  const { branch, tag } = referenceOf(ref)
  if (!isCommit(commit)) return { ignored: `${ref} was deleted` }
  if (tag !== undefined) return { event: { kind: 'tag', commit, tag } }
  if (branch === undefined) return { ignored: `${ref} is neither a branch nor a tag` }
  return { event: { kind: 'push', commit, branch, ...(paths === undefined ? {} : { paths }) } }
}

/** More names of files are not looked at: what cannot be told may have changed. */
const mostPaths = 5000

/** Files that some commits changed, each once; undefined if they are too many. */
export function changedBy(commits: readonly Json[]): readonly string[] | undefined {
  const names = ['added', 'modified', 'removed']
  const paths = new Set(commits.flatMap((commit) => names.flatMap((name) => textsAt(commit, name))))
  return paths.size > mostPaths ? undefined : [...paths]
}
