import { Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { rowsQuery, type Segment } from '../../../api/monitors.ts'
import { useCan } from '../../../frame/workspace.ts'
import { Panel } from '../../../parts/panel.tsx'
import { Answer } from '../../../parts/states.tsx'
import { exact } from '../../../words/numbers.ts'
import { RowsTable } from '../../data/preview.tsx'
import type { Bar } from './bars.ts'

const top = 50

/** Rows of the window whose value is in a bar: chosen by a click on it, or by its name. */
export function RowsBehindBar({
  run,
  about,
  bars,
  bar,
  onBar,
}: {
  readonly run: string
  readonly about: { readonly signal: string; readonly feature: string; readonly segment?: Segment }
  readonly bars: readonly Bar[]
  readonly bar: Bar | undefined
  readonly onBar: (label: string) => void
}) {
  const can = useCan()
  const mayRead = can('data/versions/read')
  const choices = bars.filter(({ behind, counts }) => behind !== undefined && counts.production > 0)
  return (
    <Panel
      title="Rows behind a bar"
      subtitle={
        mayRead
          ? bar === undefined
            ? 'click a bar, or choose it'
            : `${exact(bar.counts.production)} rows of the window, the latest first, at most ${top}`
          : 'your roles do not allow to read data here'
      }
      flush
      actions={
        <Select
          aria-label="Rows of"
          placeholder="Choose a bar"
          size="xs"
          data={choices.map(({ label, counts }) => ({
            value: label,
            label: `${label}: ${exact(counts.production)} rows`,
          }))}
          value={bar?.label ?? null}
          onChange={(value) => onBar(value ?? '')}
          clearable
          clearButtonProps={{ 'aria-label': 'Choose no bar' }}
          searchable
          disabled={!mayRead}
          w={280}
        />
      }
    >
      {bar?.behind === undefined || !mayRead ? null : <Rows run={run} about={about} behind={bar.behind} />}
    </Panel>
  )
}

function Rows({
  run,
  about,
  behind,
}: {
  readonly run: string
  readonly about: { readonly signal: string; readonly feature: string; readonly segment?: Segment }
  readonly behind: NonNullable<Bar['behind']>
}) {
  const query = useQuery(rowsQuery(run, about, behind, top))
  return (
    <Answer query={query} rows={6}>
      {(rows) => <RowsTable rows={rows} />}
    </Answer>
  )
}
