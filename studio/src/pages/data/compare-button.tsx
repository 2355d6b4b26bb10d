import { Select } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import type { DataVersionProperties } from '../../api/data.ts'
import { compareData, diffQuery } from '../../api/data-diffs.ts'
import { learnedFromQuery } from '../../api/learned-from.ts'
import { listQuery } from '../../api/queries.ts'
import { useCan, usePaths, useWorkspace } from '../../frame/workspace.ts'
import { Act, Confirm } from '../../parts/act.tsx'

/** Compares a version with an earlier one, or with what a reigning model learned from. */
export function CompareButton({ name, version }: { readonly name: string; readonly version: string }) {
  const can = useCan()
  const [isOpen, setOpen] = useState(false)
  return (
    <>
      <Act
        label="Compare"
        variant="default"
        allowed={can('Twinloop/dataDiffs/write')}
        onClick={() => setOpen(true)}
      />
      {isOpen ? <Ask name={name} version={version} onClose={() => setOpen(false)} /> : null}
    </>
  )
}

function Ask({
  name,
  version,
  onClose,
}: {
  readonly name: string
  readonly version: string
  readonly onClose: () => void
}) {
  const workspace = useWorkspace()
  const navigate = useNavigate()
  const queries = useQueryClient()
  const to = usePaths()
  const { data: versions = [] } = useQuery(
    listQuery<DataVersionProperties>(`${workspace.id}/data/${name}/versions`),
  )
  const { data: learned = [] } = useQuery(learnedFromQuery(workspace))
  const own = `${name}:${version}`
  const others = versions
    .toSorted((a, b) => b.systemData.createdAt.localeCompare(a.systemData.createdAt))
    .map((other) => `${name}:${other.name}`)
  const before = others[others.indexOf(own) + 1] ?? others.find((other) => other !== own)
  const [from, setFrom] = useState<string>()
  const [after, setAfter] = useState(own)
  const chosen = from ?? before ?? ''
  return (
    <Confirm
      title="Compare versions of data"
      verb="Compare"
      onDone={async () => {
        const made = await compareData(workspace, chosen, after)
        queries.setQueryData(diffQuery(workspace, chosen, after).queryKey, made)
        await navigate({ to: to.dataDiff(chosen, after) as '/' })
      }}
      onClose={onClose}
    >
      <Select
        label="What was"
        data={[
          { group: 'Versions', items: others.filter((other) => other !== after) },
          {
            group: 'What models in use learned from',
            items: learned
              .filter(({ data }) => data !== after && !others.includes(data))
              .map(({ data, model }) => ({ value: data, label: `${data}, by ${model}` })),
          },
        ].filter(({ items }) => items.length > 0)}
        value={chosen}
        onChange={(value) => setFrom(value ?? undefined)}
        allowDeselect={false}
        searchable
      />
      <Select
        label="What is"
        data={others}
        value={after}
        onChange={(value) => setAfter(value ?? own)}
        allowDeselect={false}
        searchable
      />
    </Confirm>
  )
}
