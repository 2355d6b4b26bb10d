import { Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { listQuery } from '../../../api/queries.ts'
import { startRelease, type PlanProperties } from '../../../api/releases.ts'
import { usePaths, useWorkspace } from '../../../frame/workspace.ts'
import { Confirm } from '../../../parts/act.tsx'

/** Names of the release plans for a model. */
export function usePlansOf(model: string): readonly string[] {
  const workspace = useWorkspace()
  const { data = [] } = useQuery(listQuery<PlanProperties>(`${workspace.id}/providers/Twinloop/releasePlans`))
  return data.filter(({ properties }) => properties.model === model).map(({ name }) => name)
}

/** Starts a release: by which plan, which version, and why. */
export function StartDialog({
  plans,
  versions,
  onClose,
}: {
  readonly plans: readonly string[]
  /** The first is proposed. */
  readonly versions: readonly string[]
  readonly onClose: () => void
}) {
  const workspace = useWorkspace()
  const navigate = useNavigate()
  const to = usePaths()
  const [plan, setPlan] = useState(plans[0] ?? '')
  const [version, setVersion] = useState(versions[0] ?? '')
  return (
    <Confirm
      title={versions.length === 1 ? `Release version ${version}` : 'Release a version'}
      verb="Start release"
      comment={{ label: 'Why (others will read it)' }}
      onDone={async (why) => {
        const release = await startRelease(workspace, plan, version, why)
        await navigate({ to: to.release(plan, release.name) as '/' })
      }}
      onClose={onClose}
    >
      {versions.length === 1 ? null : (
        <Select
          label="Version"
          data={[...versions]}
          value={version}
          onChange={(value) => setVersion(value ?? version)}
          allowDeselect={false}
          searchable
        />
      )}
      <Select
        label="Plan"
        data={[...plans]}
        value={plan}
        onChange={(value) => setPlan(value ?? plan)}
        allowDeselect={false}
      />
    </Confirm>
  )
}
