import { Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { invokeBatch, type BatchDeployment, type BatchEndpoint } from '../../../api/batch.ts'
import type { DataVersionProperties } from '../../../api/data.ts'
import { listQuery } from '../../../api/queries.ts'
import { usePaths, useWorkspace } from '../../../frame/workspace.ts'
import { Confirm } from '../../../parts/act.tsx'

/** Asks what is scored, and with what. */
export function Invoke({
  endpoint,
  deployments,
  onClose,
}: {
  readonly endpoint: BatchEndpoint
  readonly deployments: readonly BatchDeployment[]
  readonly onClose: () => void
}) {
  const workspace = useWorkspace()
  const navigate = useNavigate()
  const to = usePaths()
  const assets = useQuery(listQuery<Readonly<Record<string, unknown>>>(`${workspace.id}/data`))
  const [asset, setAsset] = useState<string | null>(null)
  const versions = useQuery({
    ...listQuery<DataVersionProperties>(`${workspace.id}/data/${asset ?? ''}/versions`),
    enabled: asset !== null,
  })
  const newestFirst = (versions.data ?? []).toSorted((a, b) =>
    b.systemData.createdAt.localeCompare(a.systemData.createdAt),
  )
  const [chosen, setChosen] = useState<string | null>(null)
  const version = newestFirst.find(({ name }) => name === chosen) ?? newestFirst[0]
  const names = deployments.map(({ name }) => name)
  const main = endpoint.properties.defaults?.deploymentName
  const [deployment, setDeployment] = useState(main !== undefined && names.includes(main) ? main : names[0])
  return (
    <Confirm
      title={`Score data with ${endpoint.name}`}
      verb="Score data"
      onDone={async () => {
        if (version === undefined || deployment === undefined)
          throw new Error('Choose the data that is to be scored.')
        const name = await invokeBatch(endpoint.id, {
          uri: version.id,
          isFile: version.properties.dataType === 'uri_file',
          deployment,
        })
        await navigate({ to: to.job(name) as '/' })
      }}
      onClose={onClose}
    >
      <Select
        label="Data"
        placeholder="a data asset"
        data={(assets.data ?? []).map(({ name }) => name)}
        value={asset}
        onChange={(value) => {
          setAsset(value)
          setChosen(null)
        }}
        searchable
      />
      <Select
        label="Version"
        data={newestFirst.map(({ name }) => name)}
        value={version?.name ?? null}
        onChange={setChosen}
        disabled={newestFirst.length === 0}
        allowDeselect={false}
      />
      <Select
        label="Deployment"
        data={names}
        value={deployment ?? null}
        onChange={(value) => setDeployment(value ?? undefined)}
        allowDeselect={false}
      />
      <p className="muted">
        It is a job: it can be followed, cancelled, and goes on where it was after a crash.
      </p>
    </Confirm>
  )
}
