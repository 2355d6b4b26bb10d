import { useMemo } from 'react'
import type { DataVersion } from '../../api/data.ts'
import { barOption } from '../../parts/chart/bar-option.ts'
import { Chart } from '../../parts/chart/chart.tsx'
import type { Colours } from '../../parts/chart/time-option.ts'
import { Panel } from '../../parts/panel.tsx'
import { exact, count } from '../../words/numbers.ts'

/** As many versions stand beside each other. */
const most = 60

/** How many rows each version has, in the order in which they were made. A single one is no history. */
export function RowsOverVersions({ versions }: { readonly versions: readonly DataVersion[] }) {
  const bars = useMemo(
    () =>
      versions
        .toSorted((a, b) => a.systemData.createdAt.localeCompare(b.systemData.createdAt))
        .slice(-most)
        .map(({ name, properties }) => ({ name, value: properties.facts?.rows ?? null })),
    [versions],
  )
  const option = useMemo(() => (colours: Colours) => barOption(bars, count, colours), [bars])
  const known = bars.flatMap(({ value }) => (value === null ? [] : [value]))
  if (known.length < 2) return null
  return (
    <Panel>
      <Chart
        title="Rows"
        subtitle={`by version, the newest at the right; ${bars.length === versions.length ? '' : 'the last '}${bars.length} versions`}
        conclusion={`from ${exact(Math.min(...known))} to ${exact(Math.max(...known))} rows`}
        option={option}
        height={130}
        table={() => ({
          header: ['version', 'rows'],
          rows: bars.map(({ name, value }) => [name, exact(value)]),
        })}
      />
    </Panel>
  )
}
