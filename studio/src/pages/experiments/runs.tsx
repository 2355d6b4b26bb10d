import { Button, Select, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { namesQuery, runsSource, type Names } from '../../api/runs-list.ts'
import type { Run } from '../../api/runs.ts'
import { useSearchWord } from '../../frame/search.ts'
import { usePaths, useWorkspace } from '../../frame/workspace.ts'
import { Go } from '../../parts/go.tsx'
import { Answer, Empty } from '../../parts/states.tsx'
import { ServerTable } from '../../parts/table/server/server-table.tsx'
import { columnsShown, runColumns } from './run-columns.tsx'
import { RunPeek } from './run-peek.tsx'

/** The runs of an experiment: any number of them, filtered and ordered by the server. */
export function Runs({ experiment }: { readonly experiment: string }) {
  const query = useQuery(namesQuery(useWorkspace(), experiment))
  return (
    <Answer query={query} rows={12}>
      {(names) => <List experiment={experiment} names={names} />}
    </Answer>
  )
}

function List({ experiment, names }: { readonly experiment: string; readonly names: Names }) {
  const workspace = useWorkspace()
  const to = usePaths()
  const [filter, setFilter] = useSearchWord('filter')
  const [parent, setParent] = useSearchWord('parent')
  const [nested, setNested] = useSearchWord('nested', 'all')
  const shown = columnsShown(names)
  const [chosen] = useSearchWord('cols', shown)
  const columns = useMemo(() => runColumns(names, chosen), [names, chosen])
  const isFiltered = filter !== '' || parent !== '' || nested !== 'all'
  return (
    <ServerTable<Run>
      label="runs"
      columns={columns}
      columnsShown={shown}
      rowKey={({ info }) => info.run_id}
      to={({ info }) => to.run(info.experiment_id, info.run_id)}
      initial="-started"
      placeholder="Name of a run"
      sourceOf={(words, order) =>
        runsSource(workspace, order, {
          experiments: [experiment],
          words,
          filter,
          parent,
          isTop: nested === 'top',
        })
      }
      isFiltered={isFiltered}
      onClear={() => {
        setFilter('', 'replace')
        setParent('', 'replace')
        setNested('all', 'replace')
      }}
      empty={<Empty title="No run yet" command={'eval "$(twinloop env)" && python train.py'} />}
      tools={
        <>
          <MlflowFilter key={filter} filter={filter} onFilter={setFilter} />
          {parent === '' ? (
            <Select
              aria-label="Nested runs"
              data={[
                { value: 'all', label: 'All runs' },
                { value: 'top', label: 'No nested runs' },
              ]}
              value={nested}
              onChange={(value) => setNested(value ?? 'all')}
              allowDeselect={false}
              w={150}
            />
          ) : (
            <Button variant="light" size="compact-sm" onClick={() => setParent('')}>
              Children of {parent.slice(0, 8)} ×
            </Button>
          )}
        </>
      }
      peek={(id) => <RunPeek id={id} />}
      selected={(ids) =>
        ids.length < 2 ? (
          <span className="muted">one more to compare</span>
        ) : (
          <Go to={to.compareRuns} search={{ sel: ids.join(',') }}>
            Compare {ids.length} runs
          </Go>
        )
      }
    />
  )
}

function MlflowFilter({
  filter,
  onFilter,
}: {
  readonly filter: string
  readonly onFilter: (filter: string) => void
}) {
  const [typed, setTyped] = useState(filter)
  return (
    <form
      style={{ flex: '1 1 260px', maxWidth: 420 }}
      onSubmit={(event) => {
        event.preventDefault()
        onFilter(typed.trim())
      }}
    >
      <TextInput
        aria-label="MLflow filter"
        placeholder="metrics.roc_auc > 0.7 and params.max_iter = '150'"
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
        className="mono"
      />
    </form>
  )
}
