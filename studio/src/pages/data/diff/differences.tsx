import { Button, SegmentedControl, Tabs, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { DataDiff } from '../../../api/data-diffs.ts'
import { useSearchWord } from '../../../frame/search.ts'
import { IconSearch } from '../../../parts/icons.ts'
import { Stack } from '../../../parts/page.tsx'
import { Figure, Figures, Panel } from '../../../parts/panel.tsx'
import { NoMatch } from '../../../parts/states.tsx'
import { plural } from '../../../words/names.ts'
import { bytes, exact } from '../../../words/numbers.ts'
import { labelOf } from '../../../api/resource.ts'
import { ColumnCard } from './column-card.tsx'
import { ColumnTable } from './column-table.tsx'
import { chanceOf } from './chance.ts'
import { Missing } from './missing.tsx'
import { SchemaChanges } from './schema-changes.tsx'
import style from './diff.module.css'

/** As many columns are drawn at first, and more when asked: most of what matters is at the top. */
const atOnce = 12

/** All that the comparison found: what came and went, then the columns, those first that changed most. */
export function Differences({ diff }: { readonly diff: DataDiff }) {
  const [tab, setTab] = useSearchWord('view', 'cards')
  const { from, to, columns } = diff
  const names = { from: labelOf(from.reference), to: labelOf(to.reference) }
  const changed = columns.filter(({ same }) => !same)
  const beyond = changed.filter((column) => column.distance > chanceOf(column, diff))
  const missing = columns.filter((column) => column.missing.from + column.missing.to > 0)
  return (
    <Stack>
      <Figures>
        <Figure
          name="Rows"
          value={exact(to.rows)}
          note={`${signed(to.rows - from.rows)} ${to.rows === from.rows ? 'before' : `from ${exact(from.rows)}`}`}
        />
        <Figure
          name="Columns"
          value={exact(to.columns)}
          note={
            to.columns === from.columns
              ? 'as many as before'
              : `${signed(to.columns - from.columns)} from ${exact(from.columns)}`
          }
        />
        <Figure
          name="Columns distributed otherwise"
          value={diff.equal ? 'none' : exact(beyond.length)}
          note={
            diff.equal
              ? 'the same rows'
              : `of ${exact(columns.length)}, beyond what chance gives at these sizes`
          }
        />
        <Figure name="Size" value={bytes(to.bytes)} note={`from ${bytes(from.bytes)}`} />
      </Figures>
      <SchemaChanges diff={diff} />
      <Tabs value={tab} onChange={(value) => setTab(value ?? 'cards')} keepMounted={false}>
        <Tabs.List mb="md">
          <Tabs.Tab value="cards">Distributions</Tabs.Tab>
          <Tabs.Tab value="table">As a table</Tabs.Tab>
          <Tabs.Tab value="missing">Missing ({missing.length})</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="cards">
          <Cards diff={diff} names={names} />
        </Tabs.Panel>
        <Tabs.Panel value="table">
          <Panel flush>
            <ColumnTable diff={diff} />
          </Panel>
        </Tabs.Panel>
        <Tabs.Panel value="missing">
          <Panel>
            <Missing diff={diff} names={names} />
          </Panel>
        </Tabs.Panel>
      </Tabs>
      {diff.notes.length === 0 ? null : (
        <Panel title="How they were read">
          {diff.notes.map((note) => (
            <p key={note} className="muted">
              {note}
            </p>
          ))}
        </Panel>
      )}
    </Stack>
  )
}

const signed = (change: number) =>
  change === 0 ? 'as many as' : `${change > 0 ? '+' : '−'}${exact(Math.abs(change))}`

function Cards({
  diff,
  names,
}: {
  readonly diff: DataDiff
  readonly names: { readonly from: string; readonly to: string }
}) {
  const [filter, setFilter] = useSearchWord('q')
  const [which, setWhich] = useSearchWord('kind', 'all')
  const [more, setMore] = useState(atOnce)
  const shown = diff.columns.filter(
    ({ name, kind, same }) =>
      name.toLowerCase().includes(filter.toLowerCase()) &&
      (which === 'all' || kind === which || (which === 'changed' && !same)),
  )
  return (
    <Stack>
      <div className={style.tools}>
        <TextInput
          leftSection={<IconSearch size={14} aria-hidden />}
          placeholder="Column"
          aria-label="Filter columns"
          value={filter}
          onChange={(event) => setFilter(event.currentTarget.value, 'replace')}
          data-filter
        />
        <SegmentedControl
          aria-label="Kinds of columns"
          data={[
            { value: 'all', label: 'All' },
            { value: 'numeric', label: 'Numbers' },
            { value: 'categorical', label: 'Categories' },
            { value: 'datetime', label: 'Times' },
          ]}
          value={which}
          onChange={setWhich}
        />
        <span className="muted">{plural(shown.length, 'column')}, most changed first</span>
        <span className={style.key}>
          <span>
            <span className={style.swatch} data-side="from" aria-hidden />
            {names.from}, {exact(diff.from.rows)} rows
          </span>
          <span>
            <span className={style.swatch} data-side="to" aria-hidden />
            {names.to}, {exact(diff.to.rows)} rows
          </span>
        </span>
      </div>
      {shown.length === 0 ? (
        <NoMatch
          onClear={() => {
            setFilter('')
          }}
        />
      ) : (
        <div className={style.cards}>
          {shown.slice(0, more).map((column) => (
            <ColumnCard key={column.name} column={column} diff={diff} names={names} />
          ))}
        </div>
      )}
      {shown.length > more ? (
        <div className={style.more}>
          <Button variant="default" onClick={() => setMore(more + 2 * atOnce)}>
            Show {exact(Math.min(2 * atOnce, shown.length - more))} more
          </Button>
        </div>
      ) : null}
    </Stack>
  )
}
