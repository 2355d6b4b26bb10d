import { Drawer } from '@mantine/core'
import { useState } from 'react'
import type { Role } from '../../../api/admin/access.ts'
import { useSearchWord } from '../../../frame/search.ts'
import { useCan, useWorkspace } from '../../../frame/workspace.ts'
import { Act } from '../../../parts/act.tsx'
import { Stack } from '../../../parts/page.tsx'
import { Panel } from '../../../parts/panel.tsx'
import { Table, type Column } from '../../../parts/table/table.tsx'
import style from '../admin.module.css'
import { CustomRole, DeleteRole } from './custom-role.tsx'

const allowed = ({ properties }: Role) => properties.permissions.flatMap(({ actions }) => actions ?? [])
const excepted = ({ properties }: Role) =>
  properties.permissions.flatMap(({ notActions }) => notActions ?? [])

/** An operation, or a pattern of some, as people say it: `everything of jobs`, `read computes`. */
export function inWords(pattern: string): string {
  if (pattern === '*') return 'everything'
  if (pattern === '*/read') return 'see everything but secrets'
  const words = pattern
    .replace(/^Microsoft\.MachineLearningServices\/(?:workspaces\/)?/i, '')
    .replace(/^Microsoft\.Authorization\//i, '')
    .replace(/^Twinloop\//i, '')
    .split('/')
  const last = words.at(-1) ?? ''
  const verb = last === 'action' ? (words.at(-2) ?? '') : last
  const what = words.slice(0, last === 'action' ? -2 : -1).filter((word) => word !== '*')
  const subject =
    what.length === 0
      ? 'anything there'
      : what
          .join(' ')
          .replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
          .trim()
  if (verb === '*') return `everything about ${subject === 'anything there' ? 'what is there' : subject}`
  if (verb === 'action' || verb === '') return `act on ${subject}`
  return `${verb.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`).toLowerCase()} ${subject}`
}

const columns: readonly Column<Role>[] = [
  {
    id: 'name',
    header: 'Role',
    width: 'minmax(180px, 1fr)',
    cell: ({ properties }) => properties.roleName,
    sort: ({ properties }) => properties.roleName,
    text: (role) => [role.properties.roleName, ...allowed(role)].join(' '),
  },
  {
    id: 'kind',
    header: 'Kind',
    width: '90px',
    cell: ({ properties }) => (properties.type === 'CustomRole' ? 'Own' : 'Built-in'),
    sort: ({ properties }) => properties.type,
  },
  {
    id: 'description',
    header: 'What it is for',
    width: 'minmax(240px, 2fr)',
    cell: ({ properties }) => (
      <span title={properties.description ?? ''}>{properties.description ?? ''}</span>
    ),
    text: ({ properties }) => properties.description ?? '',
  },
]

/** Patterns of operations in words, each with itself. */
const Patterns = ({ title, of }: { readonly title: string; readonly of: readonly string[] }) =>
  of.length === 0 ? null : (
    <section>
      <h2>{title}</h2>
      <ul className={style.sentences}>
        {of.map((pattern) => (
          <li key={pattern}>
            {inWords(pattern)} <code className="muted">{pattern}</code>
          </li>
        ))}
      </ul>
    </section>
  )

/** What each role allows, built-in ones and the house's own. */
export function Roles({ roles }: { readonly roles: readonly Role[] }) {
  const workspace = useWorkspace()
  const can = useCan()
  const [asked, setAsked] = useState<'make' | Role>()
  const [deleting, setDeleting] = useState<Role>()
  const [shown, setShown] = useSearchWord('role')
  const open = roles.find(({ name }) => name === shown)
  const mayWrite = can('Microsoft.Authorization/roleDefinitions/write')
  return (
    <Panel
      flush
      title="Roles"
      subtitle="Azure’s, two of Twinloop’s own, and those that were made here; open one to see what it allows"
      actions={
        <Act
          label="New role"
          variant="default"
          allowed={mayWrite}
          reason="Only an owner makes roles."
          onClick={() => setAsked('make')}
        />
      }
    >
      <Table
        rows={roles}
        columns={[
          ...columns.map((column) =>
            column.id === 'name'
              ? {
                  ...column,
                  cell: (role: Role) => (
                    <button type="button" className={style.open} onClick={() => setShown(role.name)}>
                      {role.properties.roleName}
                    </button>
                  ),
                }
              : column,
          ),
          {
            id: 'change',
            header: '',
            width: '150px',
            align: 'right',
            cell: (role) =>
              role.properties.type === 'CustomRole' ? (
                <span className={style.chips}>
                  <Act
                    label="Change"
                    variant="subtle"
                    size="compact-xs"
                    allowed={mayWrite}
                    onClick={() => setAsked(role)}
                  />
                  <Act
                    label="Delete"
                    variant="subtle"
                    color="red"
                    size="compact-xs"
                    allowed={mayWrite}
                    onClick={() => setDeleting(role)}
                  />
                </span>
              ) : null,
          },
        ]}
        rowKey={({ id }) => id}
        label="roles"
        prefix="r"
      />
      {asked === undefined ? null : (
        <CustomRole
          scope={workspace.id}
          {...(asked === 'make' ? {} : { role: asked })}
          onClose={() => setAsked(undefined)}
        />
      )}
      {open === undefined ? null : (
        <Drawer
          opened
          onClose={() => setShown('')}
          position="right"
          size="lg"
          title={open.properties.roleName}
          closeButtonProps={{ 'aria-label': 'Close' }}
        >
          <Stack>
            <p>{open.properties.description}</p>
            <Patterns title="Allows" of={allowed(open)} />
            <Patterns title="Except" of={excepted(open)} />
          </Stack>
        </Drawer>
      )}
      {deleting === undefined ? null : <DeleteRole role={deleting} onClose={() => setDeleting(undefined)} />}
    </Panel>
  )
}
