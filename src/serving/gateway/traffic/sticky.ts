import { hash } from 'node:crypto'
import type { Weights } from './split.ts'

/**
 * The deployment that always serves this value, by weighted rendezvous hashing: each deployment draws
 * -ln(h) / weight, where h in (0, 1) is a hash of value and deployment, and the least wins. Over many values each
 * deployment gets its share; when weights change, only as many values move as the change of shares asks for, none of
 * them between deployments whose weights stayed in proportion. (Thaler and Ravishankar 1998; for the weights Schindelhauer
 * and Schomaker 2005.) Undefined where no weight is positive.
 */
export function chooseSticky(weights: Weights, value: string): string | undefined {
  let chosen: string | undefined
  let least = Infinity
  for (const [name, weight] of Object.entries(weights)) {
    if (!(weight > 0)) continue
    const drawn = -Math.log(uniform(value, name)) / weight
    if (drawn >= least) continue
    least = drawn
    chosen = name
  }
  return chosen
}

/** The first 48 bits of a SHA-256, as a number in (0, 1). */
const uniform = (value: string, name: string): number =>
  (Number.parseInt(hash('sha256', `${name}\n${value}`).slice(0, 12), 16) + 0.5) / 2 ** 48
