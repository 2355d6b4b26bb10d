import { Button, Select, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { namesQuery, runsSource, type ListedRun, type Names } from '../../api/runs-list.ts'
import type { ListOrder } from '../../api/server-source.ts'
import { useSearchWord } from '../../frame/search.ts'
import { usePaths, useWorkspace } from '../../frame/workspace.ts'
import { Go } from '../../parts/go.tsx'
import { Answer, Empty } from '../../parts/states.tsx'
import { ServerTable } from '../../parts/table/server/server-table.tsx'
import { plural } from '../../words/names.ts'
import { columnsShown, runColumns } from './run-columns.tsx'
import { RunPeek } from './run-peek.tsx'

interface Shown {
  readonly experiment: string
  /** Only what is nested below this run. */
  readonly below?: string
}

/**
 * The runs of an experiment, or those nested below one of its runs: any number of them, filtered and ordered by the
 * server. Nested ones are opened below theirs, until somebody looks for something: then all that fit stand beside each other.
 */
export function Runs({ experiment, below = '' }: Shown) {
  const query = useQuery(namesQuery(useWorkspace(), experiment, below))
  return (
    <Answer query={query} rows={12}>
      {(names) => <List experiment={experiment} below={below} names={names} />}
    </Answer>
  )
}

function List({ experiment, below = '', names }: Shown & { readonly names: Names }) {
  const workspace = useWorkspace()
  const to = usePaths()
  const [filter, setFilter] = useSearchWord('filter')
  const [chosenParent, setParent] = useSearchWord('parent')
  const [nested, setNested] = useSearchWord('nested', 'tree')
  const [q] = useSearchWord('q')
  const parent = below === '' ? chosenParent : below
  const isTree = nested === 'tree' && filter === '' && q.trim() === ''
  const shown = columnsShown(names)
  const [chosen] = useSearchWord('cols', shown)
  const columns = useMemo(() => runColumns(names, chosen, !isTree), [names, chosen, isTree])
  const isFiltered = filter !== '' || chosenParent !== '' || nested === 'top'
  const sourceOf = (words: string, order: ListOrder) =>
    runsSource(workspace, order, {
      experiments: [experiment],
      words,
      filter,
      parent,
      isTop: nested === 'top' || (isTree && words === ''),
    })
  return (
    <ServerTable<ListedRun>
      label="runs"
      columns={columns}
      columnsShown={shown}
      rowKey={({ info }) => info.run_id}
      to={({ info }) => to.run(info.experiment_id, info.run_id)}
      initial="-started"
      placeholder="Name of a run"
      sourceOf={sourceOf}
      nestingOf={(words, order) =>
        !isTree || words !== ''
          ? undefined
          : {
              countOf: (run) => run.nested?.runs ?? 0,
              below: (run) =>
                runsSource(workspace, order, {
                  experiments: [experiment],
                  words: '',
                  filter: '',
                  parent: run,
                  isTop: false,
                }),
            }
      }
      isFiltered={isFiltered}
      onClear={() => {
        setFilter('', 'replace')
        setParent('', 'replace')
        setNested('tree', 'replace')
      }}
      note={(total) =>
        isTree && parent === '' && total < names.count
          ? `of ${plural(names.count, 'run')}, the others nested`
          : null
      }
      empty={
        names.count === 0 ? <NoRun /> : <OnlyNested count={names.count} onShow={() => setNested('all')} />
      }
      tools={
        <>
          <MlflowFilter key={filter} filter={filter} onFilter={setFilter} />
          {chosenParent === '' ? (
            <Select
              aria-label="Nested runs"
              data={[
                { value: 'tree', label: 'Nested runs below theirs' },
                { value: 'all', label: 'All beside each other' },
                { value: 'top', label: 'No nested runs' },
              ]}
              value={nested}
              onChange={(value) => setNested(value ?? 'tree')}
              allowDeselect={false}
              w={210}
            />
          ) : (
            <Button variant="light" size="compact-sm" onClick={() => setParent('')}>
              Children of {chosenParent.slice(0, 8)} ×
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

const NoRun = () => <Empty title="No run yet" command={'eval "$(twinloop env)" && python train.py'} />

/** What the runs are nested below has been deleted, or is in another experiment. */
const OnlyNested = ({ count, onShow }: { readonly count: number; readonly onShow: () => void }) => (
  <Empty title={`${plural(count, 'run')}, nested below runs that are not here`}>
    <Button variant="default" onClick={onShow}>
      Show them beside each other
    </Button>
  </Empty>
)

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
