import type { ShelfProperties } from '../../api/shelf.ts'
import { usePaths, useWorkspace } from '../../frame/workspace.ts'
import { AssetList } from '../../parts/assets/asset-list.tsx'
import { Equivalents } from '../../parts/equivalents.tsx'
import { NewButton } from '../../parts/make.tsx'
import { Page } from '../../parts/page.tsx'
import { Empty } from '../../parts/states.tsx'

const create = 'twinloop environment create --file environment.yml'

/** What jobs and deployments run in. */
export function Environments() {
  const to = usePaths()
  const path = `${useWorkspace().id}/environments`
  return (
    <Page
      title="Environments"
      actions={
        <>
          <NewButton kind="environment" />
          <Equivalents
            cli={[
              { what: 'The same list', command: 'twinloop environment list -o table' },
              { what: 'Make one', command: create },
            ]}
            rest={[{ method: 'GET', path }]}
          />
        </>
      }
    >
      <AssetList<ShelfProperties>
        path={path}
        columns={[]}
        to={({ name }) => to.environment(name)}
        label="environments"
        empty={
          <Empty title="No environment has a name yet" command={create}>
            An environment is what Python code runs in: packages by their names and versions, built once.
          </Empty>
        }
      />
    </Page>
  )
}
