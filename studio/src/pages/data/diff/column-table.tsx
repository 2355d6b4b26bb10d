import type { DataDiff, DiffColumn } from '../../../api/data-diffs.ts'
import { Table, type Column } from '../../../parts/table/table.tsx'
import { metric, percent } from '../../../words/numbers.ts'
import { chanceOf } from './chance.ts'

/** The columns that both have, as one table to be sorted. */
export function ColumnTable({ diff }: { readonly diff: DataDiff }) {
  const columns: readonly Column<DiffColumn>[] = [
    {
      id: 'name',
      header: 'Column',
      width: 'minmax(150px, 1.4fr)',
      cell: ({ name, renamedTo }) => (
        <span className="mono">{renamedTo === undefined ? name : `${name} → ${renamedTo}`}</span>
      ),
      sort: ({ name }) => name,
      text: ({ name, renamedTo }) => `${name} ${renamedTo ?? ''}`,
    },
    {
      id: 'kind',
      header: 'Kind',
      width: '110px',
      cell: ({ kind }) => kind,
      sort: ({ kind }) => kind,
      text: ({ kind }) => kind,
    },
    {
      id: 'distance',
      header: 'Distance',
      width: '100px',
      align: 'right',
      cell: ({ distance, same }) => (same ? <span className="muted">same</span> : metric(distance)),
      sort: ({ distance }) => distance,
    },
    {
      id: 'chance',
      header: 'By chance up to',
      width: '130px',
      align: 'right',
      cell: (column) => metric(chanceOf(column, diff)),
      sort: (column) => chanceOf(column, diff),
    },
    {
      id: 'psi',
      header: 'PSI',
      width: '90px',
      align: 'right',
      cell: ({ populationStabilityIndex: psi }) => metric(psi),
      sort: ({ populationStabilityIndex: psi }) => psi,
    },
    {
      id: 'before',
      header: 'Mean before',
      width: '110px',
      align: 'right',
      cell: ({ numeric }) => metric(numeric?.from.mean),
      sort: ({ numeric }) => numeric?.from.mean ?? undefined,
    },
    {
      id: 'after',
      header: 'Mean after',
      width: '110px',
      align: 'right',
      cell: ({ numeric }) => metric(numeric?.to.mean),
      sort: ({ numeric }) => numeric?.to.mean ?? undefined,
    },
    {
      id: 'missing',
      header: 'Missing, change',
      width: '130px',
      align: 'right',
      cell: ({ missing }) => pp(missing.to - missing.from),
      sort: ({ missing }) => Math.abs(missing.to - missing.from),
    },
    {
      id: 'after-missing',
      header: 'Missing after',
      width: '120px',
      align: 'right',
      cell: ({ missing }) => percent(missing.to, 2),
      sort: ({ missing }) => missing.to,
      extra: true,
    },
    {
      id: 'new',
      header: 'New / gone values',
      width: '140px',
      align: 'right',
      cell: ({ newValues, goneValues }) =>
        newValues === undefined ? '' : `${newValues.count} / ${goneValues?.count ?? 0}`,
      sort: ({ newValues }) => newValues?.count,
    },
  ]
  return (
    <Table
      rows={diff.columns}
      columns={columns}
      rowKey={({ name }) => name}
      label="columns"
      initial="-distance"
      prefix="c."
    />
  )
}

const pp = (change: number) =>
  Math.abs(change) < 5e-5 ? '0' : `${change > 0 ? '+' : '−'}${Math.abs(change * 100).toFixed(2)} pp`
