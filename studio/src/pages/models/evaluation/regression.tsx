import { useMemo } from 'react'
import type { ModelSummary } from '../../../api/evaluation.ts'
import { Chart } from '../../../parts/chart/chart.tsx'
import type { Colours } from '../../../parts/chart/time-option.ts'
import { Columns, Stack } from '../../../parts/page.tsx'
import { Panel } from '../../../parts/panel.tsx'
import { exact, metric } from '../../../words/numbers.ts'
import { gridOption } from './grid-option.ts'

/** A regression: truth over prediction, and what it was off over prediction, each model in a row of its own. */
export const Regression = ({
  models,
  about,
}: {
  readonly models: readonly ModelSummary[]
  readonly about: string
}) => (
  <Stack>
    {models.map((model) => (
      <Clouds key={model.role} model={model} about={about} />
    ))}
  </Stack>
)

function Clouds({ model, about }: { readonly model: ModelSummary; readonly about: string }) {
  const { truth, residuals, bands = [] } = model
  const truthOption = useMemo(() => {
    if (truth === undefined) return undefined
    const [low, high] = [
      Math.max(truth.x[0] ?? 0, truth.y[0] ?? 0),
      Math.min(truth.x.at(-1) ?? 1, truth.y.at(-1) ?? 1),
    ]
    const right = {
      name: 'right',
      colour: 'muted',
      dashed: true,
      points: [
        [low, low],
        [high, high],
      ],
    } as const
    return (colours: Colours) => gridOption(truth, [right], { x: 'prediction', y: 'truth' }, colours)
  }, [truth])
  const residualOption = useMemo(() => {
    if (residuals === undefined) return undefined
    const line = (of: 'p10' | 'p50' | 'p90') => ({
      name: of,
      colour: 2,
      dashed: of !== 'p50',
      points: bands.map((band) => [band.x, band[of]] as const),
    })
    const zero = {
      name: 'right',
      colour: 'muted',
      points: [
        [residuals.x[0] ?? 0, 0],
        [residuals.x.at(-1) ?? 1, 0],
      ],
    } as const
    return (colours: Colours) =>
      gridOption(
        residuals,
        [zero, line('p10'), line('p50'), line('p90')],
        { x: 'prediction', y: 'truth less prediction' },
        colours,
      )
  }, [residuals, bands])
  const rowsOf = () => ({
    header: ['mean prediction', 'rows', '10 %', 'median', '90 %'],
    rows: bands.map(({ x, rows, p10, p50, p90 }) => [
      metric(x),
      exact(rows),
      metric(p10),
      metric(p50),
      metric(p90),
    ]),
  })
  if (truthOption === undefined || residualOption === undefined) return null
  return (
    <Columns>
      <Panel>
        <Chart
          title={`Truth by prediction, ${model.model}`}
          subtitle={`${about}; dashed: right${outside(truth?.outside)}`}
          conclusion="squares near the dashed line are right"
          option={truthOption}
          height={320}
          table={rowsOf}
        />
      </Panel>
      <Panel>
        <Chart
          title="What it was off"
          subtitle={`truth less prediction, by prediction; orange: median, 10 % and 90 %${outside(residuals?.outside)}`}
          conclusion={`medians from ${metric(Math.min(...bands.map(({ p50 }) => p50)))} to ${metric(Math.max(...bands.map(({ p50 }) => p50)))}`}
          option={residualOption}
          height={320}
          table={rowsOf}
        />
      </Panel>
    </Columns>
  )
}

const outside = (rows: number | undefined) =>
  rows === undefined || rows === 0 ? '' : `; ${exact(rows)} rows lie beyond the picture`
