import { z } from 'zod'
import { oneOf } from '../../../kernel/resources/schema.ts'
import { confidenceParameter, labelParameters, readingParameters } from '../../outcomes/parameters.ts'

const column = z.string().min(1)
const { maturity } = labelParameters

/** What a monitor may say of a signal `fairness`. */
export const fairnessParameters = z.strictObject({
  ...readingParameters,
  ...confidenceParameter,
  maturity,
  /** Columns whose groups are to be treated alike; several in a list are their intersections. */
  sensitive_features: z.preprocess(
    (value) => (typeof value === 'string' ? [value] : value),
    z.array(z.union([column, z.array(column).min(1)])).min(1),
  ),
  /** Whether all pairs of the features are looked at too. */
  intersections: z.boolean().default(true),
  /** Groups with fewer rows are told and not judged. */
  min_group_size: z.number().int().min(1).default(30),
  /** What a group is compared with: all other rows together, or the largest group. */
  compare_with: oneOf(['rest', 'largest']).default('rest'),
})

export type FairnessParameters = z.infer<typeof fairnessParameters>

/** The features and their intersections, each once. */
export function featureSets({
  sensitive_features: asked,
  intersections,
}: FairnessParameters): readonly (readonly string[])[] {
  const sets = asked.map((one) => (typeof one === 'string' ? [one] : one))
  const single = [...new Set(sets.filter((set) => set.length === 1).flat())]
  const pairs = intersections ? single.flatMap((a, i) => single.slice(i + 1).map((b) => [a, b] as const)) : []
  const seen = new Set<string>()
  return [...sets, ...pairs].filter((set) => {
    const key = set.toSorted((a, b) => (a < b ? -1 : 1)).join('\0')
    return !seen.has(key) && seen.add(key)
  })
}
