import { Slider } from '@mantine/core'
import { useMemo } from 'react'
import {
  calibrationOfBins,
  countsAt,
  countsOfBins,
  pointsOfBins,
} from '../../../../../src/statistics/metrics/ranking/score-bins.ts'
import { averagePrecision, rocAuc } from '../../../../../src/statistics/metrics/ranking/ranking.ts'
import type { ModelSummary, PredictionSummary } from '../../../api/evaluation.ts'
import { useSearchWord } from '../../../frame/search.ts'
import { Chart } from '../../../parts/chart/chart.tsx'
import type { Colours } from '../../../parts/chart/time-option.ts'
import { Columns, Stack } from '../../../parts/page.tsx'
import { Panel } from '../../../parts/panel.tsx'
import { exact, metric, percent } from '../../../words/numbers.ts'
import { calibrationOption, curveOption, type Curve } from './curve-options.ts'
import { colourOf, Key } from './key.tsx'
import { ScoreHistogram } from './score-histogram.tsx'
import { ThresholdTable } from './threshold-table.tsx'
import style from './evaluation.module.css'

type Scored = ModelSummary & { readonly scores: NonNullable<ModelSummary['scores']> }

/** A classifier of two classes: its curves, how far its probabilities hold, and what a threshold makes of them. */
export function Classifier({
  summary,
  models,
  about,
}: {
  readonly summary: PredictionSummary
  readonly models: readonly ModelSummary[]
  readonly about: string
}) {
  const [word, setWord] = useSearchWord('thr', '0.5')
  const threshold = Math.min(1, Math.max(0, Number(word) || 0))
  const scored = useMemo(
    () => models.filter((model): model is Scored => model.scores !== undefined),
    [models],
  )
  const positive = summary.classes[1] ?? 'positive'
  const base = useMemo(() => {
    const { rows = [], positives = [] } = scored[0]?.scores ?? {}
    const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0)
    return sum(positives) / sum(rows)
  }, [scored])
  const figures = useMemo(
    () =>
      scored.map(({ scores }) => {
        const counts = countsOfBins(scores)
        return { roc: rocAuc(counts), precision: averagePrecision(counts) }
      }),
    [scored],
  )
  const [roc, precisionRecall] = useMemo(() => curvesOf(scored, threshold), [scored, threshold])
  const calibrated = useMemo(
    () =>
      scored.map(({ role, model, scores }) => ({
        name: model,
        colour: colourOf(role),
        bins: calibrationOfBins(scores),
      })),
    [scored],
  )
  const rocOption = useMemo(
    () => (colours: Colours) =>
      curveOption(
        roc,
        {
          x: 'false positive rate',
          y: 'true positive rate',
          chance: [
            [0, 0],
            [1, 1],
          ],
        },
        colours,
      ),
    [roc],
  )
  const precisionOption = useMemo(
    () => (colours: Colours) =>
      curveOption(
        precisionRecall,
        {
          x: 'recall',
          y: 'precision',
          chance: [
            [0, base],
            [1, base],
          ],
        },
        colours,
      ),
    [precisionRecall, base],
  )
  const calibration = useMemo(
    () => (colours: Colours) => calibrationOption(calibrated, colours),
    [calibrated],
  )
  const said = (of: 'roc' | 'precision') =>
    scored.map(({ model }, i) => `${model} ${metric(figures[i]?.[of])}`).join(', ')
  const pointRows = (curves: readonly Curve[]) =>
    curves.flatMap(({ name, points }) =>
      points
        .filter((_, i) => i % Math.ceil(points.length / 40) === 0)
        .map(([x, y]) => [name, x.toFixed(3), y.toFixed(3)]),
    )
  return (
    <Stack>
      <Key models={scored} />
      <Columns>
        <Panel>
          <Chart
            title="ROC"
            subtitle={`area ${said('roc')}; ${about}`}
            conclusion={`area under the curve: ${said('roc')}`}
            option={rocOption}
            height={300}
            table={() => ({
              header: ['model', 'false positive rate', 'true positive rate'],
              rows: pointRows(roc),
            })}
          />
        </Panel>
        <Panel>
          <Chart
            title="Precision and recall"
            subtitle={`average precision ${said('precision')}; dashed: ${percent(base)} are ${positive}`}
            conclusion={`average precision: ${said('precision')}; ${percent(base)} of the rows are ${positive}`}
            option={precisionOption}
            height={300}
            table={() => ({ header: ['model', 'recall', 'precision'], rows: pointRows(precisionRecall) })}
          />
        </Panel>
      </Columns>
      <Columns>
        <Panel>
          <Chart
            title="Calibration"
            subtitle={`share that is ${positive} over the probability said, in tenths of the rows, 95 % after Wilson`}
            conclusion={calibrated
              .map(
                ({ name, bins }) =>
                  `${name}: ${bins.filter(({ lower, upper, predicted }) => predicted >= lower && predicted <= upper).length} of ${bins.length} tenths hold what they say`,
              )
              .join('; ')}
            option={calibration}
            height={260}
            table={() => ({
              header: ['model', 'said', 'came true', '95 %', 'rows'],
              rows: calibrated.flatMap(({ name, bins }) =>
                bins.map((bin) => [
                  name,
                  percent(bin.predicted),
                  percent(bin.observed),
                  `${percent(bin.lower)} to ${percent(bin.upper)}`,
                  exact(bin.rows),
                ]),
              ),
            })}
          />
          <ScoreHistogram models={scored} positive={positive} />
        </Panel>
        <Panel
          title={`At threshold ${threshold.toFixed(2)}`}
          subtitle={`from which probability on a row is called ${positive}`}
        >
          <div className={style.slider}>
            <Slider
              min={0}
              max={1}
              step={0.01}
              value={threshold}
              onChange={(value) => setWord(String(value), 'replace')}
              label={(value) => value.toFixed(2)}
              thumbLabel="Threshold"
              marks={[
                { value: 0, label: '0' },
                { value: 0.5, label: '0.5' },
                { value: 1, label: '1' },
              ]}
            />
          </div>
          <ThresholdTable
            classes={summary.classes}
            models={scored.map(({ role, model, scores }) => ({
              role,
              model,
              counts: countsAt(scores, threshold),
            }))}
          />
        </Panel>
      </Columns>
    </Stack>
  )
}

/** ROC and precision–recall curves of the models, each with the point where the threshold lies. */
function curvesOf(
  models: readonly Scored[],
  threshold: number,
): readonly [readonly Curve[], readonly Curve[]] {
  const found = models.map(({ role, model, scores }) => {
    const points = pointsOfBins(scores)
    const {
      truePositive: tp,
      falsePositive: fp,
      falseNegative: fn,
      trueNegative: tn,
    } = countsAt(scores, threshold)
    const look = { name: model, colour: colourOf(role) }
    return [
      {
        ...look,
        points: [[0, 0] as const, ...points.map((p) => [p.falsePositiveRate, p.truePositiveRate] as const)],
        at: [fp / (fp + tn), tp / (tp + fn)] as const,
      },
      {
        ...look,
        points: points.map((p) => [p.truePositiveRate, p.precision] as const),
        at: tp + fp === 0 ? undefined : ([tp / (tp + fn), tp / (tp + fp)] as const),
      },
    ] as const
  })
  return [found.map(([roc]) => roc), found.map(([, precision]) => precision)]
}
