import type { Json } from '../../../kernel/resources/resource.ts'
import type { Segment } from '../segments.ts'
import type { Measured, MeasuredSegment } from './measured.ts'

/** Measures as JSON, which has no NaN and no infinities. */
export const stored = (segments: readonly MeasuredSegment[]): Json => ({
  segments: segments.map(({ segment, metrics }) => ({
    ...(segment === undefined ? {} : { segment }),
    metrics: Object.fromEntries(
      [...metrics].map(([name, measured]) => [
        name,
        {
          ...measured,
          value: finite(measured.value),
          lower: finite(measured.lower),
          upper: finite(measured.upper),
        },
      ]),
    ),
  })),
})

export const restored = (json: Json): readonly MeasuredSegment[] =>
  (json['segments'] as readonly StoredSegment[]).map(({ segment, metrics }) => ({
    segment,
    metrics: new Map(
      Object.entries(metrics).map(([name, measured]) => [
        name,
        {
          ...measured,
          value: measured.value ?? Number.NaN,
          lower: measured.lower ?? Number.NaN,
          upper: measured.upper ?? Number.NaN,
        },
      ]),
    ),
  }))

interface StoredSegment {
  readonly segment?: Segment
  readonly metrics: Readonly<
    Record<
      string,
      Omit<Measured, 'value' | 'lower' | 'upper'> & Record<'value' | 'lower' | 'upper', number | null>
    >
  >
}

/** The value, or null of what JSON cannot say. */
export const finite = (value: number): number | null => (Number.isFinite(value) ? value : null)
