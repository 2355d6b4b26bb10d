import type { Body } from '../../../../src/cli/present/present.ts'
import type { MakeKindName } from '../../parts/make-kinds.ts'
import { documents } from './documents/documents.ts'
import { editable } from './documents/editable.ts'

const templates = import.meta.glob<string>('./templates/*.yml', {
  query: '?raw',
  import: 'default',
  eager: true,
})

/** The example that a new document of a kind begins with. */
export const templateOf = (kind: MakeKindName): string => templates[`./templates/${kind}.yml`] ?? ''

/** What is there as the document that makes it again. As a copy it has another name, and no version. */
export async function textOf(kind: MakeKindName, body: Body, isCopy: boolean): Promise<string> {
  const { stringify } = await import('yaml')
  const { shapes, present } = documents[kind]
  const words = editable(present(body), shapes)
  const { version: _, ...copied } = words
  const text = stringify(isCopy ? { ...copied, name: `${String(words['name'])}-copy` } : words, {
    lineWidth: 110,
  })
  return text
}
