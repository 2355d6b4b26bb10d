import { Progress } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { compareData, diffQuery, type DiffProperties } from '../../../api/data-diffs.ts'
import type { Resource } from '../../../api/resource.ts'
import { useCan, usePaths, useWorkspace } from '../../../frame/workspace.ts'
import { Act, tellFailure } from '../../../parts/act.tsx'
import { Equivalents } from '../../../parts/equivalents.tsx'
import { Go } from '../../../parts/go.tsx'
import { Page } from '../../../parts/page.tsx'
import { Panel } from '../../../parts/panel.tsx'
import { Answer, Empty } from '../../../parts/states.tsx'
import { Time } from '../../../parts/time.tsx'
import { versionPath } from '../version-path.ts'
import { Differences } from './differences.tsx'

/** What has changed from one version of data to another; `before` and `after` are `name:version`. */
export function DataDiffPage() {
  const { before = '', after = '' } = useParams({ strict: false })
  const workspace = useWorkspace()
  const to = usePaths()
  const can = useCan()
  const queries = useQueryClient()
  const asked = diffQuery(workspace, before, after)
  const query = useQuery(asked)
  const compare = useMutation({
    mutationFn: () => compareData(workspace, before, after),
    onSuccess: (made) => queries.setQueryData(asked.queryKey, made),
    onError: tellFailure,
  })
  const begin = (label: string) => (
    <Act
      label={label}
      allowed={can('Twinloop/dataDiffs/write')}
      onClick={() => compare.mutate()}
      loading={compare.isPending}
    />
  )
  return (
    <Page
      title={`${before} → ${after}`}
      meta={
        <>
          <Go to={versionPath(to, before)}>{before}</Go>
          <Go to={versionPath(to, after)}>{after}</Go>
          <Go to={to.dataDiff(after, before)}>the other way round</Go>
          {query.data?.properties.provisioningState === 'Succeeded' ? (
            <span>
              compared <Time at={query.data.systemData.lastModifiedAt} />
            </span>
          ) : null}
        </>
      }
      actions={
        <>
          {query.data?.properties.provisioningState === 'Failed' ? begin('Compare again') : null}
          <Equivalents
            cli={[
              { what: 'How they differ', command: `twinloop data diff ${before} ${after}` },
              {
                what: 'Also row by row, by what names them',
                command: `twinloop data diff ${before} ${after} --key id --all`,
              },
            ]}
            rest={[
              { method: 'PUT', path: `${workspace.id}/providers/Twinloop/dataDiffs/mine` },
              { method: 'GET', path: `${workspace.id}/providers/Twinloop/dataDiffs/mine` },
            ]}
          />
        </>
      }
    >
      <Answer query={query} rows={10}>
        {(found) =>
          found === null ? (
            <Panel>
              <Empty
                title="These two have not been compared yet"
                command={`twinloop data diff ${before} ${after}`}
              >
                The server reads both once: columns that came and went, and how each column is distributed.
              </Empty>
              <div style={{ display: 'flex', justifyContent: 'center', paddingBottom: 24 }}>
                {begin('Compare')}
              </div>
            </Panel>
          ) : (
            <State diff={found} />
          )
        }
      </Answer>
    </Page>
  )
}

function State({ diff }: { readonly diff: Resource<DiffProperties> }) {
  const { provisioningState, progress, result, error } = diff.properties
  if (result) return <Differences diff={result} />
  if (provisioningState === 'Failed')
    return (
      <Panel title="They could not be compared">
        <p role="alert">{error?.message}</p>
      </Panel>
    )
  const share = progress ? (100 * progress.columns) / Math.max(1, progress.of) : 0
  return (
    <Panel title="They are being compared">
      <p className="muted" role="status" aria-live="polite">
        {progress ? `${progress.columns} of ${progress.of} columns` : 'Both are read.'}
      </p>
      <Progress value={share} animated aria-label="Columns compared" mt="sm" />
    </Panel>
  )
}
