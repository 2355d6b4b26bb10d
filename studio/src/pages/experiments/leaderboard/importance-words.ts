import type { Importance } from '../../../../../src/tracking/trials/importance.ts'
import { percent } from '../../../words/numbers.ts'

/** A parameter of which something can be said. */
export type Rated = Extract<Importance, { readonly share: number }>

/** Where a parameter's better values are, as far as the trials tell. */
export function verdictOf({ share, correlation }: Rated, chance: number, direction: 1 | -1): string {
  if (share <= chance) return 'not told from chance'
  if (correlation === undefined) return 'its values differ'
  const { rho, lower, upper } = correlation
  const told = `(ρ ${rho < 0 ? '−' : '+'}${Math.abs(rho).toFixed(2)})`
  if (lower <= 0 && upper >= 0) return `neither end is better ${told}`
  return `${Math.sign(rho) === direction ? 'higher' : 'lower'} is better ${told}`
}

/** What is to be seen, in a sentence. */
export function conclusionOf(rated: readonly Rated[], chance: number): string {
  const [first] = rated
  const above = rated.filter(({ share }) => share > chance)
  if (first === undefined || above.length === 0) return 'No parameter tells more than chance would.'
  const about = `${first.name} tells most: ${percent(first.share, 0)} (${percent(first.lower, 0)} to ${percent(first.upper, 0)})`
  return `${about}. ${above.length} of ${rated.length} tell${above.length === 1 ? 's' : ''} more than chance would.`
}
