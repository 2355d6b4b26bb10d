import { Select, Tabs } from '@mantine/core'
import { IconRocket, IconTag } from '../../parts/icons.ts'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import {
  aliasKey,
  setAlias,
  type ModelProperties,
  type ModelVersion,
  type VersionProperties,
} from '../../api/models.ts'
import { listQuery, resourceQuery } from '../../api/queries.ts'
import { startRelease, type PlanProperties } from '../../api/releases.ts'
import { useSearchWord } from '../../frame/search.ts'
import { useCan, usePaths, useWorkspace } from '../../frame/workspace.ts'
import { Act, Confirm, tell } from '../../parts/act.tsx'
import { Equivalents } from '../../parts/equivalents.tsx'
import { Go } from '../../parts/go.tsx'
import { Lineage } from '../../parts/lineage.tsx'
import { Page } from '../../parts/page.tsx'
import { Answer } from '../../parts/states.tsx'
import { Time } from '../../parts/time.tsx'
import { Aliases } from './aliases.tsx'
import { Evaluation } from './evaluation/evaluation.tsx'
import { VersionFiles } from './version-files.tsx'
import { VersionOverview } from './version-overview.tsx'

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
  const run = version.properties.lineage?.run ?? version.properties.jobName
  return (
    <Page
      title={`${model}:${version.name}`}
      status={<Aliases aliases={container?.properties.aliases ?? {}} of={version.name} />}
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
        </>
      }
      actions={<Actions model={model} version={version} />}
    >
      <Tabs value={tab} onChange={(value) => setTab(value ?? 'overview')} keepMounted={false}>
        <Tabs.List mb="md">
          <Tabs.Tab value="overview">Overview</Tabs.Tab>
          <Tabs.Tab value="evaluation">Evaluation</Tabs.Tab>
          <Tabs.Tab value="files">Files</Tabs.Tab>
          <Tabs.Tab value="lineage">Lineage</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="overview">
          <VersionOverview model={model} version={version} />
        </Tabs.Panel>
        <Tabs.Panel value="evaluation">
          <Evaluation version={version} />
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

function Actions({ model, version }: { readonly model: string; readonly version: ModelVersion }) {
  const workspace = useWorkspace()
  const can = useCan(version.id)
  const [asked, setAsked] = useState<'release' | 'alias'>()
  const { data: plans = [] } = useQuery(
    listQuery<PlanProperties>(`${workspace.id}/providers/Twinloop/releasePlans`),
  )
  const own = plans.filter(({ properties }) => properties.model === model).map(({ name }) => name)
  return (
    <>
      <Act
        label="Set alias"
        variant="default"
        icon={<IconTag size={14} />}
        allowed={can('models/write')}
        onClick={() => setAsked('alias')}
      />
      <Act
        label="Start release"
        icon={<IconRocket size={14} />}
        allowed={own.length > 0 && can('Twinloop/releasePlans/releases/write')}
        {...(own.length === 0
          ? {
              reason: `No release plan is for ${model} yet: twinloop release-plan create --file release-plan.yml`,
            }
          : {})}
        onClick={() => setAsked('release')}
      />
      <Equivalents
        cli={[
          { what: 'Show it', command: `twinloop model show --name ${model} --version ${version.name}` },
          {
            what: 'Fetch its files',
            command: `twinloop model download --name ${model} --version ${version.name}`,
          },
          {
            what: 'Release it',
            command: `twinloop release create --plan ${own[0] ?? model} --model-version ${version.name}`,
          },
        ]}
        rest={[{ method: 'GET', path: version.id }]}
        resource={version}
        kind="model"
      />
      {asked === 'release' ? (
        <Start plans={own} version={version} onClose={() => setAsked(undefined)} />
      ) : null}
      {asked === 'alias' ? (
        <Alias model={model} version={version} onClose={() => setAsked(undefined)} />
      ) : null}
    </>
  )
}

function Start({
  plans,
  version,
  onClose,
}: {
  readonly plans: readonly string[]
  readonly version: ModelVersion
  readonly onClose: () => void
}) {
  const workspace = useWorkspace()
  const navigate = useNavigate()
  const to = usePaths()
  const [plan, setPlan] = useState(plans[0] ?? '')
  return (
    <Confirm
      title={`Release version ${version.name}`}
      verb="Start release"
      comment={{ label: 'Why (others will read it)' }}
      onDone={async (why) => {
        const release = await startRelease(workspace, plan, version.name, why)
        await navigate({ to: to.release(plan, release.name) as '/' })
      }}
      onClose={onClose}
    >
      <Select
        label="Plan"
        data={[...plans]}
        value={plan}
        onChange={(value) => setPlan(value ?? plan)}
        allowDeselect={false}
      />
    </Confirm>
  )
}

function Alias({
  model,
  version,
  onClose,
}: {
  readonly model: string
  readonly version: ModelVersion
  readonly onClose: () => void
}) {
  const workspace = useWorkspace()
  const queries = useQueryClient()
  const id = `${workspace.id}/models/${model}`
  return (
    <Confirm
      title={`Alias for ${model}:${version.name}`}
      verb="Set alias"
      comment={{ label: 'Alias', required: true }}
      onDone={async (alias) => {
        await setAlias(id, alias, version.name)
        await queries.invalidateQueries({ queryKey: aliasKey(id) })
        tell(`${alias} means ${model}:${version.name} now`)
      }}
      onClose={onClose}
    >
      <p className="muted">
        Whoever asks for the alias gets this version from now on. <code>champion</code> and{' '}
        <code>challenger</code> are set by releases.
      </p>
    </Confirm>
  )
}
