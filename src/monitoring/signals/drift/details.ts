import type { Json } from '../../../kernel/resources/resource.ts'
import type { CommonColumns } from './common-columns.ts'
import { chanceOf } from './chance.ts'
import type { DriftFound } from './judge-drift.ts'
import type { FeatureDrift, Measured } from './measure.ts'
import { driftMetrics } from './metrics.ts'

/** Features whose distributions are told in full; of more, those that have moved farthest. */
const mostDrawn = 200
/** Segments whose distributions are told: for more the numbers have to do. */
const mostSegments = 20

/**
 * What charts and drill-downs of drift need: of each feature every distance with what it would be by chance, and both
 * distributions over the same bins. Of bounded size, and no rows.
 */
export function driftDetails(
  measured: Measured,
  { missing, fresh }: CommonColumns,
  segments: readonly DriftFound[],
): Json {
  return {
    rows: {
      reference: measured.reference.rows,
      production: measured.production.rows,
      complete: { reference: measured.reference.complete, production: measured.production.complete },
    },
    missing_columns: missing.map(({ name, reason }) => ({ name, reason })),
    new_columns: [...fresh],
    features: farthest(measured.features).map((feature) => featureDetails(feature)),
    ...(segments.length === 0
      ? {}
      : {
          segments: segments.slice(0, mostSegments).map(({ segment, features }) => ({
            segment: segment ?? {},
            features: farthest(features).map((feature) => featureDetails(feature)),
          })),
        }),
  }
}

/** The features that have moved farthest, in their own order. */
function farthest(features: readonly FeatureDrift[]): readonly FeatureDrift[] {
  if (features.length <= mostDrawn) return features
  const distance = ({ drift }: FeatureDrift) => drift?.distances.jensenShannonDistance ?? 0
  const chosen = new Set(features.toSorted((a, b) => distance(b) - distance(a)).slice(0, mostDrawn))
  return features.filter((feature) => chosen.has(feature))
}

function featureDetails(feature: FeatureDrift): Json {
  const { column, rows, missing, drift, reason } = feature
  return {
    feature: column.name,
    kind: column.kind,
    type: column.types.production,
    rows,
    missing,
    ...(reason === undefined ? {} : { reason }),
    ...(drift === undefined ? {} : { metrics: metricsOf(feature), distribution: distributionOf(drift) }),
  }
}

function metricsOf(feature: FeatureDrift): Json {
  const own = driftMetrics.filter(({ group }) => group === feature.column.kind)
  return Object.fromEntries(
    own.map((metric) => {
      const value = metric.value(feature)
      const chance = chanceOf(metric.name, feature)
      return [
        metric.name,
        { value: Number.isFinite(value) ? value : null, ...(chance === undefined ? {} : { chance }) },
      ]
    }),
  )
}

function distributionOf(drift: NonNullable<FeatureDrift['drift']>): Json {
  const { reference, production } = drift
  return drift.kind === 'numerical'
    ? { edges: drift.edges, reference, production }
    : {
        categories: drift.categories,
        reference,
        production,
        others: drift.others,
        unseen: drift.unseen,
        gone: drift.gone,
      }
}
