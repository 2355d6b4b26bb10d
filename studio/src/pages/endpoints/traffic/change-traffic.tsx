import { lazy, Suspense, useState } from 'react'
import type { Deployment, Endpoint } from '../../../api/endpoints.ts'
import { useCan } from '../../../frame/workspace.ts'
import { Act } from '../../../parts/act.tsx'
import { IconArrowsSplit2 } from '../../../parts/icons.ts'

const Sliders = lazy(async () => ({ default: (await import('./sliders.tsx')).Sliders }))

/** Moves traffic among the deployments: the others give or take what one takes or gives. */
export function ChangeTraffic({
  endpoint,
  deployments,
}: {
  readonly endpoint: Endpoint
  readonly deployments: readonly Deployment[]
}) {
  const can = useCan(endpoint.id)
  const [isOpen, setOpen] = useState(false)
  const enough = deployments.length > 0
  return (
    <>
      <Act
        label="Change traffic"
        variant="default"
        icon={<IconArrowsSplit2 size={14} />}
        allowed={enough && can('onlineEndpoints/write')}
        {...(enough ? {} : { reason: 'There is no deployment that could take traffic.' })}
        onClick={() => setOpen(true)}
      />
      {isOpen ? (
        <Suspense>
          <Sliders endpoint={endpoint} deployments={deployments} onClose={() => setOpen(false)} />
        </Suspense>
      ) : null}
    </>
  )
}
