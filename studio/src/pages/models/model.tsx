import { Checkbox } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useState } from 'react'
import type { Model, ModelProperties, ModelVersion, VersionProperties } from '../../api/models.ts'
import { listQuery, resourceQuery } from '../../api/queries.ts'
import { useSearchWord } from '../../frame/search.ts'
import { useCan, usePaths, useWorkspace } from '../../frame/workspace.ts'
import { Act } from '../../parts/act.tsx'
import { Equivalents } from '../../parts/equivalents.tsx'
import { Go } from '../../parts/go.tsx'
import { IconRocket } from '../../parts/icons.ts'
import { Page, Stack } from '../../parts/page.tsx'
import { Panel } from '../../parts/panel.tsx'
import { Answer } from '../../parts/states.tsx'
import { Table, type Column } from '../../parts/table/table.tsx'
import { Time } from '../../parts/time.tsx'
import { shortened } from '../../words/names.ts'
import { metric } from '../../words/numbers.ts'
import { RemovableAliases } from './actions/removable-aliases.tsx'
import { StartDialog, usePlansOf } from './actions/start-dialog.tsx'
import { Aliases } from './aliases.tsx'
import { LadderCard } from './ladder-card.tsx'
import { numbersIn } from './tag-numbers.ts'

/** A model with its versions, and who meant what by its aliases when. */
export function ModelPage() {
  const { model: name = '' } = useParams({ strict: false })
  const workspace = useWorkspace()
  const id = `${workspace.id}/models/${name}`
  const query = useQuery(resourceQuery<ModelProperties>(id))
  return <Answer query={query}>{(model) => <Shown model={model} />}</Answer>
}

function Shown({ model }: { readonly model: Model }) {
  const to = usePaths()
  const path = `${model.id}/versions`
  const [archived, setArchived] = useSearchWord('archived')
  const query = useQuery(listQuery<VersionProperties>(path, archived === '' ? {} : { listViewType: 'All' }))
  const can = useCan(model.id)
  const plans = usePlansOf(model.name)
  const [isStarting, setStarting] = useState(false)
  const aliases = model.properties.aliases ?? {}
  const columnsOf = (versions: readonly ModelVersion[]): readonly Column<ModelVersion>[] => [
    {
      id: 'version',
      header: 'Version',
      width: 'minmax(130px, 1fr)',
      cell: ({ name }) => (
        <span title={`${model.name}:${name}`}>
          {shortened(model.name, 24)}:{name}
        </span>
      ),
      sort: ({ name }) => Number(name) || name,
      text: ({ name }) => name,
    },
    {
      id: 'aliases',
      header: 'Aliases',
      width: 'minmax(160px, 1fr)',
      cell: ({ name }) => (
        <RemovableAliases
          model={model.name}
          version={name}
          aliases={Object.keys(aliases).filter((alias) => aliases[alias] === name)}
        />
      ),
      text: ({ name }) =>
        Object.keys(aliases)
          .filter((alias) => aliases[alias] === name)
          .join(' '),
    },
    // Metrics that scripts write as tags of the version: the usual way to have them where the version is.
    ...numbersIn(versions.map(({ properties }) => properties.tags ?? {})).map(
      (tag): Column<ModelVersion> => ({
        id: `tag.${tag}`,
        header: tag,
        width: '110px',
        align: 'right',
        cell: ({ properties }) => metric(numberOf(properties.tags?.[tag])),
        sort: ({ properties }) => numberOf(properties.tags?.[tag]),
      }),
    ),
    {
      id: 'type',
      header: 'Kind',
      width: '130px',
      cell: ({ properties }) => properties.modelType,
      sort: ({ properties }) => properties.modelType,
      extra: true,
    },
    {
      id: 'created',
      header: 'Registered',
      width: '130px',
      cell: ({ systemData }) => <Time at={systemData.createdAt} />,
      sort: ({ systemData }) => systemData.createdAt,
    },
    {
      id: 'by',
      header: 'By',
      width: '140px',
      cell: ({ systemData }) => systemData.createdBy,
      sort: ({ systemData }) => systemData.createdBy,
    },
    {
      id: 'against',
      header: 'Compare',
      width: '130px',
      cell: ({ name }) => {
        const champion = aliases['champion']
        return champion === undefined || champion === name ? null : (
          <Go to={to.versionDiff(model.name, champion, name)}>with champion</Go>
        )
      },
    },
  ]
  return (
    <Page
      title={model.name}
      status={<Aliases aliases={aliases} />}
      meta={model.properties.description}
      actions={
        <>
          <Act
            label="Start release"
            icon={<IconRocket size={14} />}
            allowed={plans.length > 0 && can('Twinloop/releasePlans/releases/write')}
            {...(plans.length === 0
              ? {
                  reason: `No release plan is for ${model.name} yet: twinloop release-plan create --file release-plan.yml`,
                }
              : {})}
            onClick={() => setStarting(true)}
          />
          <Equivalents
            cli={[
              { what: 'Its versions', command: `twinloop model list --name ${model.name} -o table` },
              {
                what: 'Release the latest',
                command: `twinloop release create --plan ${model.name} --model-version ${model.properties.latestVersion ?? '1'}`,
              },
            ]}
            rest={[
              { method: 'GET', path: model.id },
              { method: 'GET', path },
            ]}
            resource={model}
          />
          {isStarting ? (
            <StartDialog
              plans={plans}
              versions={newestFirst(query.data ?? []).map(({ name }) => name)}
              onClose={() => setStarting(false)}
            />
          ) : null}
        </>
      }
    >
      <Stack>
        <LadderCard model={model} versions={query.data ?? []} />
        <Panel title="Versions" flush>
          <Answer query={query}>
            {(versions) => (
              <Table
                rows={versions}
                columns={columnsOf(versions)}
                rowKey={({ id }) => id}
                to={({ name }) => to.version(model.name, name)}
                label="versions"
                initial="-created"
                tools={
                  <Checkbox
                    size="xs"
                    label="Archived, too"
                    checked={archived !== ''}
                    onChange={(event) => setArchived(event.currentTarget.checked ? 'yes' : '')}
                  />
                }
              />
            )}
          </Answer>
        </Panel>
        <AliasHistory model={model} />
      </Stack>
    </Page>
  )
}

const newestFirst = (versions: readonly ModelVersion[]) =>
  versions.toSorted((a, b) => b.systemData.createdAt.localeCompare(a.systemData.createdAt))

const numberOf = (text: string | undefined) => (text === undefined || text === '' ? undefined : Number(text))

function AliasHistory({ model }: { readonly model: Model }) {
  const history = (model.properties.aliasHistory ?? []).toReversed()
  if (history.length === 0) return null
  return (
    <Panel title="What the aliases meant" flush>
      <Table
        rows={history}
        rowKey={({ alias, at, to }) => `${alias} ${at} ${to}`}
        label="changes of aliases"
        prefix="aliases."
        bare
        columns={[
          { id: 'alias', header: 'Alias', width: '160px', cell: ({ alias }) => alias },
          {
            id: 'change',
            header: 'Change',
            cell: ({ from, to }) =>
              `${from === null ? 'nothing' : `version ${from}`} → ${to === null ? 'nothing' : `version ${to}`}`,
          },
          { id: 'at', header: 'When', width: '140px', cell: ({ at }) => <Time at={at} /> },
          { id: 'by', header: 'By', width: '180px', cell: ({ by }) => by },
        ]}
      />
    </Panel>
  )
}
