import { mulberry32 } from '../../../statistics/random/generator.ts'

/** Who is asked. */
export type Arm = 'candidate' | 'champion'

/** One request to come. */
export interface Due {
  /** Milliseconds from the beginning. */
  readonly at: number
  readonly arm: Arm
  /** Place of its body. */
  readonly body: number
  readonly isWarmUp: boolean
}

export interface Schedule {
  readonly rate: number
  /** Of each arm. */
  readonly durationMs: number
  readonly warmUpMs: number
  readonly arrival: 'poisson' | 'constant'
  readonly arms: readonly Arm[]
  /** How many bodies there are; they are sent in turn. */
  readonly bodies: number
  readonly seed: number
}

/**
 * When each request is to be sent, decided before the first one is: exactly as many as rate and duration make. Two arms
 * take turns as A B B A, so that what slows the machine down for a while, or more and more, meets both.
 */
export function scheduleOf(of: Schedule): readonly Due[] {
  const random = mulberry32(of.seed)
  const turns: readonly Arm[] =
    of.arms.length < 2 ? of.arms : ['candidate', 'champion', 'champion', 'candidate']
  const turnMs = (of.durationMs * of.arms.length) / turns.length
  /** Of a Poisson process of which the number of arrivals is known, those are uniform. */
  const times = (from: number, ms: number): readonly number[] => {
    const count = Math.round((of.rate * ms) / 1000)
    const places = Array.from({ length: count }, (_, i) => (of.arrival === 'constant' ? i / count : random()))
    return places.toSorted((a, b) => a - b).map((place) => from + place * ms)
  }
  const sent: Record<Arm, number> = { candidate: 0, champion: 0 }
  const due = (at: number, arm: Arm, isWarmUp: boolean): Due => ({
    at,
    arm,
    body: sent[arm]++ % of.bodies,
    isWarmUp,
  })
  const warmUp = times(0, of.warmUpMs).map((at, i) =>
    due(at, of.arms[i % of.arms.length] ?? 'candidate', true),
  )
  // Each arm's own requests begin with the first body, so that both answer the same.
  Object.assign(sent, { candidate: 0, champion: 0 })
  const measured = turns.flatMap((arm, i) =>
    times(of.warmUpMs + i * turnMs, turnMs).map((at) => due(at, arm, false)),
  )
  return [...warmUp, ...measured]
}
