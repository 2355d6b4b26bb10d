import { SegmentedControl } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { distributionQuery, type Distribution, type Segment } from '../../../api/monitors.ts'
import { useSearchWord } from '../../../frame/search.ts'
import { Chart } from '../../../parts/chart/chart.tsx'
import type { Colours } from '../../../parts/chart/time-option.ts'
import { Panel } from '../../../parts/panel.tsx'
import { Answer } from '../../../parts/states.tsx'
import { exact, metric, percent } from '../../../words/numbers.ts'
import {
  binsOption,
  differencesOption,
  ecdfOption,
  points,
  sharesOption,
} from '../charts/distribution-option.ts'
import style from '../monitoring.module.css'
import { barsOf, conclusionOf, type Bar } from './bars.ts'
import { RowsBehindBar } from './rows-behind-bar.tsx'

interface About {
  readonly signal: string
  readonly feature: string
  readonly segment?: Segment
}

/** Both distributions of a feature in a window, and the rows behind one of the bars. */
export function DistributionPanel({
  run,
  at,
  about,
}: {
  readonly run: string
  readonly at: string
  readonly about: About
}) {
  const query = useQuery(distributionQuery(run, about))
  return (
    <Answer query={query} rows={9}>
      {(found) => <Shown run={run} at={at} about={about} distribution={found} />}
    </Answer>
  )
}

const day = (at: string | undefined) =>
  at === undefined ? '' : new Date(at).toLocaleDateString('en-GB', { dateStyle: 'medium' })

function Shown({
  run,
  at,
  about,
  distribution,
}: {
  readonly run: string
  readonly at: string
  readonly about: About
  readonly distribution: Distribution
}) {
  const [as, setAs] = useSearchWord('as', 'bars')
  const [chosen, choose] = useSearchWord('bar')
  const bars = useMemo(() => barsOf(distribution), [distribution])
  const { production, reference, quantiles, note, kind, unseen } = distribution
  const isCurve = as === 'ecdf' && quantiles !== undefined
  const from = production.from ?? ''
  const window = from === '' ? `window to ${day(at)}` : `${day(from)} to ${day(production.to)}`
  const sizes = `reference n = ${exact(reference.n)}, production n = ${exact(production.n)}, ${window}`
  const onBar = (label: string) => choose(label, 'replace')
  const bar = bars.find(({ label }) => label === chosen)
  return (
    <>
      <Panel
        title="Distribution"
        subtitle={note ?? summary(distribution)}
        {...(quantiles === undefined
          ? {}
          : {
              actions: (
                <SegmentedControl
                  size="xs"
                  aria-label="Shown as"
                  data={[
                    { value: 'bars', label: 'Histogram' },
                    { value: 'ecdf', label: 'ECDF' },
                  ]}
                  value={as}
                  onChange={(value) => setAs(value)}
                />
              ),
            })}
      >
        {isCurve ? (
          <Curve distribution={distribution} subtitle={sizes} />
        ) : kind === 'numerical' ? (
          <Histogram bars={bars} subtitle={sizes} onBar={onBar} />
        ) : (
          <Shares bars={bars} subtitle={sizes} onBar={onBar} />
        )}
        {unseen === undefined || unseen.categories === 0 ? null : (
          <p>
            <b>New:</b> {exact(unseen.rows)} rows ({percent(unseen.rows / Math.max(1, production.rows))}) have{' '}
            {exact(unseen.categories)} categories that the reference has not: {unseen.examples.join(', ')}
            {unseen.categories > unseen.examples.length ? ', …' : ''}.
          </p>
        )}
      </Panel>
      <RowsBehindBar run={run} about={about} bars={bars} bar={bar} onBar={choose} />
    </>
  )
}

/** What shares are of, and how much of either side is missing. */
function summary({ reference, production, bins }: Distribution): string {
  const missing = (side: Distribution['reference']) =>
    percent(side.rows === 0 ? undefined : side.missing / side.rows)
  const edges = bins === undefined ? '' : ' over the reference’s bins, ends open'
  return `shares of the rows that have a value${edges}; missing: ${missing(reference)} in the reference, ${missing(production)} in production`
}

const tableOf = (bars: readonly Bar[]) => ({
  header: ['value', 'reference', 'production', 'reference rows', 'production rows', 'difference (95 %)'],
  rows: bars.map(({ label, reference, production, counts, difference }) => [
    label,
    percent(reference, 2),
    percent(production, 2),
    exact(counts.reference),
    exact(counts.production),
    difference === undefined
      ? '–'
      : `${points(difference.value)} (${points(difference.lower)} to ${points(difference.upper)})`,
  ]),
})

interface Drawn {
  readonly bars: readonly Bar[]
  readonly subtitle: string
  readonly onBar: (label: string) => void
}

function Histogram({ bars, subtitle, onBar }: Drawn) {
  const option = useMemo(() => (colours: Colours) => binsOption(bars, colours), [bars])
  return (
    <Chart
      title="Share of rows by value"
      subtitle={subtitle}
      conclusion={conclusionOf(bars)}
      option={option}
      table={() => tableOf(bars)}
      height={280}
      isEmpty={bars.length === 0}
      onClick={onBar}
    />
  )
}

function Shares({ bars, subtitle, onBar }: Drawn) {
  const shares = useMemo(() => (colours: Colours) => sharesOption(bars, colours), [bars])
  const differences = useMemo(() => (colours: Colours) => differencesOption(bars, colours), [bars])
  const height = Math.max(160, 56 + bars.length * 26)
  return (
    <div className={style.pair}>
      <Chart
        title="Share of rows by category"
        subtitle={subtitle}
        conclusion={conclusionOf(bars)}
        option={shares}
        table={() => tableOf(bars)}
        height={height}
        isEmpty={bars.length === 0}
        onClick={onBar}
      />
      <Chart
        title="Change, pp"
        subtitle="production less reference, 95 %"
        conclusion={conclusionOf(bars)}
        option={differences}
        table={() => tableOf(bars)}
        height={height}
        isEmpty={bars.length === 0}
        onClick={onBar}
      />
    </div>
  )
}

function Curve({
  distribution,
  subtitle,
}: {
  readonly distribution: Distribution
  readonly subtitle: string
}) {
  const option = useMemo(() => (colours: Colours) => ecdfOption(distribution, colours), [distribution])
  const { quantiles } = distribution
  const at = (side: 'reference' | 'production', share: number) => {
    const values = quantiles?.[side] ?? []
    return values[Math.round(share * (values.length - 1))]
  }
  const told = [0, 0.05, 0.25, 0.5, 0.75, 0.95, 1]
  return (
    <Chart
      title="Share of values up to a value"
      subtitle={`${subtitle}; every half percent, over what the bins span`}
      conclusion={`the median is ${metric(at('production', 0.5))}, in the reference ${metric(at('reference', 0.5))}`}
      option={option}
      table={() => ({
        header: ['quantile', 'reference', 'production'],
        rows: told.map((share) => [
          percent(share, 0),
          metric(at('reference', share)),
          metric(at('production', share)),
        ]),
      })}
      height={280}
    />
  )
}
