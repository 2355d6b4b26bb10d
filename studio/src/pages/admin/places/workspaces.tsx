import { ActionIcon, Menu, Textarea, TextInput } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { call } from '../../../api/call.ts'
import { patch, put } from '../../../api/admin/platform.ts'
import { keyOf, listQuery } from '../../../api/queries.ts'
import type { Page, Resource } from '../../../api/resource.ts'
import { keyed, type WorkspaceProperties } from '../../../api/workspaces.ts'
import { paths } from '../../../frame/paths.ts'
import { useCan } from '../../../frame/workspace.ts'
import { Act, Confirm, tell } from '../../../parts/act.tsx'
import { Equivalents } from '../../../parts/equivalents.tsx'
import { IconDots, IconPlus } from '../../../parts/icons.ts'
import { Stack } from '../../../parts/page.tsx'
import { Panel } from '../../../parts/panel.tsx'
import { Answer, Empty } from '../../../parts/states.tsx'
import { Status } from '../../../parts/status.tsx'
import { Table, type Column } from '../../../parts/table/table.tsx'
import { Time } from '../../../parts/time.tsx'
import { AdminPage } from '../admin-page.tsx'
import { DeleteAll } from './delete-all.tsx'
import { readTags, Tags, writeTags } from './tags.tsx'
import { useSubscription } from '../subscription.ts'

type Place = Resource<WorkspaceProperties & { readonly description?: string }>

const groupOf = (id: string) => /\/resourceGroups\/([^/]+)/i.exec(id)?.[1] ?? ''

/** What can be asked for: a new one, other tags, its deletion. */
type Asked =
  | { readonly what: 'make'; readonly kind: Kind }
  | { readonly what: 'tags' | 'delete'; readonly kind: Kind; readonly resource: Place }
const kinds = {
  workspace: { noun: 'workspace', provider: 'Microsoft.MachineLearningServices', type: 'workspaces' },
  registry: { noun: 'registry', provider: 'Microsoft.MachineLearningServices', type: 'registries' },
  group: { noun: 'resource group', provider: 'Microsoft.Resources', type: 'resourceGroups' },
} as const
type Kind = keyof typeof kinds

/** Workspaces, what they are grouped in, and the registries that they share. */
export function Workspaces() {
  const subscription = useSubscription()
  const can = useCan(subscription)
  const [asked, setAsked] = useState<Asked>()
  const workspaces = useQuery(
    listQuery<WorkspaceProperties>(`${subscription}/providers/Microsoft.MachineLearningServices/workspaces`),
  )
  const registries = useQuery(
    listQuery<WorkspaceProperties>(`${subscription}/providers/Microsoft.MachineLearningServices/registries`),
  )
  const groups = useQuery({
    queryKey: keyOf({ types: ['resourceGroups', 'workspaces', 'registries'] }, 'groups', subscription),
    queryFn: async ({ signal }) =>
      (await call<Page<Place>>(`${subscription}/resourceGroups`, { signal, query: { $top: '1000' } })).value,
  })
  const keys = new Map(keyed(workspaces.data ?? []).map(({ id, key }) => [id, key]))
  const makes = (kind: Kind) => ({
    label: kind === 'workspace' ? 'New workspace' : 'New',
    icon: <IconPlus size={14} aria-hidden />,
    allowed: can(
      `${kinds[kind].provider}/${kinds[kind].type === 'resourceGroups' ? 'subscriptions/resourceGroups' : kinds[kind].type}/write`,
    ),
    onClick: () => setAsked({ what: 'make', kind }),
  })
  const menu = (kind: Kind): Column<Place> => ({
    id: 'menu',
    header: '',
    width: '48px',
    cell: (resource) => <More kind={kind} resource={resource} onAsk={setAsked} />,
  })
  return (
    <AdminPage
      title="Workspaces"
      meta="Each is a team’s room: its assets, jobs and endpoints, and who may touch them"
      actions={
        <>
          <Act {...makes('workspace')} />
          <Equivalents
            cli={[
              { what: 'The same list', command: 'twinloop workspace list -o table' },
              { what: 'A new one', command: 'twinloop workspace create --name staging' },
              { what: 'Assets that workspaces share', command: 'twinloop registry create --name shared' },
            ]}
            rest={[
              {
                method: 'GET',
                path: `${subscription}/providers/Microsoft.MachineLearningServices/workspaces`,
              },
            ]}
          />
        </>
      }
    >
      <Stack>
        <Panel flush>
          <Answer query={workspaces}>
            {(rows) => (
              <Table
                rows={rows}
                columns={[...columns, menu('workspace')]}
                rowKey={({ id }) => id}
                to={({ id }) => paths(keys.get(id) ?? '').home}
                label="workspaces"
                initial="name"
              />
            )}
          </Answer>
        </Panel>
        <Panel
          title="Registries"
          subtitle="assets that workspaces share"
          actions={<Act {...makes('registry')} variant="default" />}
          flush
        >
          <Answer query={registries}>
            {(rows) =>
              rows.length === 0 ? (
                <Empty title="No registry yet" command="twinloop registry create --name shared">
                  Models, data, environments and components in a registry can be used by every workspace.
                </Empty>
              ) : (
                <Table
                  rows={rows}
                  columns={[...columns, menu('registry')]}
                  rowKey={({ id }) => id}
                  label="registries"
                  prefix="r"
                  bare
                />
              )
            }
          </Answer>
        </Panel>
        <Panel
          title="Resource groups"
          subtitle="a role on one counts for all that is in it"
          actions={<Act {...makes('group')} variant="default" />}
          flush
        >
          <Answer query={groups}>
            {(rows) => (
              <Table
                rows={rows}
                columns={[
                  ...columns.filter(({ id }) => ['name', 'tags', 'made'].includes(id)),
                  menu('group'),
                ]}
                rowKey={({ id }) => id}
                label="resource groups"
                prefix="g"
                bare
              />
            )}
          </Answer>
        </Panel>
      </Stack>
      {asked?.what === 'make' ? <Make kind={asked.kind} onClose={() => setAsked(undefined)} /> : null}
      {asked?.what === 'tags' ? <ChangeTags {...asked} onClose={() => setAsked(undefined)} /> : null}
      {asked?.what === 'delete' ? (
        <DeleteAll
          id={asked.resource.id}
          name={asked.resource.name}
          what={kinds[asked.kind].noun}
          onClose={() => setAsked(undefined)}
        />
      ) : null}
    </AdminPage>
  )
}

