import type { Release } from '../../../api/releases.ts'
import { namesIn } from '../../../api/resource.ts'
import type { TimeMark } from '../../../parts/chart/time-option.ts'

const ends: Readonly<Record<string, string>> = {
  succeeded: '✓',
  rolled_back: '↩',
  failed: '✗',
}

/**
 * When releases changed who answers at an endpoint: the first request that a canary got, and how it ended. Oldest first.
 */
export function releaseMarks(releases: readonly Release[], endpoint: string): readonly TimeMark[] {
  return releases
    .flatMap(({ id, name, properties: { stages, plan } }) =>
      stages.flatMap(({ name: stage, delivery }) => {
        const planned = plan?.stages.find((one) => one.name === stage)
        if (planned?.deliver?.online !== endpoint || delivery === undefined) return []
        const label = `${namesIn(id)[1] ?? ''}/${name}`
        const [first] = delivery.looks ?? []
        const { end } = delivery.working ?? {}
        return [
          ...(first === undefined ? [] : [{ at: Date.parse(first.at), name: `${label} canary` }]),
          ...(end === undefined
            ? []
            : [{ at: end.at, name: `${label} ${ends[end.outcome] ?? end.outcome}` }]),
        ]
      }),
    )
    .sort((a, b) => a.at - b.at)
}
