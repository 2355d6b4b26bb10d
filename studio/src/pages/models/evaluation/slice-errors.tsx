import { Select } from '@mantine/core'
import { wilson } from '../../../../../src/statistics/intervals/proportions.ts'
import type { PredictionSummary } from '../../../api/evaluation.ts'
import { useSearchWord } from '../../../frame/search.ts'
import { IntervalPlot } from '../../../parts/chart/interval-plot.tsx'
import { Panel } from '../../../parts/panel.tsx'
import { exact, metric } from '../../../words/numbers.ts'

const z95 = 1.96
/** Slices with fewer rows are drawn, and not to be relied on. */
const few = 100

type Slice = PredictionSummary['slices'][number]['groups'][number]

/** How wrong a version is by the values of a column: dots with intervals, small slices grey, the worst first. */
export function SliceErrors({
  summary: { slices, task, models },
  role,
  version,
}: {
  readonly summary: PredictionSummary
  readonly role: 'candidate' | 'champion'
  readonly version: string
}) {
  const [column, setColumn] = useSearchWord('slice', slices[0]?.column ?? '')
  const own = slices.find((one) => one.column === column) ?? slices[0]
  if (own === undefined) return null
  const isRegression = task === 'regression'
  const measured = own.groups.map((group) => ({
    group,
    ...errorOf(group[role] ?? group.candidate, group, isRegression),
  }))
  const sorted = measured.toSorted((a, b) => (b.estimate ?? 0) - (a.estimate ?? 0))
  const total = measured.reduce((sum, { group }) => sum + group.rows, 0)
  const overall = measured.reduce((sum, { group }) => sum + (group[role] ?? group.candidate).sum, 0) / total
  const format = isRegression ? metric : (share: number) => `${Number((share * 100).toPrecision(3))}`
  const name = models.find((model) => model.role === role)?.model ?? version
  return (
    <Panel
      title="Where it is wrong"
      subtitle={`${own.groups.length} slices by ${own.column}${own.declared ? ', which the plan declares' : ''}; so many are looked at that some stand out by chance`}
      actions={
        <Select
          aria-label="Slices by"
          data={slices.map((one) => ({
            value: one.column,
            label: one.declared ? `${one.column} (declared)` : one.column,
          }))}
          value={own.column}
          onChange={(value) => setColumn(value ?? '')}
          allowDeselect={false}
          searchable
          w={220}
        />
      }
    >
      <IntervalPlot
        title={isRegression ? 'Mean absolute error' : 'Wrong answers, % of rows'}
        subtitle={`of ${name}, 95 %, ${exact(total)} rows; grey: fewer than ${few} rows`}
        head={own.column}
        rows={sorted.map(({ group, estimate, lower, upper }) => ({
          key: group.value,
          label: <span title={group.value}>{group.value}</span>,
          estimate,
          lower,
          upper,
          n: group.rows,
          isFaint: group.rows < few,
          colour: role === 'candidate' ? 2 : 1,
        }))}
        limits={[{ value: overall, name: `all rows ${format(overall)}` }]}
        format={format}
      />
    </Panel>
  )
}

/** The mean loss of a slice with its interval: Wilson's of shares, a normal one of means. */
function errorOf(
  { sum, squares }: Slice['candidate'],
  { rows }: Slice,
  isRegression: boolean,
): { readonly estimate: number; readonly lower: number | null; readonly upper: number | null } {
  const mean = sum / rows
  if (!isRegression) return { estimate: mean, ...wilson({ events: sum, trials: rows }, z95) }
  if (rows < 2) return { estimate: mean, lower: null, upper: null }
  const half = z95 * Math.sqrt(Math.max(0, squares / rows - mean ** 2) / (rows - 1))
  return { estimate: mean, lower: mean - half, upper: mean + half }
}
