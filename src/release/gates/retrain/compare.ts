import type { Measure } from '../gate.ts'
import { betterBy } from './better.ts'
import type { RetrainParameters } from './parameters.ts'

export type Metrics = Readonly<Record<string, number>>

/**
 * Each metric of the candidate's training beside that of the retrained model. Those that the plan names are judged, or
 * else all that both have and of which it is known which way is better; the others are told.
 */
export function compareMetrics(
  candidate: Metrics,
  retrained: Metrics,
  { metrics: named, tolerance }: RetrainParameters,
): readonly Measure[] {
  const names = new Set([...Object.keys(named ?? {}), ...Object.keys(candidate)])
  return [...names].flatMap((name): readonly Measure[] => {
    const [was, is] = [candidate[name], retrained[name]]
    const asked = named?.[name]
    if (was === undefined || is === undefined) {
      if (asked === undefined) return []
      const whose = was === undefined ? "the candidate's training" : 'the retraining'
      return [
        { name, of: 'difference', estimate: null, verdict: 'inconclusive', note: `${whose} logged none` },
      ]
    }
    const better = asked?.better ?? betterBy(name)
    const isJudged = named === undefined ? better !== undefined : asked !== undefined
    const most = asked?.tolerance ?? tolerance
    const change = is - was
    const worse = better === 'higher' ? -change : better === 'lower' ? change : Math.abs(change)
    const isWorse = worse > most * Math.abs(was)
    const unknown = Number.isNaN(worse)
    return [
      {
        name,
        of: 'difference',
        estimate: Number.isFinite(change) ? change : null,
        note: `candidate ${was}, retrained ${is}`,
        ...(isJudged
          ? {
              limit: `not ${better === undefined ? 'other' : 'worse'} by more than ${most * 100} % of ${was}`,
              verdict: unknown ? ('inconclusive' as const) : isWorse ? ('fail' as const) : ('pass' as const),
            }
          : {}),
      },
    ]
  })
}
