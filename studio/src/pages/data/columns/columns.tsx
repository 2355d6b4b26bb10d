import { Button } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { addressOf } from '../../../api/call.ts'
import {
  makeProfile,
  profileQuery,
  profileStateQuery,
  reportOf,
  type DataVersion,
  type ProfiledColumn,
} from '../../../api/data.ts'
import { useSearchWord } from '../../../frame/search.ts'
import { useCan } from '../../../frame/workspace.ts'
import { Act, tellFailure } from '../../../parts/act.tsx'
import { Panel } from '../../../parts/panel.tsx'
import { Answer, Empty, Loading } from '../../../parts/states.tsx'
import { Table, type Column } from '../../../parts/table/table.tsx'
import { exact, metric, percent } from '../../../words/numbers.ts'
import { ColumnDrawer } from './column-drawer.tsx'
import { MiniHistogram } from './mini-histogram.tsx'
import style from '../data.module.css'

/** The columns with what the profile knows of them; without one, their names and types and a way to have one made. */
export function Columns({ version }: { readonly version: DataVersion }) {
  const state = useQuery(profileStateQuery(version.id))
  return (
    <Answer query={state}>
      {(found) =>
        found.state === 'Succeeded' && found.id !== null ? (
          <Profiled profile={found.id} version={version} />
        ) : (
          <Unprofiled version={version} state={found.state} problem={found.problem} />
        )
      }
    </Answer>
  )
}

function Unprofiled({
  version,
  state,
  problem,
}: {
  readonly version: DataVersion
  readonly state: string | null
  readonly problem: string | null
}) {
  const can = useCan(version.id)
  const queries = useQueryClient()
  const make = useMutation({
    mutationFn: () => makeProfile(version.id),
    onSuccess: () => queries.invalidateQueries({ queryKey: profileStateQuery(version.id).queryKey }),
    onError: tellFailure,
  })
  const columns = version.properties.facts?.columns ?? []
  const isMade = state === 'Running' || make.isPending
  return (
    <Panel
      title="Columns"
      subtitle={state === 'Failed' ? (problem ?? 'The profile failed.') : ''}
      flush
      actions={
        isMade ? (
          <Button loading variant="default">
            The profile is made
          </Button>
        ) : (
          <Act
            label="Make the profile"
            allowed={can('Twinloop/profiles/write')}
            onClick={() => make.mutate()}
          />
        )
      }
    >
      {columns.length === 0 ? (
        <Empty title="Nothing is known of its columns">
          Of tables (CSV, JSON Lines, Parquet) the columns are read by themselves.
        </Empty>
      ) : (
        <Table
          rows={columns}
          rowKey={({ name }) => name}
          label="columns"
          bare
          columns={[
            {
              id: 'name',
              header: 'Name',
              cell: ({ name }) => <span className="mono">{name}</span>,
              sort: ({ name }) => name,
            },
            {
              id: 'type',
              header: 'Type',
              cell: ({ type }) => <span className="mono">{type}</span>,
              sort: ({ type }) => type,
            },
          ]}
        />
      )}
    </Panel>
  )
}

/** The name opens what else there is to know of a column. */
const named = (onOpen: (name: string) => void): Column<ProfiledColumn> => ({
  id: 'name',
  header: 'Name',
  width: 'minmax(150px, 1.2fr)',
  cell: ({ name }) => (
    <button type="button" className={`mono ${style.open}`} onClick={() => onOpen(name)} title={name}>
      {name}
    </button>
  ),
  sort: ({ name }) => name,
  text: ({ name }) => name,
})

const columns: readonly Column<ProfiledColumn>[] = [
  {
    id: 'kind',
    header: 'Kind',
    width: '120px',
    cell: ({ semanticType, storageType }) => <span title={storageType}>{semanticType}</span>,
    sort: ({ semanticType }) => semanticType,
    text: ({ semanticType }) => semanticType,
  },
  {
    id: 'missing',
    header: 'Missing',
    width: '100px',
    align: 'right',
    cell: ({ missing }) => <span title={`${exact(missing.count)} rows`}>{percent(missing.fraction)}</span>,
    sort: ({ missing }) => missing.fraction,
  },
  {
    id: 'distinct',
    header: 'Distinct',
    width: '110px',
    align: 'right',
    cell: ({ distinct }) => `${distinct.exact ? '' : '≈ '}${exact(distinct.count)}`,
    sort: ({ distinct }) => distinct.count,
  },
  {
    id: 'min',
    header: 'Least',
    width: '120px',
    align: 'right',
    cell: ({ numeric, datetime }) => datetime?.min.slice(0, 10) ?? metric(numeric?.min),
    sort: ({ numeric }) => numeric?.min,
  },
  {
    id: 'median',
    header: 'Median',
    width: '100px',
    align: 'right',
    cell: ({ numeric }) => metric(numeric?.quantiles?.p50),
    sort: ({ numeric }) => numeric?.quantiles?.p50,
  },
  {
    id: 'max',
    header: 'Most',
    width: '120px',
    align: 'right',
    cell: ({ numeric, datetime }) => datetime?.max.slice(0, 10) ?? metric(numeric?.max),
    sort: ({ numeric }) => numeric?.max,
  },
  {
    id: 'mean',
    header: 'Mean',
    width: '100px',
    align: 'right',
    cell: ({ numeric }) => metric(numeric?.mean),
    sort: ({ numeric }) => numeric?.mean,
    extra: true,
  },
  {
    id: 'std',
    header: 'Deviation',
    width: '100px',
    align: 'right',
    cell: ({ numeric }) => metric(numeric?.std),
    sort: ({ numeric }) => numeric?.std,
    extra: true,
  },
  {
    id: 'shape',
    header: 'Distribution',
    width: 'minmax(180px, 1.5fr)',
    cell: (column) => <MiniHistogram column={column} />,
  },
]

function Profiled({ profile: id, version }: { readonly profile: string; readonly version: DataVersion }) {
  const [chosen, setChosen] = useSearchWord('column')
  const query = useQuery(profileQuery(id))
  if (query.data === undefined && query.error === null) return <Loading rows={10} />
  return (
    <Answer query={query}>
      {(profile) => (
        <>
          {profile.warnings.length === 0 ? null : (
            <details className={style.warnings}>
              <summary>{profile.warnings.length} things to know before a model learns from it</summary>
              <ul>
                {profile.warnings.map(({ code, column, message }) => (
                  <li key={`${code} ${column ?? ''}`}>{message}</li>
                ))}
              </ul>
            </details>
          )}
          <Panel
            title="Columns"
            subtitle={`of all ${exact(profile.rows)} rows`}
            flush
            actions={
              <a href={addressOf(reportOf(id))} target="_blank" rel="noreferrer">
                The whole profile
              </a>
            }
          >
            <Table
              rows={profile.columns}
              columns={[named(setChosen), ...columns]}
              rowKey={({ name }) => name}
              label="columns"
            />
          </Panel>
          <ColumnDrawer
            column={profile.columns.find(({ name }) => name === chosen)}
            profile={profile}
            version={version}
            onClose={() => setChosen('')}
          />
        </>
      )}
    </Answer>
  )
}
