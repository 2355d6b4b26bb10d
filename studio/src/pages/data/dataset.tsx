import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import {
  evaluationsQuery,
  type DataAsset,
  type DataProperties,
  type DataVersion,
  type DataVersionProperties,
} from '../../api/data.ts'
import { listQuery, resourceQuery } from '../../api/queries.ts'
import { usePaths, useWorkspace } from '../../frame/workspace.ts'
import { Equivalents } from '../../parts/equivalents.tsx'
import { Go } from '../../parts/go.tsx'
import { Page, Stack } from '../../parts/page.tsx'
import { Panel } from '../../parts/panel.tsx'
import { Answer } from '../../parts/states.tsx'
import { Status } from '../../parts/status.tsx'
import { Table, type Column } from '../../parts/table/table.tsx'
import { Time } from '../../parts/time.tsx'
import { bytes, exact } from '../../words/numbers.ts'
import { CompareButton } from './compare-button.tsx'
import { ContractHistory } from './contracts/contract-history.tsx'
import { RowsOverVersions } from './rows-over-versions.tsx'

/** A data asset: its versions, and how they kept their contract. */
export function DatasetPage() {
  const { data: name = '' } = useParams({ strict: false })
  const workspace = useWorkspace()
  const query = useQuery(resourceQuery<DataProperties>(`${workspace.id}/data/${name}`))
  return <Answer query={query}>{(asset) => <Shown asset={asset} />}</Answer>
}

function Shown({ asset }: { readonly asset: DataAsset }) {
  const workspace = useWorkspace()
  const to = usePaths()
  const path = `${asset.id}/versions`
  const versions = useQuery(listQuery<DataVersionProperties>(path))
  const evaluations = useQuery(evaluationsQuery(workspace, asset.name))
  const columns: readonly Column<DataVersion>[] = [
    {
      id: 'version',
      header: 'Version',
      width: 'minmax(140px, 1fr)',
      cell: ({ name }) => `${asset.name}:${name}`,
      sort: ({ name }) => Number(name) || name,
      text: ({ name }) => name,
    },
    {
      id: 'rows',
      header: 'Rows',
      width: '120px',
      align: 'right',
      cell: ({ properties }) => exact(properties.facts?.rows),
      sort: ({ properties }) => properties.facts?.rows,
    },
    {
      id: 'columns',
      header: 'Columns',
      width: '100px',
      align: 'right',
      cell: ({ properties }) => exact(properties.facts?.columns?.length),
      sort: ({ properties }) => properties.facts?.columns?.length,
    },
    {
      id: 'size',
      header: 'Size',
      width: '110px',
      align: 'right',
      cell: ({ properties }) => bytes(properties.facts?.bytes),
      sort: ({ properties }) => properties.facts?.bytes,
    },
    {
      id: 'contract',
      header: 'Contract',
      width: '130px',
      cell: ({ properties }) =>
        properties.contract === undefined ? (
          <span className="muted">none</span>
        ) : (
          <Status kind="verdict" state={properties.contract} />
        ),
      sort: ({ properties }) => properties.contract,
    },
    {
      id: 'format',
      header: 'Format',
      width: '110px',
      cell: ({ properties }) => properties.facts?.format,
      sort: ({ properties }) => properties.facts?.format,
    },
    {
      id: 'created',
      header: 'Made',
      width: '130px',
      cell: ({ systemData }) => <Time at={systemData.createdAt} />,
      sort: ({ systemData }) => systemData.createdAt,
    },
    { id: 'by', header: 'By', width: '150px', cell: ({ systemData }) => systemData.createdBy },
    {
      id: 'changes',
      header: 'Changes',
      width: '110px',
      cell: ({ name }) => {
        const before = beforeOf(versions.data ?? [], name)
        return before === undefined ? null : (
          <Go to={to.dataDiff(`${asset.name}:${before}`, `${asset.name}:${name}`)}>since {before}</Go>
        )
      },
    },
  ]
  return (
    <Page
      title={asset.name}
      meta={
        <>
          <span>{asset.properties.dataType}</span>
          {asset.properties.description === undefined ? null : <span>{asset.properties.description}</span>}
        </>
      }
      actions={
        <>
          <CompareButton name={asset.name} version={asset.properties.latestVersion ?? ''} />
          <Equivalents
            cli={[
              { what: 'Its versions', command: `twinloop data list --name ${asset.name} -o table` },
              {
                what: 'How two of them differ',
                command: `twinloop data diff ${asset.name}:1 ${asset.name}:2`,
              },
              {
                what: 'What its contract found',
                command: `twinloop data-contract results --name ${asset.name}`,
              },
            ]}
            rest={[{ method: 'GET', path }]}
            resource={asset}
          />
        </>
      }
    >
      <Stack>
        <RowsOverVersions versions={versions.data ?? []} />
        <Panel title="Versions" flush>
          <Answer query={versions}>
            {(all) => (
              <Table
                rows={all}
                columns={columns}
                rowKey={({ id }) => id}
                to={({ name }) => to.dataVersion(asset.name, name)}
                label="versions"
                initial="-version"
              />
            )}
          </Answer>
        </Panel>
        {(evaluations.data ?? []).length === 0 ? null : (
          <ContractHistory
            evaluations={evaluations.data ?? []}
            pageOf={(version) => to.dataVersion(asset.name, version)}
          />
        )}
      </Stack>
    </Page>
  )
}

/** The version that was made before another one. */
function beforeOf(versions: readonly DataVersion[], name: string): string | undefined {
  const made = versions.toSorted((a, b) => a.systemData.createdAt.localeCompare(b.systemData.createdAt))
  return made[made.findIndex((version) => version.name === name) - 1]?.name
}
