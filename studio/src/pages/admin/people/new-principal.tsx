import { TextInput } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { programsPath, putPrincipal, usersPath } from '../../../api/admin/access.ts'
import { Confirm, tell } from '../../../parts/act.tsx'
import type { People } from './use-people.ts'

/** Makes a person or a program known; what they may do is given afterwards. */
export function NewPrincipal({
  kind,
  people,
  onClose,
  onMade,
}: {
  readonly kind: 'user' | 'program'
  readonly people: People
  readonly onClose: () => void
  readonly onMade: (name: string) => void
}) {
  const queries = useQueryClient()
  const [name, setName] = useState('')
  const [displayName, setDisplayName] = useState('')
  const [mail, setMail] = useState('')
  const isPerson = kind === 'user'
  return (
    <Confirm
      title={isPerson ? 'New person' : 'New program'}
      verb={isPerson ? 'Make them known' : 'Make it known'}
      onDone={async () => {
        if (people.all.some((one) => one.name.toLowerCase() === name.trim().toLowerCase()))
          throw new Error(`There is somebody called ${name} already.`)
        await putPrincipal(isPerson ? usersPath : programsPath, name.trim(), {
          ...(displayName === '' ? {} : { displayName }),
          ...(mail === '' ? {} : { mail }),
        })
        await queries.invalidateQueries({ queryKey: ['arm'] })
        tell(`${name} is known now and may do nothing yet: give them a role.`)
        // After the dialog has closed, which changes the address as well.
        setTimeout(() => onMade(name.trim()))
      }}
      onClose={onClose}
    >
      <TextInput
        label="Name to sign in by"
        required
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        autoComplete="off"
        data-autofocus
      />
      <TextInput
        label={isPerson ? 'What they are called' : 'What it is for'}
        value={displayName}
        onChange={(event) => setDisplayName(event.currentTarget.value)}
      />
      {isPerson ? (
        <TextInput
          label="Mail"
          description="Where approvals are asked for."
          type="email"
          value={mail}
          onChange={(event) => setMail(event.currentTarget.value)}
        />
      ) : null}
    </Confirm>
  )
}
