import { Tabs } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'
import type { ModelProperties, ModelVersion, VersionProperties } from '../../api/models.ts'
import { resourceQuery } from '../../api/queries.ts'
import { useSearchWord } from '../../frame/search.ts'
import { usePaths, useWorkspace } from '../../frame/workspace.ts'
import { Go } from '../../parts/go.tsx'
import { Lineage } from '../../parts/lineage.tsx'
import { Page } from '../../parts/page.tsx'
import { Answer, Loading } from '../../parts/states.tsx'
import { Time } from '../../parts/time.tsx'
import { RemovableAliases } from './actions/removable-aliases.tsx'
import { VersionActions } from './actions/version-actions.tsx'
import { Usage } from './usage.tsx'
import { VersionFiles } from './version-files.tsx'
import { VersionOverview } from './version-overview.tsx'

// Tabs that not everybody opens.
const Card = lazy(async () => ({ default: (await import('./card/card.tsx')).Card }))
const Evaluation = lazy(async () => ({ default: (await import('./evaluation/evaluation.tsx')).Evaluation }))

/** One version of a model: what it takes and gives, how good it is, where it came from and where it is. */
export function VersionPage() {
  const { model = '', version = '' } = useParams({ strict: false })
  const workspace = useWorkspace()
  const query = useQuery(
    resourceQuery<VersionProperties>(`${workspace.id}/models/${model}/versions/${version}`),
  )
  return <Answer query={query}>{(found) => <Shown model={model} version={found} />}</Answer>
}

function Shown({ model, version }: { readonly model: string; readonly version: ModelVersion }) {
  const [tab, setTab] = useSearchWord('tab', 'overview')
  const workspace = useWorkspace()
  const to = usePaths()
  const { data: container } = useQuery(resourceQuery<ModelProperties>(`${workspace.id}/models/${model}`))
  const aliases = container?.properties.aliases ?? {}
  const own = Object.keys(aliases).filter((alias) => aliases[alias] === version.name)
  const champion = aliases['champion']
  const run = version.properties.lineage?.run ?? version.properties.jobName
  return (
    <Page
      title={`${model}:${version.name}`}
      status={
        <>
          <RemovableAliases model={model} version={version.name} aliases={own} />
          {version.properties.isArchived === true ? <span className="muted">archived</span> : null}
        </>
      }
      meta={
        <>
          <span>{version.properties.modelType}</span>
          <span>
            registered <Time at={version.systemData.createdAt} /> by {version.systemData.createdBy}
          </span>
          {run === undefined ? null : (
            <span>
              by <Go to={to.job(run)}>{run}</Go>
            </span>
          )}
          {champion === undefined || champion === version.name ? null : (
            <Go to={to.versionDiff(model, champion, version.name)}>against the champion</Go>
          )}
        </>
      }
      actions={<VersionActions model={model} version={version} aliases={own} />}
    >
      <Tabs value={tab} onChange={(value) => setTab(value ?? 'overview')} keepMounted={false}>
        <Tabs.List mb="md">
          <Tabs.Tab value="overview">Overview</Tabs.Tab>
          <Tabs.Tab value="evaluation">Evaluation</Tabs.Tab>
          <Tabs.Tab value="card">Card</Tabs.Tab>
          <Tabs.Tab value="use">Use</Tabs.Tab>
          <Tabs.Tab value="files">Files</Tabs.Tab>
          <Tabs.Tab value="lineage">Lineage</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="overview">
          <VersionOverview model={model} version={version} />
        </Tabs.Panel>
        <Tabs.Panel value="evaluation">
          <Suspense fallback={<Loading rows={8} />}>
            <Evaluation version={version} />
          </Suspense>
        </Tabs.Panel>
        <Tabs.Panel value="card">
          <Suspense fallback={<Loading rows={8} />}>
            <Card version={version} />
          </Suspense>
        </Tabs.Panel>
        <Tabs.Panel value="use">
          <Usage model={model} version={version} alias={own[0]} />
        </Tabs.Panel>
        <Tabs.Panel value="files">
          <VersionFiles model={model} version={version.name} />
        </Tabs.Panel>
        <Tabs.Panel value="lineage">
          <Lineage id={version.id} />
        </Tabs.Panel>
      </Tabs>
    </Page>
  )
}
