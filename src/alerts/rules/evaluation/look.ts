import type { Actor } from '../../../kernel/access/access.ts'
import { tellable } from '../../../kernel/errors.ts'
import type { Platform } from '../../../kernel/platform.ts'
import type { Resource } from '../../../kernel/resources/resource.ts'
import { windowsOf } from '../../../monitoring/results/results.ts'
import { ask } from '../conditions/conditions.ts'
import type { AlertRule, Condition } from '../rule.ts'
import type { RuleStatus } from '../stored.ts'
import { askSignal, windowsRead } from './signals.ts'
import type { Looked } from './state.ts'

/** Looks whether a rule's condition is true now, under the rights of who wrote it. What keeps it from looking is in the answer. */
export async function look(
  platform: Platform,
  resource: Resource,
  rule: AlertRule,
  now: number,
): Promise<Looked> {
  const { condition } = rule
  try {
    if (condition.kind === 'signal') {
      const { monitor, signal, metric, where } = condition
      const asked = { signal, metric, where, windows: windowsRead(condition) }
      const found = await windowsOf(
        platform,
        resource.scope,
        monitor === undefined ? asked : { ...asked, monitor },
      )
      return askSignal(condition, found)
    }
    const scope = await scopeOf(platform, resource.scope, condition)
    if (scope === '') await requireInstallation(platform, (resource.status as RuleStatus).owner)
    return await ask(platform.series, scope, condition, now)
  } catch (error) {
    const told = tellable(error)
    if (told === undefined)
      platform.log.error('an alert rule could not be looked at', { rule: resource.id, error })
    return { error: told?.message ?? (error as Error).message }
  }
}

/** Metrics that a condition is about, the one that it counts by first. */
export const metricsOf = (condition: Exclude<Condition, { readonly kind: 'signal' }>): readonly string[] =>
  condition.kind === 'burn_rate'
    ? [condition.all.metric, condition.bad.metric]
    : condition.kind === 'threshold' && condition.per !== undefined
      ? [condition.per.metric, condition.of.metric]
      : [condition.of.metric]

/**
 * Where a condition's series are: in the workspace, if it was ever measured there; otherwise in the installation ('', what is
 * about the machine), if it was measured there; otherwise in the workspace to be.
 */
export async function scopeOf(
  platform: Platform,
  workspaceKey: string,
  condition: Exclude<Condition, { readonly kind: 'signal' }>,
): Promise<string> {
  const [metric = ''] = metricsOf(condition)
  const isIn = async (scope: string) =>
    (await platform.series.described(scope)).some(({ name }) => name === metric)
  return (await isIn(workspaceKey)) || !(await isIn('')) ? workspaceKey : ''
}

/** What is measured of the machine is of everybody's workspaces: whoever looks at it may read the installation's metrics. */
export const requireInstallation = (platform: Platform, actor: Actor): Promise<void> =>
  platform.access.require(actor, 'Twinloop/metrics/read', '')
