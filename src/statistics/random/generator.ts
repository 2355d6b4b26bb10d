/** A source of uniform numbers in [0, 1). */
export type Random = () => number

/**
 * The generator mulberry32 (Ettinger 2017): the same seed gives the same numbers on every machine, which makes a gate's
 * interval repeatable from its report. 2³² numbers; not for secrets.
 */
export function mulberry32(seed: number): Random {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}
