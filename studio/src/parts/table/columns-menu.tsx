import { ActionIcon, Checkbox, Popover, TextInput, Tooltip } from '@mantine/core'
import { useState } from 'react'
import { plural } from '../../words/names.ts'
import { IconColumns3, IconSearch } from '../icons.ts'
import { toggled, type Column } from './column.ts'
import style from './table.module.css'

/** More names than this are searched for, not scrolled through. */
const mostOffered = 60
/** Fewer columns than this need no search. */
const fewColumns = 12

/** Chooses the columns that are shown, of few or of hundreds. */
export function ColumnsMenu<T>({
  columns,
  chosen,
  onChoose,
}: {
  readonly columns: readonly Column<T>[]
  readonly chosen: string
  readonly onChoose: (chosen: string) => void
}) {
  const [search, setSearch] = useState('')
  const ids = new Set(chosen.split(','))
  const wanted = search.trim().toLowerCase()
  const found = columns.slice(1).filter(({ id, header }) => `${id} ${header}`.toLowerCase().includes(wanted))
  // What is shown already comes first in a long list, so that it can be found to be let go.
  const offered = (found.length > mostOffered ? found.toSorted(byShown(ids)) : found).slice(0, mostOffered)
  const groups = Map.groupBy(offered, ({ group }) => group ?? '')
  return (
    <Popover position="bottom-end" trapFocus shadow="md">
      <Popover.Target>
        <Tooltip label="Columns">
          <ActionIcon variant="default" size={30} aria-label="Columns">
            <IconColumns3 size={16} />
          </ActionIcon>
        </Tooltip>
      </Popover.Target>
      <Popover.Dropdown className={style.columns}>
        {columns.length > fewColumns ? (
          <TextInput
            aria-label="Find a column"
            placeholder={`One of ${columns.length - 1} columns`}
            leftSection={<IconSearch size={14} aria-hidden />}
            value={search}
            onChange={(event) => setSearch(event.currentTarget.value)}
            data-autofocus
          />
        ) : null}
        <div className={style.offered}>
          {[...groups].map(([group, some]) => (
            <fieldset key={group}>
              <legend>{group === '' ? 'Columns' : group}</legend>
              {some.map(({ id, header }) => (
                <Checkbox
                  key={id}
                  size="xs"
                  label={header}
                  checked={ids.has(id)}
                  onChange={() => onChoose(toggled(columns, chosen, id))}
                />
              ))}
            </fieldset>
          ))}
          {found.length === 0 ? <p className="muted">No column has this in its name.</p> : null}
        </div>
        {found.length > mostOffered ? (
          <p className="muted">{plural(found.length - mostOffered, 'more column')}: type a part of a name.</p>
        ) : null}
      </Popover.Dropdown>
    </Popover>
  )
}

const byShown = (ids: ReadonlySet<string>) => (a: { readonly id: string }, b: { readonly id: string }) =>
  Number(ids.has(b.id)) - Number(ids.has(a.id))