const columns: readonly Column<Place>[] = [
  {
    id: 'name',
    header: 'Name',
    width: 'minmax(140px, 2fr)',
    cell: ({ name }) => name,
    sort: ({ name }) => name,
    text: ({ name }) => name,
  },
  {
    id: 'state',
    header: 'State',
    width: '110px',
    cell: ({ properties }) => <Status kind="provisioning" state={properties.provisioningState} />,
  },
  {
    id: 'group',
    header: 'Resource group',
    width: 'minmax(110px, 1fr)',
    cell: ({ id }) => groupOf(id),
    sort: ({ id }) => groupOf(id),
    text: ({ id }) => groupOf(id),
  },
  {
    id: 'description',
    header: 'Description',
    width: 'minmax(140px, 2fr)',
    cell: ({ properties }) => <span title={properties.description}>{properties.description ?? ''}</span>,
    text: ({ properties }) => properties.description ?? '',
  },
  { id: 'tags', header: 'Tags', width: 'minmax(120px, 1fr)', cell: ({ tags }) => <Tags tags={tags} /> },
  {
    id: 'made',
    header: 'Made',
    width: '120px',
    cell: ({ systemData }) => <Time at={systemData.createdAt} />,
    sort: ({ systemData }) => systemData.createdAt,
  },
]

function More({
  kind,
  resource,
  onAsk,
}: {
  readonly kind: Kind
  readonly resource: Place
  readonly onAsk: (asked: Asked) => void
}) {
  const can = useCan(resource.id)
  const { provider, type, noun } = kinds[kind]
  const operation = `${provider}/${type === 'resourceGroups' ? 'resourceGroups' : type}`
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={`What can be done with ${noun} ${resource.name}`}
        >
          <IconDots size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          disabled={!can(`${operation}/write`)}
          onClick={() => onAsk({ what: 'tags', kind, resource })}
        >
          Change tags and description
        </Menu.Item>
        <Menu.Item
          color="red"
          disabled={!can(`${operation}/delete`)}
          onClick={() => onAsk({ what: 'delete', kind, resource })}
        >
          Delete {noun} …
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}

function Make({ kind, onClose }: { readonly kind: Kind; readonly onClose: () => void }) {
  const subscription = useSubscription()
  const queries = useQueryClient()
  const [name, setName] = useState('')
  const [group, setGroup] = useState('twinloop')
  const [description, setDescription] = useState('')
  const { noun, type } = kinds[kind]
  const at = `${subscription}/resourceGroups/${kind === 'group' ? name : group}`
  const id = kind === 'group' ? at : `${at}/providers/Microsoft.MachineLearningServices/${type}/${name}`
  return (
    <Confirm
      title={`New ${noun}`}
      verb={`Make the ${noun}`}
      onDone={async () => {
        await put(id, {
          ...(kind === 'group' ? {} : { location: 'local' }),
          properties: description === '' ? {} : { description },
        })
        tell(`${name} is made.`)
        await queries.invalidateQueries()
      }}
      onClose={onClose}
    >
      <TextInput
        label="Name"
        required
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        data-autofocus
      />
      {kind === 'group' ? null : (
        <>
          <TextInput
            label="Resource group"
            description="It is made along, if there is none of this name."
            required
            value={group}
            onChange={(event) => setGroup(event.currentTarget.value)}
          />
          <TextInput
            label="Description"
            value={description}
            onChange={(event) => setDescription(event.currentTarget.value)}
          />
        </>
      )}
    </Confirm>
  )
}

function ChangeTags({
  kind,
  resource,
  onClose,
}: {
  readonly kind: Kind
  readonly resource: Place
  readonly onClose: () => void
}) {
  const queries = useQueryClient()
  const [text, setText] = useState(writeTags(resource.tags))
  const [description, setDescription] = useState(resource.properties.description ?? '')
  return (
    <Confirm
      title={`${kinds[kind].noun} ${resource.name}`}
      verb="Change it"
      onDone={async () => {
        const tags = readTags(text)
        const gone = Object.keys(resource.tags ?? {}).filter((name) => !Object.hasOwn(tags, name))
        await patch(resource.id, {
          tags: { ...tags, ...Object.fromEntries(gone.map((name) => [name, null])) },
          ...(kind === 'group' ? {} : { properties: { description: description || null } }),
        })
        await queries.invalidateQueries()
      }}
      onClose={onClose}
    >
      {kind === 'group' ? null : (
        <TextInput
          label="Description"
          value={description}
          onChange={(event) => setDescription(event.currentTarget.value)}
        />
      )}
      <Textarea
        label="Tags"
        description="One on a line: team=flights"
        autosize
        minRows={3}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
    </Confirm>
  )
}
