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
 * When each request is to be sent, decided before the first one is. Two arms take turns as A B B A, so that what slows
 * the machine down for a while, or more and more, meets both.
 */
export function scheduleOf(of: Schedule): readonly Due[] {
  const random = mulberry32(of.seed)
  const gap = 1000 / of.rate
  const turns: readonly Arm[] =
    of.arms.length < 2 ? of.arms : ['candidate', 'champion', 'champion', 'candidate']
  const turnMs = (of.durationMs * of.arms.length) / turns.length
  const next = (at: number) => at + (of.arrival === 'constant' ? gap : -Math.log(1 - random()) * gap)
  const due: Due[] = []
  const sent: Record<Arm, number> = { candidate: 0, champion: 0 }
  const add = (at: number, arm: Arm, isWarmUp: boolean) =>
    due.push({ at, arm, body: sent[arm]++ % of.bodies, isWarmUp })
  // Each arm's own requests begin with the first body, so that both answer the same.
  for (let at = 0, i = 0; at < of.warmUpMs; at = next(at), i++)
    add(at, of.arms[i % of.arms.length] ?? 'candidate', true)
  Object.assign(sent, { candidate: 0, champion: 0 })
  for (const [i, arm] of turns.entries()) {
    const [from, to] = [of.warmUpMs + i * turnMs, of.warmUpMs + (i + 1) * turnMs]
    for (let at = of.arrival === 'constant' ? from : next(from); at < to; at = next(at)) add(at, arm, false)
  }
  return due
}
