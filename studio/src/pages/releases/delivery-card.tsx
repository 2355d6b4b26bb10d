import type { Delivery, Look, Step } from '../../api/releases.ts'
import { Panel } from '../../parts/panel.tsx'
import { Status } from '../../parts/status.tsx'
import { TimeChart } from '../../parts/chart/time-chart.tsx'
import { exact, percent } from '../../words/numbers.ts'
import { duration } from '../../words/time.ts'
import { useMemo } from 'react'
import { shareLines } from './share-lines.ts'
import style from './releases.module.css'

/** How a delivery goes: its steps, and what the last look at the canary found beside the champion. */
export function DeliveryCard({
  delivery,
  steps,
}: {
  readonly delivery: Delivery
  readonly steps: readonly Step[]
}) {
  const looks = delivery.looks ?? []
  const last = looks.at(-1)
  return (
    <Panel
      title={
        <span className={style.gateTitle}>
          Delivery <Status kind="stage" state={delivery.state} />
        </span>
      }
      subtitle={delivery.doing ?? ''}
    >
      <div className={style.gate}>
        <ol className={style.steps}>
          {steps.map((step, i) => (
            // Steps have no names; their places are what they are.
            // oxlint-disable-next-line react/no-array-index-key
            <li
              key={i}
              data-state={stepState(delivery, i)}
              aria-current={stepState(delivery, i) === 'now' ? 'step' : undefined}
            >
              {stepName(step)}
            </li>
          ))}
          <li data-state={delivery.state === 'succeeded' ? 'done' : 'next'}>all traffic</li>
        </ol>
        {delivery.verdict === undefined ? null : <p>{delivery.verdict}</p>}
        {last === undefined ? null : <Findings look={last} />}
        {looks.length > 1 ? <Requests looks={looks} /> : null}
      </div>
    </Panel>
  )
}

/** `step` counts from 0; before it is said, nothing has begun. */
const stepState = ({ step = -1, state }: Delivery, i: number) =>
  state === 'succeeded' || i < step ? 'done' : i === step ? 'now' : 'next'

const stepName = (step: Step): string =>
  'pause' in step
    ? 'pause'
    : 'mirror' in step
      ? `mirror ${step.mirror} % for ${duration(step.forMs)}`
      : `${step.weight} % for ${duration(step.forMs)}`

function Findings({ look }: { readonly look: Look }) {
  return (
    <>
      <p>
        <strong>{look.why}</strong>
      </p>
      <div className={style.measures} tabIndex={0} role="region" aria-label="What the last look found">
        <table>
          <thead>
            <tr>
              <th scope="col">Check</th>
              <th scope="col">Candidate</th>
              <th scope="col">Champion</th>
              <th scope="col">What it says</th>
            </tr>
          </thead>
          <tbody>
            <tr>
              <th scope="row">requests</th>
              <td className="number">{exact(look.requests.canary)}</td>
              <td className="number">{exact(look.requests.champion)}</td>
              <td>since this step began</td>
            </tr>
            {look.findings.map(({ check, canary, champion, says, state }) => (
              <tr key={check} data-state={state}>
                <th scope="row">{check}</th>
                <td className="number">{valueOf(check, canary)}</td>
                <td className="number">{valueOf(check, champion)}</td>
                <td>{says ?? state}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  )
}

const valueOf = (check: string, value: number | null) =>
  value === null
    ? '–'
    : check.endsWith('_ms')
      ? `${value.toFixed(1)} ms`
      : check === 'drift'
        ? value.toFixed(3)
        : percent(value, 2)

function Requests({ looks }: { readonly looks: readonly Look[] }) {
  const lines = useMemo(() => shareLines(looks), [looks])
  const times = looks.map(({ at }) => Date.parse(at))
  const from = Math.min(...times)
  const to = Math.max(...times)
  const last = looks.at(-1)
  return (
    <TimeChart
      title="Error rate, percent of requests"
      subtitle="candidate and champion over the same requests, since each step began"
      conclusion={`after ${looks.length} looks the candidate has answered ${exact(last?.requests.canary)} requests`}
      lines={lines}
      from={from}
      to={to}
      stepMs={(to - from) * 2}
      format={share}
      height={160}
    />
  )
}

const share = (value: number) => percent(value, 1)
