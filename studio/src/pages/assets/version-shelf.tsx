import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { listQuery } from '../../api/queries.ts'
import type { Resource } from '../../api/resource.ts'
import { useWorkspace } from '../../frame/workspace.ts'
import { Equivalents } from '../../parts/equivalents.tsx'
import { Columns, Page, Stack } from '../../parts/page.tsx'
import { Panel } from '../../parts/panel.tsx'
import { Answer, Empty } from '../../parts/states.tsx'
import { Table } from '../../parts/table/table.tsx'
import { Time } from '../../parts/time.tsx'

/**
 * An asset whose versions are short enough to stand on one page: the chosen version (that of the address, else the newest)
 * beside the list of all.
 */
export function VersionShelf<P>({
  collection,
  noun,
  to,
  actions,
  children,
}: {
  readonly collection: 'environments' | 'components'
  /** Of the command line. */
  readonly noun: string
  readonly to: (name: string, version?: string) => string
  readonly actions?: (version: Resource<P>) => ReactNode
  readonly children: (version: Resource<P>) => ReactNode
}) {
  const { name = '', version } = useParams({ strict: false })
  const path = `${useWorkspace().id}/${collection}/${name}/versions`
  const query = useQuery(listQuery<P>(path))
  return (
    <Answer query={query}>
      {(versions) => {
        const sorted = versions.toSorted((a, b) =>
          b.systemData.createdAt.localeCompare(a.systemData.createdAt),
        )
        const own = version === undefined ? sorted[0] : sorted.find((one) => one.name === version)
        return (
          <Page
            title={own === undefined ? name : `${name}:${own.name}`}
            meta={
              own === undefined ? undefined : (
                <span>
                  made <Time at={own.systemData.createdAt} /> by {own.systemData.createdBy}
                </span>
              )
            }
            actions={
              <>
                {own === undefined ? null : actions?.(own)}
                <Equivalents
                  cli={[
                    { what: 'Its versions', command: `twinloop ${noun} list --name ${name} -o table` },
                    {
                      what: 'Show it',
                      command: `twinloop ${noun} show --name ${name} --version ${own?.name ?? '1'}`,
                    },
                  ]}
                  rest={[{ method: 'GET', path: own?.id ?? path }]}
                  {...(own === undefined ? {} : { resource: own })}
                />
              </>
            }
          >
            {own === undefined ? (
              <Panel>
                <Empty
                  title={version === undefined ? 'It has no version' : `There is no version ${version} of it`}
                />
              </Panel>
            ) : (
              <Columns wide>
                <Stack>{children(own)}</Stack>
                <Panel title="Versions" flush>
                  <Table
                    rows={sorted}
                    rowKey={({ id }) => id}
                    to={(one) => to(name, one.name)}
                    label="versions"
                    bare
                    columns={[
                      {
                        id: 'version',
                        header: 'Version',
                        cell: (one) => (
                          <span title={one.name} style={{ fontWeight: one.name === own.name ? 700 : 500 }}>
                            {one.name}
                          </span>
                        ),
                      },
                      {
                        id: 'made',
                        header: 'Made',
                        width: '110px',
                        cell: ({ systemData }) => <Time at={systemData.createdAt} />,
                      },
                    ]}
                  />
                </Panel>
              </Columns>
            )}
          </Page>
        )
      }}
    </Answer>
  )
}
