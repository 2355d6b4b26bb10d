import { NumberInput, Select, Slider, TextInput } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { setTraffic, type Deployment, type Endpoint } from '../../../api/endpoints.ts'
import { shared } from './share-traffic.ts'
import { TrafficBar } from './traffic-bar.tsx'
import style from '../endpoints.module.css'
import { Confirm, tell } from '../../../parts/act.tsx'

/** Azure copies at most half of the requests. */
const mostMirrored = 50

/** The dialog in which traffic is moved: shares that stay 100 in all, copies, and who stays with one deployment. */
export function Sliders({
  endpoint,
  deployments,
  wanted,
  onMoved,
  onClose,
}: {
  readonly endpoint: Endpoint
  readonly deployments: readonly Deployment[]
  /** What it begins with: percent of the requests for one of them, or of copies; 0 for none. */
  readonly wanted?: { readonly name: string; readonly share: number; readonly copies: number }
  readonly onMoved?: () => void
  readonly onClose: () => void
}) {
  const queries = useQueryClient()
  const names = deployments.map(({ name }) => name)
  const { traffic: before = {}, mirrorTraffic = {}, properties = {} } = endpoint.properties
  const [traffic, setShares] = useState(() => {
    const now = Object.fromEntries(names.map((name) => [name, before[name] ?? 0]))
    return wanted === undefined || wanted.share === 0 ? now : shared(now, wanted.name, wanted.share)
  })
  const [firstMirror] =
    wanted === undefined || wanted.copies === 0
      ? Object.entries(mirrorTraffic).filter(([, share]) => share > 0)
      : [[wanted.name, wanted.copies] as const]
  const [mirrored, setMirrored] = useState<string | null>(firstMirror?.[0] ?? null)
  const [copies, setCopies] = useState(firstMirror?.[1] ?? 10)
  const [sticky, setSticky] = useState(properties['stickyHeader'] ?? '')
  const mirror: Readonly<Record<string, number>> =
    mirrored === null || copies === 0 ? {} : { [mirrored]: copies }
  const problem = problemOf(traffic, mirror, deployments)
  return (
    <Confirm
      title={`Traffic of ${endpoint.name}`}
      verb="Move traffic"
      onDone={async () => {
        if (problem !== undefined) throw new Error(problem)
        // What is not said is kept: what was mirrored to before has to be told that it is not any more.
        const none = Object.fromEntries(Object.keys(mirrorTraffic).map((name) => [name, 0]))
        const isStickyMeant = sticky !== (properties['stickyHeader'] ?? '')
        await setTraffic(endpoint.id, {
          traffic,
          mirrorTraffic: { ...none, ...mirror },
          ...(isStickyMeant ? { stickyHeader: sticky.trim() } : {}),
        })
        await queries.invalidateQueries({ queryKey: ['arm'] })
        tell('Traffic is being moved')
        onMoved?.()
      }}
      onClose={onClose}
    >
      <div>
        <p className="muted">now</p>
        <TrafficBar traffic={before} mirror={mirrorTraffic} />
      </div>
      <div>
        <p className="muted">then</p>
        <TrafficBar traffic={traffic} mirror={mirror} />
      </div>
      <ul className={style.preview} aria-label="Of 100 requests">
        {names
          .filter((name) => (traffic[name] ?? 0) > 0)
          .map((name) => (
            <li key={name}>
              {traffic[name]} of 100 requests go to <strong>{name}</strong>
            </li>
          ))}
        {Object.entries(mirror).map(([name, share]) => (
          <li key={name}>
            of {share} a copy goes to <strong>{name}</strong>, whose answer nobody gets
          </li>
        ))}
        {sticky.trim() === '' ? null : (
          <li>
            all of the same <code>{sticky.trim()}</code> go to the same deployment
          </li>
        )}
      </ul>
      {names.map((name) => (
        <div key={name} className={style.slider}>
          <span title={name}>{name}</span>
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
      <div className={style.mirror}>
        <Select
          label="Copies go to"
          placeholder="nobody"
          clearable
          clearButtonProps={{ 'aria-label': 'No copies' }}
          data={names}
          value={mirrored}
          onChange={setMirrored}
        />
        <NumberInput
          label="Of the requests"
          min={0}
          max={mostMirrored}
          suffix=" %"
          disabled={mirrored === null}
          value={copies}
          onChange={(share) => setCopies(Math.min(mostMirrored, Number(share) || 0))}
        />
        <TextInput
          label="Sticky header"
          placeholder="x-customer-id"
          value={sticky}
          onChange={(event) => setSticky(event.currentTarget.value)}
        />
      </div>
      {problem === undefined ? null : (
        <p role="status" className={style.warning}>
          {problem}
        </p>
      )}
    </Confirm>
  )
}

/** Why shares cannot be as they are said, before the server says so. */
function problemOf(
  traffic: Readonly<Record<string, number>>,
  mirror: Readonly<Record<string, number>>,
  deployments: readonly Deployment[],
): string | undefined {
  const down = deployments.find(
    ({ name, properties }) => (traffic[name] ?? 0) > 0 && properties.provisioningState === 'Failed',
  )
  if (down !== undefined) return `${down.name} did not come up: requests that go to it would fail.`
  const both = Object.keys(mirror).find((name) => (traffic[name] ?? 0) > 0)
  return both === undefined ? undefined : `${both} has traffic of its own, so nothing can be copied to it.`
}
