import { nearest } from '../../kernel/nearest.ts'
import type { Side } from './columns.ts'
import type { SchemaDiff } from './diff.ts'

/** Which columns came, went, changed their type or (suspected) their name. */
export function compareSchemas(from: Side, to: Side): SchemaDiff {
  const gone = [...from.columns.values()].filter(({ name }) => !to.columns.has(name))
  const come = [...to.columns.values()].filter(({ name }) => !from.columns.has(name))
  const renamed: { from: string; to: string; because: 'values' | 'name' }[] = []
  const isLeft = ({ name }: { readonly name: string }) =>
    !renamed.some((r) => r.from === name || r.to === name)
  // A column without any values says nothing by them.
  for (const column of gone.filter(({ missing }) => missing < from.rows)) {
    const same = come
      .filter(isLeft)
      .filter((c) => c.fingerprint === column.fingerprint && c.type === column.type)
    if (from.rows === to.rows && same.length === 1 && same[0] !== undefined)
      renamed.push({ from: column.name, to: same[0].name, because: 'values' })
  }
  for (const column of gone.filter(isLeft)) {
    const like = come.filter(isLeft).filter(({ kind }) => kind === column.kind)
    const near =
      like.find(({ name }) => folded(name) === folded(column.name))?.name ??
      nearest(
        column.name,
        like.map(({ name }) => name).filter((name) => name.length > 3 && column.name.length > 3),
      )
    if (near !== undefined) renamed.push({ from: column.name, to: near, because: 'name' })
  }
  const shared = [...from.columns.values()].filter(({ name }) => to.columns.has(name))
  const order = [...to.columns.keys()].filter((name) => from.columns.has(name))
  return {
    added: come.filter(isLeft).map(({ name, type }) => ({ name, type })),
    removed: gone.filter(isLeft).map(({ name, type }) => ({ name, type })),
    renamed,
    retyped: shared.flatMap(({ name, type }) => {
      const now = to.columns.get(name)?.type ?? type
      return now === type ? [] : [{ name, from: type, to: now }]
    }),
    reordered: shared.some(({ name }, i) => order[i] !== name),
  }
}

const folded = (name: string) =>
  name
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]/gu, '')
