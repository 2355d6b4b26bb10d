import { ActionIcon, Tooltip } from '@mantine/core'
import { lazy, Suspense, useState } from 'react'
import type { Deployment } from '../../../api/endpoints.ts'
import { useCan } from '../../../frame/workspace.ts'
import { IconArrowsSplit2 } from '../../../parts/icons.ts'
import style from '../endpoints.module.css'

const AskScale = lazy(async () => ({ default: (await import('./ask-scale.tsx')).AskScale }))

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
      {isOpen ? (
        <Suspense>
          <AskScale deployment={deployment} isByLoad={isByLoad} onClose={() => setOpen(false)} />
        </Suspense>
      ) : null}
    </span>
  )
}
