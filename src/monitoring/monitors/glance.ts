import { UserError } from '../../kernel/errors.ts'
import type { Platform } from '../../kernel/platform.ts'
import { findJudgedValues, type WindowValue } from '../../store/monitor-rows.ts'
import type { SignalValue } from '../results/result.ts'
import { excess } from '../results/verdict.ts'
import type { MonitorRun } from '../runs/run.ts'
import type { DataSource } from './monitor.ts'
import { monitorOf } from './read/read.ts'

/** The feature that is farthest beyond its threshold, and by which value of which signal. */
export interface WorstFeature {
  readonly feature: string
  readonly signal: string
  readonly metric: string
}

interface Glance {
  readonly features: { readonly judged: number; readonly breached: number; readonly worst?: WorstFeature }
  readonly labels?: { readonly share: number; readonly lagMs?: number }
}

/** What performance tells of labels: how many there are, and how late they come. */
const [labelled, lag] = ['labelled', 'label_lag_p95']

/** What the latest window found, by features rather than by values; nothing of a monitor without one. */
export async function foundBy({ store }: Platform, run: MonitorRun | undefined): Promise<Glance> {
  if (run === undefined) return { features: { judged: 0, breached: 0 } }
  const { monitor, at } = run.properties
  const values = await findJudgedValues(store.db, {
    scope: run.scope,
    monitor,
    at: Date.parse(at),
    also: [labelled, lag],
  })
  const judged = values.filter(({ feature, breached }) => feature !== '' && breached !== null)
  const beyond = judged.filter(({ breached }) => breached === 1)
  const [worst] = beyond.toSorted((a, b) => excess(valueOf(b)) - excess(valueOf(a)))
  const share = values.find(({ metric }) => metric === labelled)?.value
  const seconds = values.find(({ metric }) => metric === lag)?.value
  const different = (of: readonly WindowValue[]) => new Set(of.map(({ feature }) => feature)).size
  return {
    features: {
      judged: different(judged),
      breached: different(beyond),
      ...(worst === undefined
        ? {}
        : { worst: { feature: worst.feature, signal: worst.signal, metric: worst.metric } }),
    },
    ...(share === undefined || share === null
      ? {}
      : { labels: { share, ...(typeof seconds === 'number' ? { lagMs: seconds * 1000 } : {}) } }),
  }
}

const valueOf = ({ metric, value, n, ...limits }: WindowValue): SignalValue => ({
  metric,
  value,
  n,
  threshold: {
    ...(limits.threshold_lower === null ? {} : { lower: limits.threshold_lower }),
    ...(limits.threshold_upper === null ? {} : { upper: limits.threshold_upper }),
    from: 'constant',
  },
})

/** What a run held production against, each once; nothing of a definition that cannot be read any more. */
export function referencesOf({ properties }: MonitorRun): readonly string[] {
  const { definition, monitor: name, periodMs, at } = properties
  try {
    const { signals } = monitorOf(definition, { name, periodMs, at: new Date(at) })
    return [
      ...new Set(signals.flatMap(({ reference }) => (reference === undefined ? [] : [inWords(reference)]))),
    ]
  } catch (error) {
    if (error instanceof UserError) return []
    throw error
  }
}

/** `flights-train:1`, `flights@latest` or the last word of a path; else what was collected before. */
function inWords({ uri, context }: DataSource): string {
  if (uri === undefined) return context === 'training' ? 'training data' : 'production before'
  const [, asset, version] = /\/data\/([^/]+)\/versions\/([^/]+)\/?$/i.exec(uri) ?? []
  if (asset !== undefined && version !== undefined) return `${asset}:${version}`
  const plain = uri.replace(/^azureml:(?!\/)/, '').replace(/\/$/, '')
  return plain.split('/').at(-1) ?? plain
}
