import { Textarea, TextInput } from '@mantine/core'
import { useState } from 'react'
import { putRole, type Role } from '../../../api/admin/access.ts'
import { remove } from '../../../api/admin/platform.ts'
import { Confirm, tell } from '../../../parts/act.tsx'

const lines = (text: string): readonly string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')

/** Makes a role of the house's own, or changes one. */
export function CustomRole({
  scope,
  role,
  onClose,
}: {
  readonly scope: string
  readonly role?: Role
  readonly onClose: () => void
}) {
  const before = role?.properties
  const [name, setName] = useState(before?.roleName ?? '')
  const [description, setDescription] = useState(before?.description ?? '')
  const [actions, setActions] = useState(
    (before?.permissions ?? []).flatMap((one) => one.actions ?? []).join('\n'),
  )
  const [notActions, setNotActions] = useState(
    (before?.permissions ?? []).flatMap((one) => one.notActions ?? []).join('\n'),
  )
  return (
    <Confirm
      title={role === undefined ? 'New role' : `Role ${before?.roleName ?? ''}`}
      verb={role === undefined ? 'Make the role' : 'Change the role'}
      onDone={async () => {
        if (lines(actions).length === 0)
          throw new Error('A role that allows nothing is none: name an operation.')
        await putRole(scope, role, {
          roleName: name.trim(),
          ...(description === '' ? {} : { description }),
          permissions: [{ actions: lines(actions), notActions: lines(notActions) }],
        })
        tell(`The role ${name} can be given.`)
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
      <TextInput
        label="What it is for"
        value={description}
        onChange={(event) => setDescription(event.currentTarget.value)}
      />
      <Textarea
        label="Operations that it allows"
        description="One on a line, with * for anything: Microsoft.MachineLearningServices/workspaces/jobs/*"
        required
        autosize
        minRows={3}
        value={actions}
        onChange={(event) => setActions(event.currentTarget.value)}
      />
      <Textarea
        label="Except"
        autosize
        minRows={2}
        value={notActions}
        onChange={(event) => setNotActions(event.currentTarget.value)}
      />
    </Confirm>
  )
}

export const DeleteRole = ({ role, onClose }: { readonly role: Role; readonly onClose: () => void }) => (
  <Confirm
    title={`Delete role ${role.properties.roleName}`}
    verb="Delete the role"
    danger
    typed={role.properties.roleName}
    onDone={async () => {
      await remove(role.id)
      tell(`The role ${role.properties.roleName} is deleted.`)
    }}
    onClose={onClose}
  >
    <p>Whoever holds it may no longer do what only it allows.</p>
  </Confirm>
)
