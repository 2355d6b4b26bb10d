import { useQuery } from '@tanstack/react-query'
import { contentQuery, type ModelVersion } from '../../api/models.ts'
import type { SignatureField } from '../../api/model-file.ts'
import { releasesQuery, type Release } from '../../api/releases.ts'
import { labelOf, namesIn } from '../../api/resource.ts'
import { runQuery } from '../../api/runs.ts'
import { pathOf } from '../../frame/paths.ts'
import { usePaths, useWorkspace } from '../../frame/workspace.ts'
import { Go } from '../../parts/go.tsx'
import { Columns, Stack } from '../../parts/page.tsx'
import { Facts, Figure, Figures, Panel } from '../../parts/panel.tsx'
import { Answer } from '../../parts/states.tsx'
import { Status } from '../../parts/status.tsx'
import { Table } from '../../parts/table/table.tsx'
import { bytes, metric } from '../../words/numbers.ts'
import { numbersIn } from './tag-numbers.ts'
import { Verdict } from './verdict.tsx'

export function VersionOverview({
  model,
  version,
}: {
  readonly model: string
  readonly version: ModelVersion
}) {
  const workspace = useWorkspace()
  const content = useQuery(contentQuery(workspace, model, version.name))
  return (
    <Stack>
      <Verdict version={version} />
      <Numbers version={version} />
      <Columns>
        <Releases version={version} />
        <Panel title="About">
          <About
            version={version}
            sizeBytes={content.data?.model?.sizeBytes}
            mlflow={content.data?.model?.mlflowVersion}
          />
        </Panel>
      </Columns>
      <Answer query={content}>
        {({ model: file }) =>
          file === undefined ? null : (
            <Columns>
              <Fields title="Takes" fields={file.inputs} none="It does not say what it takes." />
              <Fields title="Gives" fields={file.outputs} none="It does not say what it gives." />
            </Columns>
          )
        }
      </Answer>
    </Stack>
  )
}

/** What was measured of it: what its registration says, then what its run logged. */
function Numbers({ version }: { readonly version: ModelVersion }) {
  const workspace = useWorkspace()
  const { tags = {}, lineage, jobName } = version.properties
  const run = lineage?.run ?? jobName
  const { data } = useQuery({ ...runQuery(workspace, run ?? ''), enabled: run !== undefined })
  const told = numbersIn([tags])
  const logged = (data?.data.metrics ?? []).filter(({ key }) => !told.includes(key))
  if (told.length + logged.length === 0) return null
  return (
    <Figures>
      {told.map((name) => (
        <Figure key={name} name={name} value={metric(Number(tags[name]))} note="as registered" />
      ))}
      {logged.slice(0, 8).map(({ key, value }) => (
        <Figure key={key} name={key} value={metric(value)} note="logged by its run" />
      ))}
    </Figures>
  )
}

function Releases({ version }: { readonly version: ModelVersion }) {
  const workspace = useWorkspace()
  const to = usePaths()
  const query = useQuery(releasesQuery(workspace))
  const isOwn = ({ properties }: Release) =>
    properties.candidate?.id.toLowerCase() === version.id.toLowerCase()
  return (
    <Panel title="Releases" subtitle="with the evidence of their gates" flush>
      <Answer query={query}>
        {(all) => {
          const own = all.filter(isOwn)
          if (own.length === 0)
            return (
              <p className="muted" style={{ padding: 16 }}>
                It was in no release yet.
              </p>
            )
          return (
            <Table
              rows={own}
              rowKey={({ id }) => id}
              to={({ id, name }) => to.release(namesIn(id)[1] ?? '', name)}
              label="releases"
              prefix="releases."
              bare
              columns={[
                {
                  id: 'name',
                  header: 'Release',
                  width: '150px',
                  cell: ({ id, name }) => `${namesIn(id)[1] ?? ''}/${name}`,
                },
                {
                  id: 'state',
                  header: 'State',
                  width: '130px',
                  cell: ({ properties }) => <Status kind="release" state={properties.state} />,
                },
                {
                  id: 'reason',
                  header: 'Why',
                  cell: ({ properties }) => <span title={properties.reason}>{properties.reason}</span>,
                },
              ]}
            />
          )
        }}
      </Answer>
    </Panel>
  )
}

function About({
  version,
  sizeBytes,
  mlflow,
}: {
  readonly version: ModelVersion
  readonly sizeBytes: number | undefined
  readonly mlflow: string | undefined
}) {
  const workspace = useWorkspace()
  const { description, flavors = {}, lineage, tags = {} } = version.properties
  const numbers = numbersIn([tags])
  const flavour = Object.keys(flavors).find((name) => name !== 'python_function')
  const flavourVersion = Object.entries(flavors[flavour ?? '']?.data ?? {}).find(([name]) =>
    name.endsWith('_version'),
  )?.[1]
  return (
    <Facts
      facts={[
        { name: 'Description', value: description },
        { name: 'Flavour', value: flavour === undefined ? undefined : `${flavour} ${flavourVersion ?? ''}` },
        { name: 'Python', value: flavors['python_function']?.data?.['python_version'] },
        { name: 'MLflow', value: mlflow },
        { name: 'Size', value: sizeBytes === undefined ? undefined : bytes(sizeBytes) },
        {
          name: 'Trained on',
          value:
            lineage?.data === undefined || lineage.data.length === 0 ? undefined : (
              <span style={{ display: 'flex', flexWrap: 'wrap', gap: '2px 10px' }}>
                {lineage.data.map(({ id }) => {
                  const to = pathOf(workspace.key, id)
                  return to === undefined ? (
                    <span key={id}>{labelOf(id)}</span>
                  ) : (
                    <Go key={id} to={to}>
                      {labelOf(id)}
                    </Go>
                  )
                })}
              </span>
            ),
        },
        ...Object.entries(tags)
          .filter(([name]) => !numbers.includes(name))
          .map(([name, value]) => ({ name, value })),
      ]}
    />
  )
}

const Fields = ({
  title,
  fields,
  none,
}: {
  readonly title: string
  readonly fields: readonly SignatureField[]
  readonly none: string
}) => (
  <Panel title={title} subtitle={fields.length === 0 ? '' : `${fields.length} of the signature`} flush>
    {fields.length === 0 ? (
      <p className="muted" style={{ padding: 16 }}>
        {none}
      </p>
    ) : (
      <Table
        rows={fields}
        rowKey={({ name }) => name}
        label={title}
        prefix={`${title}.`}
        bare
        columns={[
          {
            id: 'name',
            header: 'Name',
            cell: ({ name }) => <span className="mono">{name}</span>,
            sort: ({ name }) => name,
          },
          {
            id: 'type',
            header: 'Type',
            cell: ({ type }) => <span className="mono">{type}</span>,
            sort: ({ type }) => type,
          },
          {
            id: 'required',
            header: 'May be missing',
            width: '130px',
            cell: ({ required }) => (required ? 'no' : 'yes'),
            sort: ({ required }) => String(required),
          },
        ]}
      />
    )}
  </Panel>
)
