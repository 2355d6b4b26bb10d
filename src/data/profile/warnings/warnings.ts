import type { Profile, Warning } from '../profile.ts'
import { columnWarnings } from './columns.ts'
import { driftWarnings } from './drift.ts'
import { figure } from '../words.ts'
import type { LaterTime } from '../pairs/later-times.ts'
import { pairWarnings } from './pairs.ts'

export type Unjudged = Omit<Profile, 'warnings' | 'createdAt' | 'seconds'>

/** What was found of columns together, beside what the profile tells. */
export interface Findings {
  /** Columns that hold the same in every row. */
  readonly equal: readonly (readonly [string, string])[]
  readonly later: readonly LaterTime[]
}

/** What a person should look at, most urgent first. Pure: the profile alone decides. */
export function warningsOf(profile: Unjudged, findings: Findings): readonly Warning[] {
  const all = [
    ...tableWarnings(profile),
    ...pairWarnings(profile, findings),
    ...profile.columns.flatMap((column) => columnWarnings(column, profile)),
    ...driftWarnings(profile),
  ]
  return [
    ...all.filter(({ severity }) => severity === 'warning'),
    ...all.filter(({ severity }) => severity === 'info'),
  ]
}

function tableWarnings({ rows, duplicateRows }: Unjudged): Warning[] {
  if (rows === 0) return [{ code: 'empty_table', severity: 'warning', message: 'The table has no rows.' }]
  const { count, exact } = duplicateRows
  if (count === 0) return []
  const severity = count / rows >= 0.01 ? 'warning' : 'info'
  const message = `${exact ? '' : 'About '}${figure(count)} of ${figure(rows)} rows (${percent(count / rows)}) repeat another row in every column: they weigh double in training, and leak between training and test.`
  return [{ code: 'duplicates', severity, message }]
}

/** A share as one says it: never 0 % or 100 % of what is not none or all. */
export function percent(share: number): string {
  if (share > 0 && share < 0.0001) return '< 0.01 %'
  if (share < 1 && share > 0.9999) return '> 99.99 %'
  return `${(share * 100).toLocaleString('en', { maximumFractionDigits: share < 0.001 || share > 0.999 ? 2 : 1 })} %`
}
