import type { ShelfProperties } from '../../api/shelf.ts'
import { usePaths, useWorkspace } from '../../frame/workspace.ts'
import { AssetList } from '../../parts/assets/asset-list.tsx'
import { Equivalents } from '../../parts/equivalents.tsx'
import { Page } from '../../parts/page.tsx'
import { Empty } from '../../parts/states.tsx'

const create = 'twinloop component create --file train.yml'

/** Steps of pipelines that are defined once. */
export function Components() {
  const to = usePaths()
  const path = `${useWorkspace().id}/components`
  return (
    <Page
      title="Components"
      actions={
        <Equivalents
          cli={[
            { what: 'The same list', command: 'twinloop component list -o table' },
            { what: 'Register one', command: create },
          ]}
          rest={[{ method: 'GET', path }]}
        />
      }
    >
      <AssetList<ShelfProperties>
        path={path}
        columns={[]}
        to={({ name }) => to.component(name)}
        label="components"
        empty={
          <Empty title="No component has a name yet" command={create}>
            A component is a step of pipelines that is defined once: a command with declared inputs and
            outputs.
          </Empty>
        }
      />
    </Page>
  )
}
