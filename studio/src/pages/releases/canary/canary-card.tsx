import { Tabs } from '@mantine/core'
import { useMemo } from 'react'
import type { Delivery, Finding, Look } from '../../../api/releases.ts'
import { useSearchWord } from '../../../frame/search.ts'
import { Panel } from '../../../parts/panel.tsx'
import { Status, StatusDot } from '../../../parts/status.tsx'
import { TimeChart } from '../../../parts/chart/time-chart.tsx'
import { exact, percent } from '../../../words/numbers.ts'
import { DifferenceChart } from './difference-chart.tsx'
import { compared, sentenceOf, verdictOf } from './differences.ts'
import { LatencyTable } from './latency-table.tsx'
import { shareLines } from './share-lines.ts'
import style from '../releases.module.css'

/** How a delivery goes: what the looks at the canary found beside the champion, the difference first. */
export function CanaryCard({ delivery }: { readonly delivery: Delivery }) {
  const [view, setView] = useSearchWord('canary', 'difference')
  const looks = delivery.looks ?? []
  const last = looks.at(-1)
  return (
    <Panel
      title={
        <span className={style.gateTitle}>
          Delivery <Status kind="stage" state={delivery.state} />
        </span>
      }
    >
      <div className={style.gate}>
        {delivery.verdict === undefined || delivery.verdict === delivery.doing ? null : (
          <p>{delivery.verdict}</p>
        )}
        {last === undefined ? (
          <p className="muted">
            Nothing has been compared yet: that begins with the first step that gives the candidate requests.
          </p>
        ) : (
          <>
            <p>
              <strong>{last.why}</strong>
            </p>
            <Guardrails look={last} />
            <Tabs value={view} onChange={(value) => setView(value ?? 'difference')} keepMounted={false}>
              <Tabs.List mb="sm">
                <Tabs.Tab value="difference">Difference</Tabs.Tab>
                <Tabs.Tab value="lines">Both lines</Tabs.Tab>
                <Tabs.Tab value="latency">Latency</Tabs.Tab>
              </Tabs.List>
              <Tabs.Panel value="difference">
                <Differences looks={looks} />
              </Tabs.Panel>
              <Tabs.Panel value="lines">
                <div className={style.charts}>
                  {Object.keys(compared).map((check) => (
                    <Lines key={check} looks={looks} check={check} />
                  ))}
                </div>
              </Tabs.Panel>
              <Tabs.Panel value="latency">
                <LatencyTable look={last} />
              </Tabs.Panel>
            </Tabs>
          </>
        )}
      </div>
    </Panel>
  )
}

/** Every check of the last look as a sentence in numbers. */
function Guardrails({ look }: { readonly look: Look }) {
  return (
    <ul className={style.guardrails}>
      {look.findings.map((finding) => (
        <li key={finding.check}>
          <StatusDot kind="verdict" state={verdictOf(finding)} />
          <span>{sentence(finding)}</span>
        </li>
      ))}
      <Split look={look} />
    </ul>
  )
}

const sentence = (finding: Finding) => {
  const text = sentenceOf(finding)
  return text.charAt(0).toUpperCase() + text.slice(1)
}

/** From here on the traffic is surely not split as asked for, and nothing is concluded from it. */
const mismatch = 1000

/** Whether callers were split as asked for. */
function Split({ look: { split, weight } }: { readonly look: Look }) {
  if (split === undefined) return null
  const all = split.canary + split.champion
  const isOdd = split.against >= mismatch
  return (
    <li>
      <StatusDot kind="verdict" state={isOdd ? 'fail' : 'pass'} />
      <span>
        Sample ratio: {exact(split.canary)} of {exact(all)} requests ({percent(split.canary / all)}) were the
        candidate’s turn, {weight} % were asked for:{' '}
        {isOdd ? 'surely not as asked for, so nothing is concluded' : 'as asked for'}
      </span>
    </li>
  )
}

function Differences({ looks }: { readonly looks: readonly Look[] }) {
  const isThere = looks.some(({ findings }) => findings.some(({ difference }) => difference !== undefined))
  if (!isThere)
    return (
      <p className="muted">
        The looks of this delivery were kept without intervals, by an earlier version. Both lines are beside.
      </p>
    )
  return (
    <>
      <div className={style.charts}>
        {Object.keys(compared).map((check) => (
          <DifferenceChart key={check} looks={looks} check={check} />
        ))}
      </div>
      <p className={style.footnote}>
        The band is a confidence sequence: it holds at all looks together, so it may be looked at as often as
        one likes. Its ends are where the check decides. Wholly below the margin it passes; wholly above zero
        the candidate goes back.
      </p>
    </>
  )
}

function Lines({ looks, check }: { readonly looks: readonly Look[]; readonly check: string }) {
  const lines = useMemo(() => shareLines(looks, check), [looks, check])
  const times = looks.map(({ at }) => Date.parse(at))
  const from = Math.min(...times)
  const to = Math.max(...times, from + 1000)
  const last = looks.at(-1)
  return (
    <TimeChart
      title={`${compared[check] ?? check}, percent of requests`}
      subtitle="each arm since the delivery began"
      conclusion={`after ${looks.length} looks the candidate has answered ${exact(last?.requests.canary)} requests of this step`}
      lines={lines}
      from={from}
      to={to}
      stepMs={(to - from) * 2}
      format={share}
      atLeast={0.01}
      height={170}
    />
  )
}

const share = (value: number) => percent(value, 1)
