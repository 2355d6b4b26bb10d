import { useQuery } from '@tanstack/react-query'
import { wilson } from '../../../../../src/statistics/intervals/proportions.ts'
import { columnHistoryQuery } from '../../../api/column-history.ts'
import type { DataVersion } from '../../../api/data.ts'
import { useWorkspace } from '../../../frame/workspace.ts'
import { IntervalPlot } from '../../../parts/chart/interval-plot.tsx'
import { Answer } from '../../../parts/states.tsx'
import { metric } from '../../../words/numbers.ts'

const z95 = 1.96

/** What is missing of a column, and its mean, in each version that has it. */
export function OverVersions({
  column,
  isNumber,
  version,
}: {
  readonly column: string
  readonly isNumber: boolean
  readonly version: DataVersion
}) {
  const query = useQuery(columnHistoryQuery(useWorkspace(), version.id, column))
  return (
    <Answer query={query} rows={8}>
      {(versions) =>
        versions.length < 2 ? (
          <p className="muted">No other version has this column.</p>
        ) : (
          <>
            <IntervalPlot
              title="Missing, % of rows"
              subtitle={`by version, 95 % after Wilson; the last ${versions.length} that have it`}
              head="Version"
              rows={versions.map(({ name, rows, values }) => {
                const events = rows - values
                return {
                  key: name,
                  label: name,
                  estimate: rows === 0 ? null : events / rows,
                  ...wilson({ events, trials: rows }, z95),
                  n: rows,
                  colour: name === version.name ? 2 : 1,
                }
              })}
              format={(share) => String(Number((share * 100).toPrecision(3)))}
            />
            {isNumber ? (
              <IntervalPlot
                title="Mean"
                subtitle="by version, with 95 % intervals"
                head="Version"
                rows={versions.map(({ name, values, mean, deviation }) => {
                  const half =
                    mean === null || deviation === null ? null : (z95 * deviation) / Math.sqrt(values)
                  return {
                    key: name,
                    label: name,
                    estimate: mean,
                    lower: half === null || mean === null ? null : mean - half,
                    upper: half === null || mean === null ? null : mean + half,
                    n: values,
                    colour: name === version.name ? 2 : 1,
                  }
                })}
                format={metric}
              />
            ) : null}
          </>
        )
      }
    </Answer>
  )
}
