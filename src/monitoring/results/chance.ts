import { isMap } from '../../kernel/grammar/place.ts'
import type { Platform } from '../../kernel/platform.ts'
import { childId } from '../../kernel/resources/arm-id.ts'
import type { Json } from '../../kernel/resources/resource.ts'
import { stableJson } from '../../kernel/resources/row.ts'
import { asRun, runNameOf } from '../runs/run.ts'
import { readDetails } from './details.ts'
import type { ResultSeries } from './results.ts'

/** What a distance is between rows of one distribution in a window's numbers: its mean, and what one window in a thousand exceeds. */
export interface ChanceBand {
  readonly mean: number
  readonly q999: number
}

/** Tells the band of a value of a series in the window that ends at a time; undefined where its signal has none. */
export type Chances = (series: ResultSeries, at: Date) => ChanceBand | undefined

interface Kept {
  readonly feature?: string
  readonly metrics?: Readonly<Record<string, { readonly chance?: ChanceBand }>>
}

/** Reads what signals of drift kept of chance beside their distances, for the windows of these series. */
export async function chancesOf(
  platform: Platform,
  workspaceId: string,
  all: readonly ResultSeries[],
): Promise<Chances> {
  const wanted = new Map<string, { monitor: string; signal: string; at: Date }>()
  for (const { monitor, signal, windows } of all)
    for (const { at, value } of windows)
      if (value !== null) wanted.set(keyOf(monitor, signal, at), { monitor, signal, at })
  const found = new Map(
    await Promise.all(
      [...wanted].map(async ([key, of]) => [key, bands(await detailsOf(platform, workspaceId, of))] as const),
    ),
  )
  return ({ monitor, signal, feature, segment, metric }, at) =>
    found.get(keyOf(monitor, signal, at))?.get(stableJson({ feature, segment: segment ?? {} }))?.metrics?.[
      metric
    ]?.chance
}

const keyOf = (monitor: string, signal: string, at: Date) => `${runNameOf(monitor, at)}\n${signal}`

async function detailsOf(
  platform: Platform,
  workspaceId: string,
  { monitor, signal, at }: { readonly monitor: string; readonly signal: string; readonly at: Date },
): Promise<Json | undefined> {
  const id = childId(workspaceId, 'providers', 'Twinloop', 'monitorRuns', runNameOf(monitor, at))
  const resource = await platform.resources.find(id)
  if (resource === undefined) return undefined
  const run = asRun(resource)
  const path = run.status.signals.find(({ name }) => name === signal)?.details
  return path === undefined ? undefined : readDetails(platform, run, path)
}

/** What was kept of each feature, of all rows and of each segment. */
function bands(details: Json | undefined): ReadonlyMap<string, Kept> {
  const parts = [
    { segment: {}, features: details?.['features'] },
    ...(Array.isArray(details?.['segments']) ? (details['segments'] as readonly Json[]) : []),
  ]
  return new Map(
    parts.flatMap(({ segment, features }) =>
      (Array.isArray(features) ? (features as readonly unknown[]) : [])
        .filter(isMap)
        .map((kept) => [stableJson({ feature: kept['feature'], segment }), kept as Kept] as const),
    ),
  )
}
