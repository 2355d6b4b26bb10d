import { SegmentedControl } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { listQuery } from '../../api/queries.ts'
import { releasesQuery, type PlanProperties, type Release } from '../../api/releases.ts'
import { useSearchWord } from '../../frame/search.ts'
import { usePaths, useWorkspace } from '../../frame/workspace.ts'
import { Equivalents } from '../../parts/equivalents.tsx'
import { NewButton } from '../../parts/make.tsx'
import { Page, Stack } from '../../parts/page.tsx'
import { Panel } from '../../parts/panel.tsx'
import { Answer, Empty } from '../../parts/states.tsx'
import { Table } from '../../parts/table/table.tsx'
import { Time, useNow } from '../../parts/time.tsx'
import { needsAttention, planOf } from './attention.ts'
import { releaseColumns } from './columns.tsx'

const views: Readonly<Record<string, (release: Release, all: readonly Release[], now: Date) => boolean>> = {
  all: () => true,
  open: ({ properties }) => properties.phase === 'open',
  attention: needsAttention,
}

/** Releases of all plans, and the plans. */
export function Releases() {
  const workspace = useWorkspace()
  const to = usePaths()
  const [view, setView] = useSearchWord('view', 'all')
  const now = useNow(60_000)
  const path = `${workspace.id}/providers/Twinloop/releasePlans`
  const plans = useQuery(listQuery<PlanProperties>(path))
  const releases = useQuery(releasesQuery(workspace))
  return (
    <Page
      title="Releases"
      actions={
        <Equivalents
          cli={[
            { what: 'The same list', command: 'twinloop release list -o table' },
            { what: 'A plan for a model', command: 'twinloop release-plan create --file release-plan.yml' },
            {
              what: 'Start one',
              command: 'twinloop release create --plan my-model --model-version 1 --watch',
            },
          ]}
          rest={[{ method: 'GET', path }]}
        />
      }
    >
      <Answer query={plans}>
        {(all) =>
          all.length === 0 ? (
            <Panel>
              <Empty
                title="There is no release plan yet"
                command="twinloop release-plan create --file release-plan.yml"
              >
                A plan says by which gates, approvals and steps a version of a model comes to where it counts.
              </Empty>
            </Panel>
          ) : (
            <Stack>
              <Panel title="Releases" flush>
                <Answer query={releases}>
                  {(found) => (
                    <Table
                      rows={found.filter((one) => views[view]?.(one, found, now) ?? true)}
                      columns={releaseColumns}
                      rowKey={({ id }) => id}
                      to={(release) => to.release(planOf(release), release.name)}
                      label="releases"
                      initial="-started"
                      tools={
                        <SegmentedControl
                          aria-label="Which"
                          value={view}
                          onChange={(value) => setView(value)}
                          data={[
                            { value: 'all', label: 'All' },
                            { value: 'open', label: 'Open' },
                            {
                              value: 'attention',
                              label: `Requires attention (${found.filter((one) => needsAttention(one, found, now)).length})`,
                            },
                          ]}
                        />
                      }
                    />
                  )}
                </Answer>
              </Panel>
              <Panel title="Plans" actions={<NewButton kind="release-plan" variant="default" />} flush>
                <Table
                  rows={all}
                  rowKey={({ id }) => id}
                  to={({ name }) => to.plan(name)}
                  label="plans"
                  prefix="plans."
                  bare
                  columns={[
                    {
                      id: 'name',
                      header: 'Plan',
                      width: 'minmax(150px, 1fr)',
                      cell: ({ name }) => name,
                      sort: ({ name }) => name,
                    },
                    { id: 'model', header: 'Model', cell: ({ properties }) => properties.model },
                    {
                      id: 'stages',
                      header: 'Stages',
                      width: '90px',
                      align: 'right',
                      cell: ({ properties }) => properties.stages?.length ?? 0,
                    },
                    {
                      id: 'last',
                      header: 'Last start',
                      width: 'minmax(240px, 3fr)',
                      cell: ({ properties: { lastStart } }) =>
                        lastStart === undefined ? null : (
                          <span title={lastStart.what}>
                            <Time at={lastStart.at} />: {lastStart.what}, by {lastStart.by}
                          </span>
                        ),
                    },
                  ]}
                />
              </Panel>
            </Stack>
          )
        }
      </Answer>
    </Page>
  )
}
