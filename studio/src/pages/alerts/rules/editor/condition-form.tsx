import { Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { knownMetricsQuery, knownSignalsQuery } from '../../../../api/alerts/known.ts'
import { useWorkspace } from '../../../../frame/workspace.ts'
import { comparisonOf, comparisons, conditionKinds, kindOf, type ConditionKind } from './conditions.ts'
import { at, readList, readPairs, writeList, writePairs, type Path, type Words } from './draft.ts'
import { Choice, Word, type Editing } from './fields.tsx'
import style from '../../alerts.module.css'

/** When the rule is true: its kind, and the words of that kind. */
export function ConditionForm({ editing }: { readonly editing: Editing }) {
  const when = (editing.words['when'] ?? {}) as Words
  const kind = kindOf(when)
  return (
    <>
      <Select
        label="Fires on"
        data={Object.entries(conditionKinds).map(([value, { label }]) => ({ value, label }))}
        value={kind}
        onChange={(next) => {
          if (next === null || next === kind) return
          const { for: held, keep_firing_for: kept } = when
          editing.set(['when'], {
            ...conditionKinds[next as ConditionKind].start,
            ...(held === undefined || kind === 'signal' ? {} : { for: held }),
            ...(kept === undefined ? {} : { keep_firing_for: kept }),
          })
        }}
        allowDeselect={false}
      />
      {kind === 'metric' ? <Threshold editing={editing} /> : null}
      {kind === 'signal' ? <Signal editing={editing} /> : null}
      {kind === 'anomaly' ? <Anomaly editing={editing} /> : null}
      {kind === 'burn_rate' ? <BurnRate editing={editing} /> : null}
      {kind === 'absent' ? <Absent editing={editing} /> : null}
    </>
  )
}

/** What is measured, with the labels that tell the series of a metric apart. */
function useMetrics() {
  const { data = [] } = useQuery(knownMetricsQuery(useWorkspace()))
  return {
    names: data.map(({ name }) => name),
    labelsOf: (metric: unknown) => data.find(({ name }) => name === metric)?.labels ?? [],
  }
}

const aggregates = ['avg', 'min', 'max', 'sum', 'count', 'last', 'events', 'rate', 'p50', 'p90', 'p95', 'p99']
const asOptions = (words: readonly string[]) => words.map((value) => ({ value, label: value }))

function Limit({ editing }: { readonly editing: Editing }) {
  const when = (editing.words['when'] ?? {}) as Words
  const comparison = comparisonOf(when)
  return (
    <div className={style.row}>
      <Select
        label="Is"
        data={[...comparisons]}
        value={comparison}
        onChange={(next) => {
          if (next === null || next === comparison) return
          const { [comparison]: limit, ...rest } = when
          editing.set(['when'], { ...rest, [next]: limit ?? 0 })
        }}
        allowDeselect={false}
      />
      <Word label="Limit" description="0.68, 5%, 250ms" editing={editing} path={['when', comparison]} />
    </div>
  )
}

/** Which series, and which labels make alerts of their own. */
function Labels({
  editing,
  path,
  metric,
  by = true,
}: {
  readonly editing: Editing
  readonly path: Path
  readonly metric: unknown
  readonly by?: boolean
}) {
  const known = useMetrics().labelsOf(metric)
  const hint = known.length === 0 ? {} : { placeholder: known.map((label) => `${label}=…`).join(', ') }
  return (
    <div className={style.row}>
      <Word
        label="Only where"
        description="label=value, …"
        editing={editing}
        path={[...path, 'where']}
        read={readPairs}
        write={writePairs}
        {...hint}
      />
      {by ? (
        <Word
          label="An alert for each"
          description={known.length === 0 ? 'labels' : `labels: ${known.join(', ')}`}
          editing={editing}
          path={[...path, 'by']}
          read={readList}
          write={writeList}
        />
      ) : null}
    </div>
  )
}

function Threshold({ editing }: { readonly editing: Editing }) {
  const { names } = useMetrics()
  const metric = at(editing.words, ['when', 'metric'])
  return (
    <>
      <Word label="Metric" editing={editing} path={['when', 'metric']} completions={names} />
      <div className={style.row}>
        <Choice label="Its" editing={editing} path={['when', 'aggregate']} options={asOptions(aggregates)} />
        <Word label="Over" editing={editing} path={['when', 'over']} placeholder="5m" />
        <Word
          label="As a share of"
          editing={editing}
          path={['when', 'per']}
          completions={names}
          placeholder="a metric"
        />
      </div>
      <Limit editing={editing} />
      <Labels editing={editing} path={['when']} metric={metric} />
    </>
  )
}

function Signal({ editing }: { readonly editing: Editing }) {
  const { data = [] } = useQuery(knownSignalsQuery(useWorkspace()))
  const when = (editing.words['when'] ?? {}) as Words
  const of = data.filter(
    ({ signal, kind, monitor }) =>
      (when['signal'] === signal || when['signal'] === kind || !when['signal']) &&
      (when['monitor'] === undefined || when['monitor'] === monitor),
  )
  const some = (values: readonly (string | undefined)[]) => [
    ...new Set(values.flatMap((value) => value ?? [])),
  ]
  return (
    <>
      <div className={style.row}>
        <Word
          label="Signal"
          description="its name or kind"
          editing={editing}
          path={['when', 'signal']}
          completions={some(data.flatMap(({ signal, kind }) => [signal, kind]))}
        />
        <Word
          label="Metric"
          description="of the signal"
          editing={editing}
          path={['when', 'metric']}
          completions={some(of.map(({ metric }) => metric))}
        />
      </div>
      <Limit editing={editing} />
      <div className={style.row}>
        <Word
          label="Monitor"
          description="any, if empty"
          editing={editing}
          path={['when', 'monitor']}
          completions={some(data.map(({ monitor }) => monitor))}
        />
        <Word
          label="Feature"
          description="each, if empty"
          editing={editing}
          path={['when', 'feature']}
          completions={some(of.map(({ feature }) => feature))}
        />
        <Word
          label="Segment"
          description="column=value"
          editing={editing}
          path={['when', 'segment']}
          read={readPairs}
          write={writePairs}
        />
      </div>
    </>
  )
}

function Anomaly({ editing }: { readonly editing: Editing }) {
  const { names } = useMetrics()
  const own = ['when', 'anomaly']
  return (
    <>
      <Word label="Metric" editing={editing} path={[...own, 'metric']} completions={names} />
      <div className={style.row}>
        <Choice label="Its" editing={editing} path={[...own, 'aggregate']} options={asOptions(aggregates)} />
        <Word label="Over" editing={editing} path={[...own, 'over']} placeholder="1h" />
        <Word label="Standard deviations" editing={editing} path={[...own, 'deviations']} placeholder="4" />
      </div>
      <div className={style.row}>
        <Choice
          label="From what it was"
          editing={editing}
          path={[...own, 'season']}
          options={[
            { value: 'day', label: 'at this time of the day' },
            { value: 'week', label: 'at this time of the week' },
            { value: 'hour', label: 'at this minute of the hour' },
          ]}
        />
        <Word label="How often looked back" editing={editing} path={[...own, 'seasons']} placeholder="7" />
        <Choice
          label="Direction"
          editing={editing}
          path={[...own, 'direction']}
          options={asOptions(['both', 'above', 'below'])}
        />
      </div>
      <Labels editing={editing} path={own} metric={at(editing.words, [...own, 'metric'])} />
    </>
  )
}

function BurnRate({ editing }: { readonly editing: Editing }) {
  const { names } = useMetrics()
  const own = ['when', 'burn_rate']
  /** `NAME`, or `{ metric: NAME, where: … }`: both say which metric. */
  const pathOf = (word: string): Path =>
    typeof at(editing.words, [...own, word]) === 'object' ? [...own, word, 'metric'] : [...own, word]
  return (
    <>
      <Word label="All requests" editing={editing} path={pathOf('all')} completions={names} />
      <Word label="Bad ones of them" editing={editing} path={pathOf('bad')} completions={names} />
      <div className={style.row}>
        <Word
          label="Objective"
          description="share of good ones"
          editing={editing}
          path={[...own, 'objective']}
          placeholder="99.9%"
        />
        <Word
          label="An alert for each"
          description="labels"
          editing={editing}
          path={[...own, 'by']}
          read={readList}
          write={writeList}
        />
      </div>
    </>
  )
}

function Absent({ editing }: { readonly editing: Editing }) {
  const { names } = useMetrics()
  const path: Path =
    typeof at(editing.words, ['when', 'absent']) === 'object'
      ? ['when', 'absent', 'metric']
      : ['when', 'absent']
  return (
    <div className={style.row}>
      <Word label="Metric" editing={editing} path={path} completions={names} />
      <Word label="Not measured for" editing={editing} path={['when', 'over']} placeholder="5m" />
    </div>
  )
}
