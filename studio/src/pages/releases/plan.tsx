import { Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { listQuery, resourceQuery } from '../../api/queries.ts'
import type { VersionProperties } from '../../api/models.ts'
import { startRelease, type Plan, type PlanProperties, type ReleaseProperties } from '../../api/releases.ts'
import { useCan, usePaths, useWorkspace } from '../../frame/workspace.ts'
import { Act, Confirm } from '../../parts/act.tsx'
import { Code } from '../../parts/code/code.tsx'
import { Equivalents } from '../../parts/equivalents.tsx'
import { Go } from '../../parts/go.tsx'
import { IconRocket } from '../../parts/icons.ts'
import { DuplicateButton, EditButton } from '../../parts/make.tsx'
import { Page, Stack } from '../../parts/page.tsx'
import { Panel } from '../../parts/panel.tsx'
import { Answer, Empty } from '../../parts/states.tsx'
import { Table } from '../../parts/table/table.tsx'
import { useYaml } from '../../parts/yaml.ts'
import { releaseColumns } from './columns.tsx'
import { GoBackTo } from './decide/rollback.tsx'

/** A plan: its releases, and what it says. */
export function PlanPage() {
  const { plan = '' } = useParams({ strict: false })
  const workspace = useWorkspace()
  const query = useQuery(
    resourceQuery<PlanProperties>(`${workspace.id}/providers/Twinloop/releasePlans/${plan}`),
  )
  return <Answer query={query}>{(found) => <Shown plan={found} />}</Answer>
}

function Shown({ plan }: { readonly plan: Plan }) {
  const to = usePaths()
  const path = `${plan.id}/releases`
  const releases = useQuery(listQuery<ReleaseProperties>(path))
  const text = useYaml(plan, 'releasePlan')
  return (
    <Page
      title={plan.name}
      meta={
        <span>
          releases versions of <Go to={to.model(plan.properties.model)}>{plan.properties.model}</Go>
        </span>
      }
      actions={<Actions plan={plan} />}
    >
      <Stack>
        <Panel title="Releases" flush>
          <Answer query={releases}>
            {(all) =>
              all.length === 0 ? (
                <Empty
                  title="No release yet"
                  command={`twinloop release create --plan ${plan.name} --model-version 1 --watch`}
                />
              ) : (
                <Table
                  rows={all}
                  columns={releaseColumns}
                  rowKey={({ id }) => id}
                  to={({ name }) => to.release(plan.name, name)}
                  label="releases"
                  initial="-started"
                />
              )
            }
          </Answer>
        </Panel>
        <Panel title="What it says" subtitle={`twinloop release-plan show --name ${plan.name} -o yaml`}>
          <Code text={text ?? ''} language="yaml" label="The plan as YAML" />
        </Panel>
      </Stack>
    </Page>
  )
}

function Actions({ plan }: { readonly plan: Plan }) {
  const can = useCan(plan.id)
  const [isStarting, setStarting] = useState(false)
  return (
    <>
      <EditButton kind="release-plan" id={plan.id} />
      <DuplicateButton kind="release-plan" id={plan.id} />
      <Act
        label="Start release"
        icon={<IconRocket size={14} />}
        allowed={can('Twinloop/releasePlans/start/action')}
        onClick={() => setStarting(true)}
      />
      <GoBackTo plan={plan.id} label="Roll back" />
      <Equivalents
        cli={[
          { what: 'Show it', command: `twinloop release-plan show --name ${plan.name}` },
          { what: 'Change it', command: 'twinloop release-plan create --file release-plan.yml' },
          {
            what: 'Start a release',
            command: `twinloop release create --plan ${plan.name} --model-version 1 --watch`,
          },
          { what: 'Back to the release before', command: `twinloop release rollback ${plan.name}` },
        ]}
        rest={[{ method: 'GET', path: plan.id }]}
        resource={plan}
        kind="releasePlan"
      />
      {isStarting ? <Start plan={plan} onClose={() => setStarting(false)} /> : null}
    </>
  )
}

/** Asks for the version, the newest first, and why. */
function Start({ plan, onClose }: { readonly plan: Plan; readonly onClose: () => void }) {
  const workspace = useWorkspace()
  const to = usePaths()
  const navigate = useNavigate()
  const versions = useQuery(
    listQuery<VersionProperties>(`${workspace.id}/models/${plan.properties.model}/versions`),
  )
  const names = (versions.data ?? [])
    .toSorted((a, b) => b.systemData.createdAt.localeCompare(a.systemData.createdAt))
    .map(({ name }) => name)
  const [chosen, setChosen] = useState<string>()
  const version = chosen ?? names[0]
  return (
    <Confirm
      title={`Release ${plan.properties.model}`}
      verb="Start release"
      comment={{ label: 'Why (others will read it)' }}
      onDone={async (why) => {
        if (version === undefined) throw new Error(`${plan.properties.model} has no version yet.`)
        const release = await startRelease(workspace, plan.name, version, why)
        await navigate({ to: to.release(plan.name, release.name) as '/' })
      }}
      onClose={onClose}
    >
      <Select
        label="Version"
        data={names}
        value={version ?? null}
        onChange={(value) => setChosen(value ?? undefined)}
        allowDeselect={false}
        searchable
      />
    </Confirm>
  )
}
