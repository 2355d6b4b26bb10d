import { nearest } from '../../../kernel/nearest.ts'

/** `did you mean x?`, or which names there are. */
export function suggest(name: string, known: readonly string[]): string | undefined {
  const near = nearest(name, known)
  if (near !== undefined) return `did you mean ${near}?`
  if (known.length === 0) return undefined
  return `there ${known.length === 1 ? 'is' : 'are'} ${known.slice(0, 8).join(', ')}${known.length > 8 ? ', …' : ''}`
}
