import { drawPoisson } from '../random/draws.ts'
import type { Random } from '../random/generator.ts'

/**
 * One replicate: says of each unit (a row, a cluster, a period of time) how often it is in it. The array is the
 * caller's and is overwritten.
 */
export type Scheme = (random: Random, times: Float64Array) => void

/** As many units as there are, with replacement: Efron's bootstrap. */
export const multinomial: Scheme = (random, times) => {
  times.fill(0)
  for (let i = 0; i < times.length; i++) {
    const unit = Math.floor(random() * times.length)
    times[unit] = (times[unit] ?? 0) + 1
  }
}

/** Each unit a Poisson number of times with mean 1: parts of the data may be drawn apart (Chamandy et al. 2012). */
export const poisson: Scheme = (random, times) => {
  for (let i = 0; i < times.length; i++) times[i] = drawPoisson(random, 1)
}

/** With replacement within each stratum, so that its size stays; `strata` is the code of each unit's. */
export function stratified(strata: ArrayLike<number>): Scheme {
  const members = new Map<number, number[]>()
  for (let i = 0; i < strata.length; i++) {
    const stratum = strata[i] ?? 0
    members.set(stratum, [...(members.get(stratum) ?? []), i])
  }
  return (random, times) => {
    times.fill(0)
    for (const units of members.values())
      for (let i = 0; i < units.length; i++) {
        const unit = units[Math.floor(random() * units.length)] ?? 0
        times[unit] = (times[unit] ?? 0) + 1
      }
  }
}

/** Blocks of consecutive units, wherever they begin, until there are as many as before (Künsch 1989). */
export function movingBlocks(length: number): Scheme {
  return (random, times) => {
    times.fill(0)
    const size = Math.min(length, times.length)
    for (let drawn = 0; drawn < times.length;) {
      const start = Math.floor(random() * (times.length - size + 1))
      for (let i = start; i < start + size && drawn < times.length; i++, drawn++)
        times[i] = (times[i] ?? 0) + 1
    }
  }
}

/** Blocks of geometric length around a circle (Politis & Romano 1994): the replicates are stationary. */
export function stationaryBlocks(meanLength: number): Scheme {
  return (random, times) => {
    times.fill(0)
    let at = 0
    for (let drawn = 0; drawn < times.length; drawn++) {
      const anew = drawn === 0 || random() < 1 / meanLength
      at = anew ? Math.floor(random() * times.length) : (at + 1) % times.length
      times[at] = (times[at] ?? 0) + 1
    }
  }
}

/** Length of blocks for n periods: `⌈n^⅓⌉`, and no shorter than what one label takes to come. */
export const blockLength = (periods: number, horizon = 1): number =>
  Math.max(Math.ceil(Math.cbrt(periods)), horizon)
