import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { listQuery, resourceQuery } from '../../api/queries.ts'
import { actOn, type Plan, type PlanProperties, type ReleaseProperties } from '../../api/releases.ts'
import { useCan, usePaths, useWorkspace } from '../../frame/workspace.ts'
import { Act, Confirm, tell } from '../../parts/act.tsx'
import { Code } from '../../parts/code/code.tsx'
import { Equivalents } from '../../parts/equivalents.tsx'
import { Go } from '../../parts/go.tsx'
import { IconArrowBackUp } from '../../parts/icons.ts'
import { DuplicateButton, EditButton } from '../../parts/make.tsx'
import { Page, Stack } from '../../parts/page.tsx'
import { Panel } from '../../parts/panel.tsx'
import { Answer, Empty } from '../../parts/states.tsx'
import { Table } from '../../parts/table/table.tsx'
import { useYaml } from '../../parts/yaml.ts'
import { releaseColumns } from './columns.tsx'

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
  const [isAsked, setAsked] = useState(false)
  return (
    <>
      <EditButton kind="release-plan" id={plan.id} />
      <DuplicateButton kind="release-plan" id={plan.id} />
      <Act
        label="Roll back"
        color="red"
        variant="light"
        icon={<IconArrowBackUp size={14} />}
        allowed={can('Twinloop/releasePlans/rollback/action')}
        onClick={() => setAsked(true)}
      />
      <Equivalents
        cli={[
          { what: 'Show it', command: `twinloop release-plan show --name ${plan.name}` },
          { what: 'Change it', command: 'twinloop release-plan create --file release-plan.yml' },
          { what: 'Back to the release before', command: `twinloop release rollback ${plan.name}` },
        ]}
        rest={[{ method: 'GET', path: plan.id }]}
        resource={plan}
        kind="releasePlan"
      />
      {isAsked ? (
        <Confirm
          title={`Roll ${plan.properties.model} back`}
          verb="Roll back now"
          danger
          comment={{ label: 'Reason' }}
          onDone={async (reason) => {
            await actOn(plan.id, 'rollback', { reason })
            tell('Rolled back: the release before has all traffic again')
          }}
          onClose={() => setAsked(false)}
        >
          <p>
            The release before the one that reigns gets all traffic again, at once. Its deployment may have to
            start first.
          </p>
        </Confirm>
      ) : null}
    </>
  )
}
