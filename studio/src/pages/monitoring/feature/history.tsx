import { Button, Select, TextInput } from '@mantine/core'
import { useMemo, useState } from 'react'
import type { MonitorSeries } from '../../../api/monitors.ts'
import { useSearchWord } from '../../../frame/search.ts'
import { IconBell } from '../../../parts/icons.ts'
import { Panel } from '../../../parts/panel.tsx'
import { Time } from '../../../parts/time.tsx'
import { exact, metric as number } from '../../../words/numbers.ts'
import { plural } from '../../../words/names.ts'
import { WindowChart } from '../charts/window-chart.tsx'
import { fewRows } from '../charts/window-option.ts'
import { isBeyondBelow, passedIn } from '../series.ts'
import style from '../monitoring.module.css'
import { AlertOn } from './alert-on.tsx'

/** Rates, distances and counts are drawn from zero. */
const fromZero = (name: string) => /distance|index|rate|divergence|statistic|importance/.test(name)

/** A metric of a feature over windows, with its limits, with what chance makes of it, and with a threshold to try. */
export function History({
  monitor,
  signal,
  feature,
  kind,
  series,
  at,
  onWindow,
}: {
  readonly monitor: string
  readonly signal: string
  readonly feature: string
  readonly kind: string
  readonly series: readonly MonitorSeries[]
  readonly at: string
  readonly onWindow: (at: string) => void
}) {
  const [name, setName] = useSearchWord('metric', series[0]?.metric ?? '')
  const [tried, setTried] = useSearchWord('thr')
  const [isAlerting, setAlerting] = useState(false)
  const shown = series.find(({ metric }) => metric === name) ?? series[0]
  const lines = useMemo(
    () => (shown === undefined ? [] : [{ name: shown.metric, colour: 1, windows: shown.windows }]),
    [shown],
  )
  if (shown === undefined) return null
  const { metric, windows } = shown
  const below = isBeyondBelow(shown)
  const threshold = tried === '' || !Number.isFinite(Number(tried)) ? undefined : Number(tried)
  const window = windows.find((one) => one.at === at)
  const hasChance = windows.some(({ chance }) => chance !== undefined)
  const gaps = windows.filter(({ value }) => value === null)
  return (
    <Panel
      title="Over time"
      subtitle="a click on a point shows its window"
      actions={
        <Select
          aria-label="Metric"
          size="xs"
          data={series.map((one) => one.metric)}
          value={metric}
          onChange={(value) => setName(value ?? '')}
          allowDeselect={false}
          w={290}
        />
      }
    >
      <WindowChart
        title={metric}
        subtitle={`${window === undefined ? '' : `${number(window.value)}, n = ${exact(window.n)} against ${exact(window.referenceN)} in the window shown; `}dashed: limit; diamonds: beyond${kind.endsWith('drift') ? `; hollow: fewer than ${fewRows} rows` : ''}`}
        conclusion={`the window shown has ${number(window?.value)}${window?.breached === true ? ', beyond its limit' : ''}`}
        lines={lines}
        format={number}
        selected={at}
        tried={threshold}
        fromZero={fromZero(metric)}
        {...(kind.endsWith('drift') ? { leastN: fewRows } : {})}
        height={260}
        onWindow={onWindow}
      />
      {window?.reason === undefined ? null : <p>{window.reason}</p>}
      <p className="muted">
        {hasChance
          ? 'Grey: what two samples of one distribution are apart by chance at these sizes, up to the .999 quantile; dotted: its mean.'
          : kind.endsWith('drift')
            ? 'No band of chance: none is known for this metric.'
            : null}
      </p>
      {gaps.length === 0 ? null : (
        <details>
          <summary className="muted">{plural(gaps.length, 'window')} without a value</summary>
          <ul className={style.notes}>
            {gaps.map((gap) => (
              <li key={gap.at}>
                <Time at={gap.at} />: {gap.reason ?? 'no reason is known'}
              </li>
            ))}
          </ul>
        </details>
      )}
      <div className={style.bar}>
        <TextInput
          type="number"
          step="any"
          label="Try a threshold"
          placeholder={below ? 'at least' : 'at most'}
          value={tried}
          onChange={(event) => setTried(event.currentTarget.value, 'replace')}
          w={150}
        />
        <p aria-live="polite" className={style.grow}>
          {threshold === undefined ? (
            <span className="muted">How often it would have been passed is counted as you type.</span>
          ) : (
            <Preview windows={windows} threshold={threshold} below={below} />
          )}
        </p>
        <Button variant="default" leftSection={<IconBell size={14} />} onClick={() => setAlerting(true)}>
          Alert on this…
        </Button>
      </div>
      {isAlerting ? (
        <AlertOn
          about={{ monitor, signal, metric, feature, segment: shown.segment, below, threshold }}
          unless={limitOf(windows, below)}
          onClose={() => setAlerting(false)}
        />
      ) : null}
    </Panel>
  )
}

/** The limit that a value was held against last; without one, what would have told of none of the windows. */
function limitOf(windows: MonitorSeries['windows'], below: boolean): number {
  const threshold = windows.find((window) => window.threshold !== undefined)?.threshold
  const limit = below ? threshold?.lower : threshold?.upper
  if (limit !== undefined) return limit
  const values = windows.flatMap(({ value }) => (value === null ? [] : [value]))
  return Number((below ? Math.min(...values) : Math.max(...values)).toPrecision(3))
}

function Preview({
  windows,
  threshold,
  below,
}: {
  readonly windows: MonitorSeries['windows']
  readonly threshold: number
  readonly below: boolean
}) {
  const { passed, of, latest } = passedIn(windows, threshold, below)
  return (
    <>
      {below ? 'Below' : 'Above'} {threshold} in <b>{passed}</b> of the last {plural(of, 'window')} with a
      value{of > 0 ? `, ${latest ? 'also' : 'not'} in the latest` : ''}.
    </>
  )
}
