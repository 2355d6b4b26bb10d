import { useMemo } from 'react'
import { addressOf } from '../../../api/call.ts'
import type { Judged } from '../../../api/evaluation.ts'
import { Chart } from '../../../parts/chart/chart.tsx'
import type { Colours } from '../../../parts/chart/time-option.ts'
import { Columns } from '../../../parts/page.tsx'
import { Panel } from '../../../parts/panel.tsx'
import { exact } from '../../../words/numbers.ts'
import { curveOption, type Curve, type Point } from './curve-options.ts'
import { colourOf } from './key.tsx'

interface Details {
  readonly candidate?: string
  readonly champion?: string
  readonly rows?: number
  readonly data?: string
  readonly curves?: Readonly<
    Partial<
      Record<
        'candidate' | 'champion',
        { readonly roc?: readonly Point[]; readonly precisionRecall?: readonly Point[] }
      >
    >
  >
}

/** What an evaluation shows that was made before predictions were kept in short: its curves, and its own report. */
export function OldCurves({ judged: { release, stage, gate } }: { readonly judged: Judged }) {
  const details = (gate.result as { readonly details?: Details } | undefined)?.details
  const curves = useMemo(() => {
    const of = (which: 'roc' | 'precisionRecall') =>
      (['candidate', 'champion'] as const).flatMap((role): Curve[] => {
        const points = details?.curves?.[role]?.[which]
        return points === undefined ? [] : [{ name: details?.[role] ?? role, colour: colourOf(role), points }]
      })
    return { roc: of('roc'), precision: of('precisionRecall') }
  }, [details])
  const roc = useMemo(
    () => (colours: Colours) =>
      curveOption(
        curves.roc,
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
    [curves],
  )
  const precision = useMemo(
    () => (colours: Colours) =>
      curveOption(curves.precision, { x: 'recall', y: 'precision', chance: [] }, colours),
    [curves],
  )
  const table = (of: readonly Curve[]) => () => ({
    header: ['model', 'x', 'y'],
    rows: of.flatMap(({ name, points }) => points.map(([x, y]) => [name, x.toFixed(3), y.toFixed(3)])),
  })
  const report = addressOf(`${release.id}/evidence/${stage}/${gate.name}/${gate.attempt}/report.html`)
  const about = `${exact(details?.rows)} rows of ${details?.data ?? 'the data'}`
  return (
    <>
      {curves.roc.length === 0 ? null : (
        <Columns>
          <Panel>
            <Chart
              title="ROC"
              subtitle={about}
              conclusion={about}
              option={roc}
              height={300}
              table={table(curves.roc)}
            />
          </Panel>
          <Panel>
            <Chart
              title="Precision and recall"
              subtitle={about}
              conclusion={about}
              option={precision}
              height={300}
              table={table(curves.precision)}
            />
          </Panel>
        </Columns>
      )}
      <p>
        <a href={report} target="_blank" rel="noreferrer">
          The gate’s own report
        </a>{' '}
        <span className="muted">
          Thresholds and calibration can be looked at of what is evaluated from now on.
        </span>
      </p>
    </>
  )
}
