import { ActionIcon, NumberInput, SegmentedControl, Tooltip } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { scale, type Deployment } from '../../../api/endpoints.ts'
import { useCan } from '../../../frame/workspace.ts'
import { Confirm, tell } from '../../../parts/act.tsx'
import { IconArrowsSplit2 } from '../../../parts/icons.ts'
import { plural } from '../../../words/names.ts'
import style from '../endpoints.module.css'

/** As many as the platform lets a deployment have. */
const most = 20

/** How many instances a deployment has, and the way to another number of them. */
export function Scale({ deployment }: { readonly deployment: Deployment }) {
  const can = useCan(deployment.id)
  const [isOpen, setOpen] = useState(false)
  const allowed = can('onlineEndpoints/deployments/write')
  const { scaleSettings, currentInstances } = deployment.properties
  const isByLoad = scaleSettings?.scaleType === 'TargetUtilization'
  const now = isByLoad
    ? `${currentInstances ?? 0} (${scaleSettings.minInstances ?? 1}–${scaleSettings.maxInstances ?? 1})`
    : String(deployment.sku?.capacity ?? 1)
  return (
    <span className={style.scale}>
      <span className="tabular">{now}</span>
      <Tooltip
        label={allowed ? 'Change how many' : 'Your roles do not allow to change deployments here.'}
        openDelay={300}
      >
        <ActionIcon
          variant="subtle"
          size={24}
          aria-label={`Scale ${deployment.name}`}
          {...(allowed ? { onClick: () => setOpen(true) } : { 'data-disabled': true, 'aria-disabled': true })}
        >
          <IconArrowsSplit2 size={14} />
        </ActionIcon>
      </Tooltip>
      {isOpen ? <Ask deployment={deployment} isByLoad={isByLoad} onClose={() => setOpen(false)} /> : null}
    </span>
  )
}

function Ask({
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
