import { Tabs } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import type { DataVersion, DataVersionProperties } from '../../api/data.ts'
import { resourceQuery } from '../../api/queries.ts'
import { useSearchWord } from '../../frame/search.ts'
import { usePaths, useWorkspace } from '../../frame/workspace.ts'
import { Equivalents } from '../../parts/equivalents.tsx'
import { Go } from '../../parts/go.tsx'
import { Lineage } from '../../parts/lineage.tsx'
import { Page, Stack } from '../../parts/page.tsx'
import { Figure, Figures } from '../../parts/panel.tsx'
import { Answer } from '../../parts/states.tsx'
import { Status } from '../../parts/status.tsx'
import { Time } from '../../parts/time.tsx'
import { plural } from '../../words/names.ts'
import { bytes, exact } from '../../words/numbers.ts'
import { AskData } from './ask-data.tsx'
import { CompareButton } from './compare-button.tsx'
import { Checks } from './contracts/checks.tsx'
import { Columns } from './columns/columns.tsx'
import { Preview } from './preview.tsx'

/** One version of data: what is in it, how it looks, and what came of it. */
export function DataVersionPage() {
  const { data = '', version = '' } = useParams({ strict: false })
  const workspace = useWorkspace()
  const query = useQuery(
    resourceQuery<DataVersionProperties>(`${workspace.id}/data/${data}/versions/${version}`),
  )
  return <Answer query={query}>{(found) => <Shown name={data} version={found} />}</Answer>
}

function Shown({ name, version }: { readonly name: string; readonly version: DataVersion }) {
  const [tab, setTab] = useSearchWord('tab', 'columns')
  const to = usePaths()
  const { facts, contract, description, origin, dataType } = version.properties
  return (
    <Page
      title={`${name}:${version.name}`}
      {...(contract === undefined
        ? {}
        : { status: <Status kind="verdict" state={contract} note="contract" /> })}
      meta={
        <>
          <Go to={to.dataset(name)}>all versions</Go>
          <span>{dataType}</span>
          <span>
            {origin?.kind ?? 'made'} <Time at={version.systemData.createdAt} /> by{' '}
            {origin?.by ?? version.systemData.createdBy}
          </span>
          {description === undefined ? null : <span>{description}</span>}
        </>
      }
      actions={
        <>
          <CompareButton name={name} version={version.name} />
          <Equivalents
            cli={[
              { what: 'Show it', command: `twinloop data show --name ${name} --version ${version.name}` },
              {
                what: 'Some rows',
                command: `twinloop data preview --name ${name} --version ${version.name}`,
              },
              {
                what: 'Its profile',
                command: `twinloop data profile --name ${name} --version ${version.name}`,
              },
            ]}
            rest={[{ method: 'GET', path: version.id }]}
            resource={version}
            kind="data"
          />
        </>
      }
    >
      <Stack>
        {facts === undefined ? null : (
          <Figures>
            <Figure name="Rows" value={exact(facts.rows)} />
            <Figure name="Columns" value={exact(facts.columns?.length)} />
            <Figure name="Size" value={bytes(facts.bytes)} note={plural(facts.files ?? 0, 'file')} />
            <Figure name="Format" value={facts.format ?? '–'} />
          </Figures>
        )}
        <Tabs value={tab} onChange={(value) => setTab(value ?? 'columns')} keepMounted={false}>
          <Tabs.List mb="md">
            <Tabs.Tab value="columns">Columns</Tabs.Tab>
            <Tabs.Tab value="preview">Preview</Tabs.Tab>
            <Tabs.Tab value="ask">Ask</Tabs.Tab>
            {contract === undefined ? null : <Tabs.Tab value="checks">Checks</Tabs.Tab>}
            <Tabs.Tab value="lineage">Lineage</Tabs.Tab>
          </Tabs.List>
          <Tabs.Panel value="columns">
            <Columns version={version} />
          </Tabs.Panel>
          <Tabs.Panel value="preview">
            <Preview version={version.id} />
          </Tabs.Panel>
          <Tabs.Panel value="ask">
            <AskData version={version.id} />
          </Tabs.Panel>
          <Tabs.Panel value="checks">
            <Checks version={version.id} />
          </Tabs.Panel>
          <Tabs.Panel value="lineage">
            <Lineage id={version.id} />
          </Tabs.Panel>
        </Tabs>
      </Stack>
    </Page>
  )
}
