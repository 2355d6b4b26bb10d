import type { Platform } from '../../kernel/platform.ts'
import { nearest } from '../../kernel/nearest.ts'
import type { Json } from '../../kernel/resources/resource.ts'
import { readMonitor } from '../../monitoring/monitors/read/read.ts'
import type { PlannedSignal } from '../../monitoring/monitors/monitor.ts'
import { resultsOf } from '../../monitoring/results/results.ts'
import { signalOf, signals } from '../../monitoring/signals/signals.ts'
import type { Condition } from './rule.ts'
import type { Finding } from './references.ts'

type OfSignal = Extract<Condition, { readonly kind: 'signal' }>

/** A monitor's name and the signals that it computes. */
interface Known {
  readonly monitor: string
  readonly signals: readonly PlannedSignal[]
}

/**
 * What a condition on a signal names and there is not: a monitor, a signal, a metric that signals of its kind never have, a
 * feature that it does not look at. A kind that no monitor has yet is a warning: the monitor may come.
 */
export async function checkSignal(
  platform: Platform,
  workspaceId: string,
  condition: OfSignal,
): Promise<readonly Finding[]> {
  const all = await monitorsOf(platform, workspaceId)
  const { monitor, signal } = condition
  const named = monitor === undefined ? all : all.filter((one) => sameWord(one.monitor, monitor))
  if (monitor !== undefined && named.length === 0)
    return [
      {
        path: ['when', 'monitor'],
        message: `there is no monitor '${monitor}'${hint(
          monitor,
          all.map((one) => one.monitor),
        )}`,
      },
    ]
  const planned = named.flatMap((one) =>
    one.signals.filter(({ name, kind }) => name === signal || sameKind(kind, signal)),
  )
  if (planned.length === 0) return [missingSignal(condition, named)]
  return [
    ...(await checkMetric(platform, workspaceId, condition, planned)),
    ...checkFeature(condition, planned),
  ]
}

async function monitorsOf(platform: Platform, workspaceId: string): Promise<readonly Known[]> {
  const schedules = await platform.resources.list({
    type: 'workspaces/schedules',
    parent: workspaceId,
    top: 100_000,
  })
  return schedules.flatMap(({ name, properties }) => {
    const { monitorDefinition } = (properties['action'] ?? {}) as { readonly monitorDefinition?: Json }
    if (monitorDefinition === undefined) return []
    const facts = { name, periodMs: 0, at: platform.clock() }
    return [{ monitor: name, signals: readMonitor(monitorDefinition, facts).monitor.signals }]
  })
}

function missingSignal({ monitor, signal }: OfSignal, named: readonly Known[]): Finding {
  const path = ['when', 'signal']
  const names = named.flatMap((one) => one.signals.flatMap(({ name, kind }) => [name, kind]))
  if (monitor !== undefined)
    return { path, message: `monitor '${monitor}' has no signal '${signal}'${hint(signal, names)}` }
  if (signalOf(signal) !== undefined)
    return { path, message: `no monitor has a signal ${signal} yet`, isWarning: true }
  const known = [...names, ...signals.map(({ kind }) => kind)]
  return { path, message: `there is no signal '${signal}'${hint(signal, known)}` }
}

async function checkMetric(
  platform: Platform,
  workspaceId: string,
  { signal, metric }: OfSignal,
  planned: readonly PlannedSignal[],
): Promise<readonly Finding[]> {
  const kinds = [...new Set(planned.map(({ kind }) => kind))]
  // What a custom signal computes, its component alone knows.
  if (kinds.includes('custom')) return []
  const known = kinds.flatMap((kind) => signalOf(kind)?.metrics.map(({ name }) => name) ?? [])
  if (known.length === 0 || known.includes(metric)) return []
  if ((await resultsOf(platform, workspaceId, { signal, metric, windows: 1 })).length > 0) return []
  return [{ path: ['when', 'metric'], message: `${signal} has no metric '${metric}'${hint(metric, known)}` }]
}

function checkFeature({ where }: OfSignal, planned: readonly PlannedSignal[]): readonly Finding[] {
  const feature = where['feature']
  const names = planned.flatMap(({ features }): readonly (string | undefined)[] =>
    'names' in features ? features.names : [undefined],
  )
  // A signal that looks at all features, or the most important ones, may look at this one.
  if (feature === undefined || names.includes(undefined) || names.includes(feature)) return []
  const known = names.filter((name) => name !== undefined)
  return [
    {
      path: ['when', 'feature'],
      message: `no signal that is meant looks at feature '${feature}'${hint(feature, known)}`,
    },
  ]
}

const hint = (word: string, known: readonly string[]): string => {
  const near = nearest(word, known)
  if (near !== undefined) return `; did you mean ${near}?`
  return known.length === 0
    ? ''
    : `; there ${known.length === 1 ? 'is' : 'are'} ${[...new Set(known)].slice(0, 10).join(', ')}`
}

const plain = (word: string) => word.replaceAll(/[_-]/g, '').toLowerCase()
const sameWord = (a: string, b: string) => a.toLowerCase() === b.toLowerCase()
const sameKind = (a: string, b: string) => plain(a) === plain(b)
