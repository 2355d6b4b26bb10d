import type { Described } from '../../../../../../src/cli/yaml/describe.ts'

/**
 * The thresholds that a kind of signal has by default, as a file says them: those of each group, or of all. Empty for
 * kinds whose metrics have none.
 */
export function standardThresholds(described: readonly Described[]): {
  readonly metric_thresholds?: Readonly<Record<string, unknown>>
} {
  const fields = described.flatMap((one) => [...one.fields])
  const field = fields.find(([name]) => name === 'metric_thresholds')?.[1]
  const groups = field?.is(undefined).flatMap((one) => [...one.fields]) ?? []
  const standard = groups.flatMap(([name, { is }]): readonly (readonly [string, unknown])[] => {
    const [one] = is(undefined)
    if (one?.default !== undefined) return [[name, one.default]]
    const inner = [...(one?.fields ?? [])].flatMap(([metric, { is }]) => {
      const standard = is(undefined)[0]?.default
      return standard === undefined ? [] : [[metric, standard] as const]
    })
    return inner.length === 0 ? [] : [[name, Object.fromEntries(inner)]]
  })
  return standard.length === 0 ? {} : { metric_thresholds: Object.fromEntries(standard) }
}
