import { NumberInput, SegmentedControl } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { scale, type Deployment } from '../../../api/endpoints.ts'
import { Confirm, tell } from '../../../parts/act.tsx'
import { plural } from '../../../words/names.ts'

/** As many as the platform lets a deployment have. */
const most = 20

/** Asks how many instances a deployment shall have. */
export function AskScale({
  deployment,
  isByLoad,
  onClose,
}: {
  readonly deployment: Deployment
  readonly isByLoad: boolean
  readonly onClose: () => void
}) {
  const queries = useQueryClient()
  const { scaleSettings } = deployment.properties
  const [way, setWay] = useState(isByLoad ? 'load' : 'fixed')
  const [instances, setInstances] = useState(deployment.sku?.capacity ?? 1)
  const [min, setMin] = useState(scaleSettings?.minInstances ?? 1)
  const [max, setMax] = useState(Math.max(scaleSettings?.maxInstances ?? 2, 1))
  return (
    <Confirm
      title={`Instances of ${deployment.name}`}
      verb={way === 'fixed' ? `Have ${plural(instances, 'instance')}` : `Have ${min} to ${max} instances`}
      onDone={async () => {
        await scale(deployment.id, way === 'fixed' ? { instances } : { min, max })
        await queries.invalidateQueries({ queryKey: ['arm'] })
        tell('The instances are being started or ended; requests under way are answered')
      }}
      onClose={onClose}
    >
      <SegmentedControl
        aria-label="How many"
        value={way}
        onChange={setWay}
        data={[
          { value: 'fixed', label: 'A number' },
          { value: 'load', label: 'By load' },
        ]}
      />
      {way === 'fixed' ? (
        <NumberInput
          label="Instances"
          min={1}
          max={most}
          value={instances}
          onChange={(value) => setInstances(Number(value) || 1)}
        />
      ) : (
        <>
          <NumberInput
            label="At least"
            description="0 lets it sleep: the next request wakes it and waits until it is up"
            min={0}
            max={max}
            value={min}
            onChange={(value) => setMin(Number(value) || 0)}
          />
          <NumberInput
            label="At most"
            min={Math.max(1, min)}
            max={most}
            value={max}
            onChange={(value) => setMax(Number(value) || 1)}
          />
        </>
      )}
    </Confirm>
  )
}
