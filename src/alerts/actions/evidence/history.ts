import type { Platform } from '../../../kernel/platform.ts'
import { keyOf } from '../../../kernel/resources/arm-id.ts'
import { windowsOf } from '../../../monitoring/results/results.ts'
import { aggregated, measure } from '../../rules/conditions/measure.ts'
import { scopeOf } from '../../rules/evaluation/look.ts'
import { limitOf, subjectOf } from '../../rules/evaluation/words.ts'
import { parseRule } from '../../rules/grammar/parse.ts'
import type { Labels } from '../../rules/machine.ts'
import type { Condition } from '../../rules/rule.ts'

/** What an alert's rule looked at, before it fired and until then. */
export interface History {
  /** `roc_auc of model_performance` */
  readonly subject: string
  /** `< 0.68` */
  readonly limit: string
  /** Oldest first; null where nothing was measured. */
  readonly values: readonly { readonly at: Date; readonly value: number | null }[]
}

const windowsTold = 12

/** The values over time of what a rule looks at, of the alert with these labels; undefined where they cannot be told any more. */
export async function historyOf(
  platform: Platform,
  workspaceId: string,
  rule: { readonly id: string },
  alert: { readonly labels: Labels; readonly firedAt: Date },
): Promise<History | undefined> {
  const resource = await platform.resources.find(rule.id)
  const condition = resource === undefined ? undefined : parseRule(resource.properties).rule?.condition
  if (condition === undefined) return undefined
  const values = await valuesOf(platform, workspaceId, condition, alert)
  return { subject: subjectOf(condition), limit: limitOf(condition), values }
}

async function valuesOf(
  platform: Platform,
  workspaceId: string,
  condition: Condition,
  { labels, firedAt }: { readonly labels: Labels; readonly firedAt: Date },
): Promise<History['values']> {
  if (condition.kind === 'signal') {
    const { monitor, signal, metric, where } = condition
    const asked = { signal, metric, where, windows: windowsTold }
    const all = await windowsOf(platform, workspaceId, monitor === undefined ? asked : { ...asked, monitor })
    const own = all.find((series) =>
      Object.entries(series.labels).every(([name, value]) => labels[name] === value),
    )
    return ((own ?? all[0])?.windows ?? []).map(({ at, value }) => ({ at, value })).toReversed()
  }
  if (condition.kind === 'burn_rate' || condition.kind === 'absent') return []
  const { of, by } = condition
  const scope = await scopeOf(platform, keyOf(workspaceId), condition)
  const values: { at: Date; value: number | null }[] = []
  for (let back = windowsTold - 1; back >= 0; back--) {
    const to = firedAt.getTime() - back * of.overMs
    const window = { from: to - of.overMs, to }
    const measured = await measure(platform.series, scope, of, by, window)
    const own = measured.find((one) => by.every((label) => (labels[label] ?? '') === one.labels[label]))
    const value = own === undefined ? Number.NaN : aggregated(own, of.aggregate, of.overMs)
    values.push({ at: new Date(to), value: Number.isNaN(value) ? null : value })
  }
  return values.some(({ value }) => value !== null) ? values : []
}
