import type { ComponentVersionProperties, Port } from '../../api/shelf.ts'
import { pathOf } from '../../frame/paths.ts'
import { usePaths, useWorkspace } from '../../frame/workspace.ts'
import { labelOf } from '../../api/resource.ts'
import { Code } from '../../parts/code/code.tsx'
import { Go } from '../../parts/go.tsx'
import { Facts, Panel } from '../../parts/panel.tsx'
import { Table } from '../../parts/table/table.tsx'
import { UsingJobs } from './using-jobs.tsx'
import { VersionShelf } from './version-shelf.tsx'

/** A component: its command, what it takes and gives, and which jobs run it. */
export function ComponentPage() {
  const to = usePaths()
  const { key } = useWorkspace()
  return (
    <VersionShelf<ComponentVersionProperties> collection="components" noun="component" to={to.component}>
      {({ id, properties: { description, componentSpec: spec } }) => {
        const environment = spec.environment?.replace(/^azureml:/, '')
        const page = environment === undefined ? undefined : pathOf(key, environment)
        return (
          <>
            <Panel title={spec.display_name ?? 'What it does'}>
              <Facts
                facts={[
                  { name: 'Description', value: description ?? spec.description },
                  { name: 'Kind', value: spec.type },
                  {
                    name: 'Environment',
                    value:
                      environment === undefined ? undefined : page === undefined ? (
                        labelOf(environment)
                      ) : (
                        <Go to={page}>{labelOf(environment)}</Go>
                      ),
                  },
                  { name: 'Code', value: spec.code === undefined ? undefined : labelOf(spec.code) },
                  {
                    name: 'Steps',
                    value: spec.jobs === undefined ? undefined : Object.keys(spec.jobs).join(', '),
                  },
                ]}
              />
              {spec.command === undefined ? null : (
                <Code text={spec.command} language="text" label="Command" />
              )}
            </Panel>
            <Ports title="Takes" ports={spec.inputs ?? {}} />
            <Ports title="Gives" ports={spec.outputs ?? {}} />
            <UsingJobs field="componentId" version={id} />
          </>
        )
      }}
    </VersionShelf>
  )
}

const Ports = ({
  title,
  ports,
}: {
  readonly title: string
  readonly ports: Readonly<Record<string, Port>>
}) => (
  <Panel title={title} flush>
    {Object.keys(ports).length === 0 ? (
      <p className="muted" style={{ padding: 16 }}>
        Nothing.
      </p>
    ) : (
      <Table
        rows={Object.entries(ports).map(([name, port]) => ({ name, ...port }))}
        rowKey={({ name }) => name}
        label={title}
        prefix={`${title}.`}
        bare
        columns={[
          { id: 'name', header: 'Name', cell: ({ name }) => <span className="mono">{name}</span> },
          {
            id: 'type',
            header: 'Type',
            width: '140px',
            cell: ({ type }) => <span className="mono">{type}</span>,
          },
          {
            id: 'default',
            header: 'Default',
            width: '140px',
            cell: ({ default: value }) =>
              value === undefined || value === null ? '' : JSON.stringify(value),
          },
          {
            id: 'optional',
            header: 'May be missing',
            width: '120px',
            cell: ({ optional }) => (String(optional).toLowerCase() === 'true' ? 'yes' : 'no'),
          },
          { id: 'description', header: 'Description', cell: ({ description }) => description },
        ]}
      />
    )}
  </Panel>
)
