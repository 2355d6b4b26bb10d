import type { Body } from '../../../../src/cli/present/present.ts'
import { inShort, jobAgain } from './job-again.ts'
import type { MakeKindName } from '../../parts/make-kinds.ts'
import { editable } from './documents/editable.ts'
import { shapesOf } from './documents/shapes.ts'

const templates = import.meta.glob<string>('./templates/*.yml', {
  query: '?raw',
  import: 'default',
  eager: true,
})

/** The example that a new document of a kind begins with. */
export const templateOf = (kind: MakeKindName): string => templates[`./templates/${kind}.yml`] ?? ''

/** What is there as the document that makes it again. As a copy it has another name, and no version. */
export async function textOf(kind: MakeKindName, body: Body, isCopy: boolean): Promise<string> {
  const [{ parse, stringify }, { documents }] = await Promise.all([
    import('yaml'),
    import('./documents/documents.ts'),
  ])
  const words = editable(documents[kind].present(body), shapesOf[kind])
  const { version: _, ...copied } = kind === 'job' ? jobAgain(words) : words
  // What cannot be changed gets a version beside it.
  if (kind === 'environment' && !isCopy) {
    const { conda_file: conda } = copied
    const packages: unknown = typeof conda === 'string' ? parse(conda) : conda
    return stringify(
      { ...copied, ...(packages === undefined ? {} : { conda_file: packages }) },
      { lineWidth: 110 },
    )
  }
  if (!isCopy) return stringify(words, { lineWidth: 110 })
  if (kind === 'job') return inShort(stringify(copied, { lineWidth: 110 }), body.id ?? '')
  return stringify({ ...copied, name: `${String(words['name'])}-copy` }, { lineWidth: 110 })
}
