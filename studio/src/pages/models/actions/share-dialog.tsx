import { Select, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { registriesQuery, shareVersion } from '../../../api/models.ts'
import { useWorkspace } from '../../../frame/workspace.ts'
import { Confirm, tell } from '../../../parts/act.tsx'
import { Command } from '../../../parts/copy.tsx'

/** Publishes a version in a registry, where other workspaces find it. */
export function ShareDialog({
  model,
  version,
  onClose,
}: {
  readonly model: string
  readonly version: { readonly id: string; readonly name: string }
  readonly onClose: () => void
}) {
  const { data: registries = [] } = useQuery(registriesQuery(useWorkspace()))
  const [chosen, setChosen] = useState<string>()
  const [name, setName] = useState(model)
  const registry = chosen ?? registries[0]?.id
  return (
    <Confirm
      title={`Share ${model}:${version.name}`}
      verb="Share"
      onDone={async () => {
        if (registry === undefined) throw new Error('There is no registry that you may see.')
        await shareVersion(registry, version.id, name)
        tell(`${name}:${version.name} is in ${registry.split('/').at(-1) ?? 'the registry'} now`)
      }}
      onClose={onClose}
    >
      {registries.length === 0 ? (
        <>
          <p>There is no registry that you may see. One is made by</p>
          <Command text="twinloop registry create -n shelf" />
        </>
      ) : (
        <>
          <p className="muted">
            Its environment, its code and where it came from go along. What is published never changes.
          </p>
          <Select
            label="Registry"
            data={registries.map(({ id, name: own }) => ({ value: id, label: own }))}
            value={registry ?? null}
            onChange={(value) => setChosen(value ?? undefined)}
            allowDeselect={false}
          />
          <TextInput
            label="Name there"
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            required
          />
        </>
      )}
    </Confirm>
  )
}
