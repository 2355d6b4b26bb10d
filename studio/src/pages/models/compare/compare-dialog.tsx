import { Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import type { ModelProperties, VersionProperties } from '../../../api/models.ts'
import { listQuery, resourceQuery } from '../../../api/queries.ts'
import { usePaths, useWorkspace } from '../../../frame/workspace.ts'
import { Confirm } from '../../../parts/act.tsx'

/** Compares a version with another one: the champion, unless it is that itself. */
export function CompareDialog({
  model,
  version,
  onClose,
}: {
  readonly model: string
  readonly version: string
  readonly onClose: () => void
}) {
  const id = `${useWorkspace().id}/models/${model}`
  const navigate = useNavigate()
  const to = usePaths()
  const { data: versions = [] } = useQuery(listQuery<VersionProperties>(`${id}/versions`))
  const { data: container } = useQuery(resourceQuery<ModelProperties>(id))
  const aliases = container?.properties.aliases ?? {}
  const others = versions.map(({ name }) => name).filter((name) => name !== version)
  const champion = others.find((name) => name === aliases['champion'])
  const [chosen, setChosen] = useState<string>()
  const other = chosen ?? champion ?? others[0]
  return (
    <Confirm
      title={`Compare ${model}:${version}`}
      verb="Compare"
      onDone={async () => {
        if (other === undefined) throw new Error('There is no other version to compare with.')
        await navigate({ to: to.versionDiff(model, other, version) as '/' })
      }}
      onClose={onClose}
    >
      <Select
        label="With"
        data={others.map((name) => {
          const own = Object.keys(aliases).filter((alias) => aliases[alias] === name)
          return { value: name, label: own.length === 0 ? name : `${name} (${own.join(', ')})` }
        })}
        value={other ?? null}
        onChange={(value) => setChosen(value ?? undefined)}
        allowDeselect={false}
        searchable
      />
    </Confirm>
  )
}
