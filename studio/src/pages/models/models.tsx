import { useQuery } from '@tanstack/react-query'
import type { Model, ModelProperties } from '../../api/models.ts'
import { listQuery } from '../../api/queries.ts'
import { usePaths, useWorkspace } from '../../frame/workspace.ts'
import { Equivalents } from '../../parts/equivalents.tsx'
import { Page } from '../../parts/page.tsx'
import { Panel } from '../../parts/panel.tsx'
import { Answer, Empty } from '../../parts/states.tsx'
import { Table, type Column } from '../../parts/table/table.tsx'
import { Time } from '../../parts/time.tsx'
import { Aliases } from './aliases.tsx'

const columns: readonly Column<Model>[] = [
  {
    id: 'name',
    header: 'Name',
    width: 'minmax(200px, 2fr)',
    cell: ({ name }) => name,
    sort: ({ name }) => name,
    text: ({ name }) => name,
  },
  {
    id: 'latest',
    header: 'Latest version',
    width: '130px',
    align: 'right',
    cell: ({ properties }) => properties.latestVersion ?? '–',
    sort: ({ properties }) => properties.latestVersion,
  },
  {
    id: 'aliases',
    header: 'Aliases',
    width: 'minmax(220px, 2fr)',
    cell: ({ properties }) => <Aliases aliases={properties.aliases ?? {}} />,
    text: ({ properties }) => Object.keys(properties.aliases ?? {}).join(' '),
  },
  {
    id: 'changed',
    header: 'Changed',
    width: '130px',
    cell: ({ systemData }) => <Time at={systemData.lastModifiedAt} />,
    sort: ({ systemData }) => systemData.lastModifiedAt,
  },
  {
    id: 'description',
    header: 'Description',
    cell: ({ properties }) => properties.description,
    text: ({ properties }) => properties.description ?? '',
  },
]

/** The models that are registered here. */
export function Models() {
  const workspace = useWorkspace()
  const to = usePaths()
  const path = `${workspace.id}/models`
  const query = useQuery(listQuery<ModelProperties>(path))
  return (
    <Page
      title="Models"
      actions={
        <Equivalents
          cli={[
            { what: 'The same list', command: 'twinloop model list -o table' },
            {
              what: 'Register one',
              command: 'twinloop model create --name my-model --path ./model --type mlflow_model',
            },
          ]}
          rest={[{ method: 'GET', path }]}
        />
      }
    >
      <Panel flush>
        <Answer query={query} rows={8}>
          {(models) =>
            models.length === 0 ? (
              <Empty
                title="No model is registered yet"
                command="twinloop model create --name my-model --path ./model --type mlflow_model"
              >
                Jobs register models by <code>mlflow.register_model</code> or as outputs; the command does it
                by hand.
              </Empty>
            ) : (
              <Table
                rows={models}
                columns={columns}
                rowKey={({ id }) => id}
                to={({ name }) => to.model(name)}
                label="models"
              />
            )
          }
        </Answer>
      </Panel>
    </Page>
  )
}
