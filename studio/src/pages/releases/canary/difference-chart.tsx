import { useMemo } from 'react'
import type { Look } from '../../../api/releases.ts'
import { Chart } from '../../../parts/chart/chart.tsx'
import type { Colours } from '../../../parts/chart/time-option.ts'
import { exact } from '../../../words/numbers.ts'
import { differenceOption } from './difference-option.ts'
import { compared, differencesOf, points, sentenceOf } from './differences.ts'

/** One guardrail over time: how much worse the candidate is, and how sure that is by then. */
export function DifferenceChart({
  looks,
  check,
}: {
  readonly looks: readonly Look[]
  readonly check: string
}) {
  const all = useMemo(() => differencesOf(looks, check), [looks, check])
  const option = useMemo(() => (colours: Colours) => differenceOption(all, colours), [all])
  const finding = looks.at(-1)?.findings.find((one) => one.check === check)
  const last = all.at(-1)
  if (finding === undefined || last === undefined) return null
  const end = (value: number | null) => (value === null ? 'not known yet' : points(value))
  return (
    <Chart
      title={`${compared[check] ?? check}: candidate − champion`}
      subtitle={`percentage points, all steps together, n ${exact(last.n.canary)} and ${exact(last.n.champion)}; dashes: margin`}
      conclusion={sentenceOf(finding)}
      option={option}
      height={230}
      table={() => ({
        header: ['time', 'step', 'difference', 'from', 'to', 'margin', 'n candidate', 'n champion'],
        rows: all.map(({ at, share, estimate, lower, upper, margin, n }) => [
          new Date(at).toLocaleTimeString('en-GB'),
          share,
          points(estimate),
          end(lower),
          end(upper),
          points(margin),
          exact(n.canary),
          exact(n.champion),
        ]),
      })}
    />
  )
}
