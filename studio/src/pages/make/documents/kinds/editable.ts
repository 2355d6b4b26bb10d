import { kinds, type Kind } from '../../../../../../src/cli/yaml/kinds.ts'
import { fieldsOf } from '../../../../../../src/cli/yaml/describe.ts'

type Words = Readonly<Record<string, unknown>>

/**
 * Of what the command line shows of a resource, what a file of it may say: without what only the server knows (its id,
 * who made it, how it stands) and without what says nothing.
 */
export function editable(shown: unknown, shapes: readonly Kind[]): Words {
  const words = shown as Words
  const fields = new Set(shapes.flatMap((shape) => Object.keys(fieldsOf(kinds[shape]) ?? {})))
  return Object.fromEntries(
    Object.entries(words).filter(([key, value]) => fields.has(key) && !isEmpty(value)),
  )
}

const isEmpty = (value: unknown): boolean =>
  value === null || (typeof value === 'object' && Object.keys(value ?? {}).length === 0)
