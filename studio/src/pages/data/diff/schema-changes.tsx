import type { DataDiff } from '../../../api/data-diffs.ts'
import { Panel } from '../../../parts/panel.tsx'
import style from './diff.module.css'

/** Columns that came, went, or are called or typed otherwise; nothing where there are none. */
export function SchemaChanges({ diff: { schema, equal } }: { readonly diff: DataDiff }) {
  const { added, removed, renamed, retyped, reordered } = schema
  const changes = [
    ...added.map(({ name, type }) => ({ what: 'added', name, more: type })),
    ...removed.map(({ name, type }) => ({ what: 'removed', name, more: type })),
    ...renamed.map(({ from, to, because }) => ({
      what: 'renamed',
      name: `${from} → ${to}`,
      more: because === 'values' ? 'it has the same values' : 'suspected by its name',
    })),
    ...retyped.map(({ name, from, to }) => ({ what: 'retyped', name, more: `${from} → ${to}` })),
    ...(reordered ? [{ what: 'reordered', name: '', more: 'the columns stand in another order' }] : []),
  ]
  return (
    <Panel title="Schema">
      {changes.length === 0 ? (
        <p className="muted">
          {equal ? 'The same columns with the same rows.' : 'The same columns of the same types.'}
        </p>
      ) : (
        <ul className={style.schema}>
          {changes.map(({ what, name, more }) => (
            <li key={`${what} ${name}`}>
              <span className={style.change}>{what}</span>
              <span className="mono">{name}</span>
              <span className="muted">{more}</span>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  )
}
