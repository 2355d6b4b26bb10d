import { isMap } from '../../kernel/grammar/place.ts'
import type { Json } from '../../kernel/resources/resource.ts'
import { stableJson } from '../../kernel/resources/row.ts'
import type { Segment } from '../outcomes/segments.ts'
import type { Distribution } from './distribution.ts'

/** What `signals/drift/details.ts` keeps of a feature. */
interface KeptFeature {
  readonly feature: string
  readonly kind: Distribution['kind']
  readonly rows: { readonly reference: number; readonly production: number }
  readonly missing: { readonly reference: number; readonly production: number }
  readonly distribution?: {
    readonly edges?: readonly number[]
    readonly categories?: readonly string[]
    readonly reference: readonly number[]
    readonly production: readonly number[]
    readonly others?: NonNullable<Distribution['others']>
    readonly unseen?: NonNullable<Distribution['unseen']>
  }
}

/**
 * A feature's distributions as its run kept them, for when its rows have gone: over the bins of the distance, which span
 * both sides, and of the rows that it was measured of. Undefined where nothing was kept.
 */
export function keptDistribution(
  details: Json | undefined,
  feature: string,
  segment: Segment = {},
): Distribution | undefined {
  const found = featuresIn(details, segment).find((one) => one.feature === feature)
  if (found?.distribution === undefined) return undefined
  const { rows, missing, kind, distribution } = found
  const side = (of: 'reference' | 'production') => ({
    rows: rows[of] + missing[of],
    n: rows[of],
    missing: missing[of],
  })
  const base = { feature, kind, reference: side('reference'), production: side('production') }
  const { edges, categories, reference, production, others, unseen } = distribution
  if (edges !== undefined)
    return { ...base, bins: { edges, reference: [0, ...reference, 0], production: [0, ...production, 0] } }
  return {
    ...base,
    categories: (categories ?? []).map((name, i) => ({
      name,
      reference: reference[i] ?? 0,
      production: production[i] ?? 0,
    })),
    ...(others === undefined ? {} : { others }),
    ...(unseen === undefined ? {} : { unseen }),
  }
}

function featuresIn(details: Json | undefined, segment: Segment): readonly KeptFeature[] {
  const features = (of: unknown) =>
    isMap(of) && Array.isArray(of['features']) ? (of['features'] as readonly KeptFeature[]) : []
  if (Object.keys(segment).length === 0) return features(details)
  const parts = details?.['segments']
  if (!Array.isArray(parts)) return []
  const wanted = stableJson(segment)
  return features(
    (parts as readonly Json[]).find(
      (part) => isMap(part['segment']) && stableJson(part['segment']) === wanted,
    ),
  )
}
