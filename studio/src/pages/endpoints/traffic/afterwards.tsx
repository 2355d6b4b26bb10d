import { Button } from '@mantine/core'
import { lazy, Suspense, useState } from 'react'
import type { Deployment, Endpoint } from '../../../api/endpoints.ts'
import { useSearchWord } from '../../../frame/search.ts'
import { useCan } from '../../../frame/workspace.ts'
import { Act } from '../../../parts/act.tsx'
import { Panel } from '../../../parts/panel.tsx'
import { Status } from '../../../parts/status.tsx'
import style from '../endpoints.module.css'

const Sliders = lazy(async () => ({ default: (await import('./sliders.tsx')).Sliders }))

/** The second step of a new deployment (`next` in the address): the traffic that it is to get, once it is up. */
export function Afterwards({
  endpoint,
  deployments,
}: {
  readonly endpoint: Endpoint
  readonly deployments: readonly Deployment[]
}) {
  const [next, setNext] = useSearchWord('next')
  const [share, setShare] = useSearchWord('share')
  const [copies, setCopies] = useSearchWord('copies')
  const forget = () => {
    setNext('', 'replace')
    setShare('', 'replace')
    setCopies('', 'replace')
  }
  const [isOpen, setOpen] = useState(false)
  const can = useCan(endpoint.id)
  const deployment = deployments.find(({ name }) => name === next)
  if (next === '' || deployment === undefined) return null
  const { provisioningState: state, error } = deployment.properties
  const isUp = state === 'Succeeded'
  const wanted = share === '' ? `copies of ${copies} % of the requests` : `${share} % of the requests`
  return (
    <Panel
      title={`Second step: ${wanted} to ${next}`}
      actions={
        <>
          <Act
            label="Move traffic …"
            size="xs"
            allowed={isUp && can('onlineEndpoints/write')}
            {...(isUp ? {} : { reason: `${next} is not up: its state is ${state}.` })}
            onClick={() => setOpen(true)}
          />
          <Button size="xs" variant="default" onClick={forget}>
            Not now
          </Button>
        </>
      }
    >
      <p className={style.afterwards} role="status">
        <Status kind="provisioning" state={state} />
        <span>
          {isUp
            ? `${next} is up and answers whoever asks for it by name. Traffic is as it was.`
            : state === 'Failed'
              ? `${next} did not come up, so nothing is moved${error === undefined ? '' : `: ${error.message}`}`
              : `${next} is coming up. Traffic is as it was, and is not moved by itself.`}
        </span>
      </p>
      {isOpen ? (
        <Suspense>
          <Sliders
            endpoint={endpoint}
            deployments={deployments}
            wanted={{ name: next, share: Number(share), copies: Number(copies) }}
            onMoved={forget}
            onClose={() => setOpen(false)}
          />
        </Suspense>
      ) : null}
    </Panel>
  )
}
