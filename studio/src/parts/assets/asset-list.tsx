import { Checkbox } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { listQuery } from '../../api/queries.ts'
import type { Resource } from '../../api/resource.ts'
import { useSearchWord } from '../../frame/search.ts'
import { Panel } from '../panel.tsx'
import { Answer } from '../states.tsx'
import { Table, type Column } from '../table/table.tsx'
import { historyColumns, namedColumns, type AssetProperties } from './asset-columns.tsx'

/** Where clients keep what has no name of its own: nobody looks for it, and the command line leaves it out, too. */
const anonymous = new Set(['azureml_anonymous', 'cliv2anonymousenvironment'])

/** The list of a kind of assets. What is archived is left out, unless somebody asks for it. */
export function AssetList<P extends AssetProperties>({
  path,
  columns,
  to,
  label,
  empty,
}: {
  /** The collection. */
  readonly path: string
  /** What is particular to the kind, between the name and the history. */
  readonly columns: readonly Column<Resource<P>>[]
  readonly to: (asset: Resource<P>) => string
  /** What they are, in the plural. */
  readonly label: string
  readonly empty: ReactNode
}) {
  const [archived, setArchived] = useSearchWord('archived')
  const query = useQuery({
    ...listQuery<P>(path, archived === '' ? {} : { listViewType: 'All' }),
    select: (all) => all.filter(({ name }) => !anonymous.has(name.toLowerCase())),
  })
  return (
    <Panel flush>
      <Answer query={query} rows={8}>
        {(assets) =>
          assets.length === 0 && archived === '' ? (
            empty
          ) : (
            <Table
              rows={assets}
              columns={[...namedColumns<Resource<P>>(), ...columns, ...historyColumns<Resource<P>>()]}
              rowKey={({ id }) => id}
              to={to}
              label={label}
              tools={
                <Checkbox
                  size="xs"
                  label="Archived, too"
                  checked={archived !== ''}
                  onChange={(event) => setArchived(event.currentTarget.checked ? 'yes' : '')}
                />
              }
            />
          )
        }
      </Answer>
    </Panel>
  )
}
