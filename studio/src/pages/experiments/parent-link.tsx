import { useQuery } from '@tanstack/react-query'
import { runQuery, type Run } from '../../api/runs.ts'
import { usePaths, useWorkspace } from '../../frame/workspace.ts'
import { Go } from '../../parts/go.tsx'
import { shortened } from '../../words/names.ts'
import { parentOf } from './run-values.ts'

/** The way up from a nested run; nothing for others. A run above that is gone is named by its id. */
export function ParentLink({ run }: { readonly run: Run }) {
  const id = parentOf(run)
  return id === undefined || id === '' ? null : <Above id={id} />
}

function Above({ id }: { readonly id: string }) {
  const { data, error } = useQuery({ ...runQuery(useWorkspace(), id), retry: false })
  const to = usePaths()
  if (data === undefined)
    return (
      <span className="mono muted" title={id}>
        {error === null ? id.slice(0, 8) : `${id.slice(0, 8)}, gone`}
      </span>
    )
  return (
    <Go to={to.run(data.info.experiment_id, id)}>{shortened(data.info.run_name ?? id.slice(0, 8), 32)}</Go>
  )
}
