import { NumberInput, Slider } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { setTraffic, type Deployment, type Endpoint } from '../../../api/endpoints.ts'
import { useCan } from '../../../frame/workspace.ts'
import { Act, Confirm, tell } from '../../../parts/act.tsx'
import { IconArrowsSplit2 } from '../../../parts/icons.ts'
import { TrafficBar } from './traffic-bar.tsx'
import { shared } from './share-traffic.ts'
import style from '../endpoints.module.css'

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
        <Sliders
          endpoint={endpoint}
          names={deployments.map(({ name }) => name)}
          onClose={() => setOpen(false)}
        />
      ) : null}
    </>
  )
}

function Sliders({
  endpoint,
  names,
  onClose,
}: {
  readonly endpoint: Endpoint
  readonly names: readonly string[]
  readonly onClose: () => void
}) {
  const queries = useQueryClient()
  const { traffic: before = {} } = endpoint.properties
  const [traffic, setShares] = useState(() =>
    Object.fromEntries(names.map((name) => [name, before[name] ?? 0])),
  )
  return (
    <Confirm
      title={`Traffic of ${endpoint.name}`}
      verb="Move traffic"
      onDone={async () => {
        await setTraffic(endpoint.id, traffic)
        await queries.invalidateQueries({ queryKey: ['arm'] })
        tell('Traffic is being moved')
      }}
      onClose={onClose}
    >
      <div>
        <p className="muted">now</p>
        <TrafficBar traffic={before} />
      </div>
      <div>
        <p className="muted">then</p>
        <TrafficBar traffic={traffic} />
      </div>
      {names.map((name) => (
        <div key={name} className={style.slider}>
          <span>{name}</span>
          <Slider
            value={traffic[name] ?? 0}
            onChange={(share) => setShares(shared(traffic, name, share))}
            thumbLabel={`Share of ${name}`}
            label={(share) => `${share} %`}
          />
          <NumberInput
            aria-label={`Percent of ${name}`}
            min={0}
            max={100}
            suffix=" %"
            hideControls
            value={traffic[name] ?? 0}
            onChange={(share) => setShares(shared(traffic, name, Number(share) || 0))}
          />
        </div>
      ))}
    </Confirm>
  )
}
