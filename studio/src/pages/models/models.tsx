import type { ModelProperties } from '../../api/models.ts'
import type { Resource } from '../../api/resource.ts'
import { usePaths, useWorkspace } from '../../frame/workspace.ts'
import { AssetList } from '../../parts/assets/asset-list.tsx'
import { Equivalents } from '../../parts/equivalents.tsx'
import { NewButton } from '../../parts/make.tsx'
import { Page } from '../../parts/page.tsx'
import { Empty } from '../../parts/states.tsx'
import type { Column } from '../../parts/table/table.tsx'
import { Aliases } from './aliases.tsx'

const create = 'twinloop model create --name my-model --path ./model --type mlflow_model'

const columns: readonly Column<Resource<ModelProperties>>[] = [
  {
    id: 'aliases',
    header: 'Aliases',
    width: 'minmax(220px, 2fr)',
    cell: ({ properties }) => <Aliases aliases={properties.aliases ?? {}} />,
    text: ({ properties }) => Object.keys(properties.aliases ?? {}).join(' '),
  },
]

/** The models that are registered here. */
export function Models() {
  const to = usePaths()
  const path = `${useWorkspace().id}/models`
  return (
    <Page
      title="Models"
      actions={
        <>
          <NewButton kind="model" label="Register model" />
          <Equivalents
            cli={[
              { what: 'The same list', command: 'twinloop model list -o table' },
              { what: 'Register one', command: create },
            ]}
            rest={[{ method: 'GET', path }]}
          />
        </>
      }
    >
      <AssetList<ModelProperties>
        path={path}
        columns={columns}
        to={({ name }) => to.model(name)}
        label="models"
        empty={
          <Empty title="No model is registered yet" command={create}>
            Jobs register models by <code>mlflow.register_model</code> or as outputs; the command does it by
            hand.
          </Empty>
        }
      />
    </Page>
  )
}
